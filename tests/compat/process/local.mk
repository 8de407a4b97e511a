# tests of compat/process
check_PROGRAMS += tests/compat/process/check_owner
tests_compat_process_check_owner_SOURCES = tests/compat/process/check_owner.c
if OS_NT
check_PROGRAMS += tests/compat/process/check_owner_limit
tests_compat_process_check_owner_limit_SOURCES = \
	tests/compat/process/check_owner_limit.c
endif
