# tests of compat/flock
flock_util = tests/compat/flock/util.c tests/compat/flock/util.h
flock_agent = tests/compat/flock/agent.c tests/compat/flock/agent.h \
	$(flock_util)
check_PROGRAMS += tests/compat/flock/check_flock \
	tests/compat/flock/check_flock_wait
tests_compat_flock_check_flock_SOURCES = tests/compat/flock/check_flock.c \
	$(flock_util)
tests_compat_flock_check_flock_wait_SOURCES = \
	tests/compat/flock/check_flock_wait.c $(flock_util)
check_PROGRAMS += tests/compat/flock/check_flock_dir
tests_compat_flock_check_flock_dir_SOURCES = \
	tests/compat/flock/check_flock_dir.c $(flock_util)
if OS_NT
check_PROGRAMS += tests/compat/flock/check_flock_fair \
	tests/compat/flock/check_mandatory \
	tests/compat/flock/check_mandatory_ask
tests_compat_flock_check_mandatory_ask_SOURCES = \
	tests/compat/flock/check_mandatory_ask.c $(flock_util)
tests_compat_flock_check_mandatory_SOURCES = \
	tests/compat/flock/check_mandatory.c $(flock_util)
tests_compat_flock_check_flock_fair_SOURCES = \
	tests/compat/flock/check_flock_fair.c $(flock_util)
endif
strict_tests += tests/strict/compat/flock/check_flock.strict \
	tests/strict/compat/flock/check_flock_fair.strict \
	tests/strict/compat/flock/check_flock_wait.strict
check_PROGRAMS += tests/compat/flock/check_record
tests_compat_flock_check_record_SOURCES = tests/compat/flock/check_record.c \
	$(flock_agent)
check_PROGRAMS += tests/compat/flock/check_table
tests_compat_flock_check_table_SOURCES = tests/compat/flock/check_table.c \
	tests/compat/flock/model.c tests/compat/flock/model.h \
	compat/flock/journal.c compat/flock/ranges.c compat/flock/table.c \
	compat/flock/waits.c
tests_compat_flock_check_table_CPPFLAGS = $(AM_CPPFLAGS)
tests_compat_flock_check_table_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=journal_note -Wl,--wrap=journal_commit
check_PROGRAMS += tests/compat/flock/check_record_model \
	tests/compat/flock/check_record_wait
tests_compat_flock_check_record_model_SOURCES = \
	tests/compat/flock/check_record_model.c \
	tests/compat/flock/model.c tests/compat/flock/model.h $(flock_agent)
tests_compat_flock_check_record_wait_SOURCES = \
	tests/compat/flock/check_record_wait.c $(flock_agent)
check_PROGRAMS += tests/compat/flock/check_record_kill
tests_compat_flock_check_record_kill_SOURCES = \
	tests/compat/flock/check_record_kill.c tests/compat/flock/need.h \
	$(flock_agent)
EXTRA_PROGRAMS += tests/compat/flock/long_record_kill
long_programs += tests/compat/flock/long_record_kill
tests_compat_flock_long_record_kill_SOURCES = \
	$(tests_compat_flock_check_record_kill_SOURCES)
tests_compat_flock_long_record_kill_CPPFLAGS = $(AM_CPPFLAGS) -DKILLS=1000
strict_tests += tests/strict/compat/flock/check_record.strict
check_PROGRAMS += tests/compat/flock/check_record_stream
tests_compat_flock_check_record_stream_SOURCES = \
	tests/compat/flock/check_record_stream.c $(flock_agent)
tests_compat_flock_check_record_stream_LDADD = libforeign.la $(LDADD)
