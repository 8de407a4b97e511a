# tests of compat/fd
check_PROGRAMS += tests/compat/fd/check_fdtable tests/compat/fd/check_stdio
tests_compat_fd_check_fdtable_SOURCES = tests/compat/fd/check_fdtable.c
tests_compat_fd_check_stdio_SOURCES = tests/compat/fd/check_stdio.c
strict_tests += \
	tests/strict/compat/fd/check_fdtable.strict \
	tests/strict/compat/fd/check_stdio.strict
