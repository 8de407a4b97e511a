# tests of compat/fd
check_PROGRAMS += tests/compat/fd/check_fdtable
tests_compat_fd_check_fdtable_SOURCES = tests/compat/fd/check_fdtable.c
