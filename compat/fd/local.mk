# sources of compat/fd
