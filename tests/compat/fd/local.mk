# tests of compat/fd
