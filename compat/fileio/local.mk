# sources of compat/fileio
