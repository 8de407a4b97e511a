# tests of compat/fileio
