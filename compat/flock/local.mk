# sources of compat/flock
