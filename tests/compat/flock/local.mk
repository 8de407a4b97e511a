# tests of compat/flock
check_PROGRAMS += tests/compat/flock/check_flock
tests_compat_flock_check_flock_SOURCES = tests/compat/flock/check_flock.c
