# sources of compat/process
