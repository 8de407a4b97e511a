# tests of compat/process
