# sources of compat/socket
