# tests of compat/flock
