# tests of compat/fd
check_PROGRAMS += tests/compat/fd/check_fdtable tests/compat/fd/check_stdio
tests_compat_fd_check_fdtable_SOURCES = tests/compat/fd/check_fdtable.c
tests_compat_fd_check_stdio_SOURCES = tests/compat/fd/check_stdio.c
strict_tests += \
	tests/strict/compat/fd/check_fdtable.strict \
	tests/strict/compat/fd/check_stdio.strict
check_PROGRAMS += tests/compat/fd/check_fdopen tests/compat/fd/check_standard
tests_compat_fd_check_fdopen_SOURCES = tests/compat/fd/check_fdopen.c \
	tests/compat/fd/util.h
tests_compat_fd_check_standard_SOURCES = tests/compat/fd/check_standard.c \
	tests/compat/fd/util.h
check_PROGRAMS += tests/compat/fd/check_many tests/compat/fd/check_fdrace
tests_compat_fd_check_many_SOURCES = tests/compat/fd/check_many.c \
	tests/compat/fd/util.h
tests_compat_fd_check_fdrace_SOURCES = tests/compat/fd/check_fdrace.c \
	tests/compat/fd/util.h
# Compiled as what knows nothing of libcompat is.
check_LTLIBRARIES += libforeign.la
libforeign_la_SOURCES = tests/compat/fd/foreign.c tests/compat/fd/foreign.h
libforeign_la_CPPFLAGS = -I$(srcdir)/tests/compat/fd
libforeign_la_CFLAGS = -std=gnu11 -O2
check_PROGRAMS += tests/compat/fd/check_foreign
tests_compat_fd_check_foreign_SOURCES = tests/compat/fd/check_foreign.c \
	tests/compat/fd/util.h
tests_compat_fd_check_foreign_LDADD = libforeign.la $(LDADD)
check_PROGRAMS += tests/compat/fd/check_kinds
tests_compat_fd_check_kinds_SOURCES = tests/compat/fd/check_kinds.c \
	tests/compat/fd/util.h
