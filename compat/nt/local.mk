# sources of compat/nt
