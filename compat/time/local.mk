# sources of compat/time
