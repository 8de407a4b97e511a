# sources of compat/afunix
