# tests of compat/socket
