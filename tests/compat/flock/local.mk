# tests of compat/flock
check_PROGRAMS += tests/compat/flock/check_flock \
	tests/compat/flock/check_flock_wait
tests_compat_flock_check_flock_SOURCES = tests/compat/flock/check_flock.c
tests_compat_flock_check_flock_wait_SOURCES = \
	tests/compat/flock/check_flock_wait.c
if OS_NT
check_PROGRAMS += tests/compat/flock/check_flock_fair
tests_compat_flock_check_flock_fair_SOURCES = \
	tests/compat/flock/check_flock_fair.c
endif
strict_tests += tests/strict/compat/flock/check_flock.strict \
	tests/strict/compat/flock/check_flock_fair.strict \
	tests/strict/compat/flock/check_flock_wait.strict
flock_agent = tests/compat/flock/agent.c tests/compat/flock/agent.h
check_PROGRAMS += tests/compat/flock/check_record
tests_compat_flock_check_record_SOURCES = tests/compat/flock/check_record.c \
	$(flock_agent)
