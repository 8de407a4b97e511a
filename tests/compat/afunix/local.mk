# tests of compat/afunix
