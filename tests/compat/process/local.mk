# tests of compat/process
check_PROGRAMS += tests/compat/process/check_owner
tests_compat_process_check_owner_SOURCES = tests/compat/process/check_owner.c
check_PROGRAMS += tests/compat/process/check_user
tests_compat_process_check_user_SOURCES = tests/compat/process/check_user.c
check_PROGRAMS += tests/compat/process/check_messages
tests_compat_process_check_messages_SOURCES = \
	tests/compat/process/check_messages.c
check_PROGRAMS += tests/compat/process/check_random
tests_compat_process_check_random_SOURCES = tests/compat/process/check_random.c
check_PROGRAMS += tests/compat/process/check_rlimit
tests_compat_process_check_rlimit_SOURCES = tests/compat/process/check_rlimit.c
if OS_NT
check_PROGRAMS += tests/compat/process/check_inherit_limit
tests_compat_process_check_inherit_limit_SOURCES = \
	tests/compat/process/check_inherit_limit.c $(KID)
tests_compat_process_check_inherit_limit_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
check_PROGRAMS += tests/compat/process/check_win32
tests_compat_process_check_win32_SOURCES = \
	tests/compat/process/check_win32.c $(KID)
tests_compat_process_check_win32_LDADD = libsupport_nt.la $(LDADD)
tests_compat_process_check_win32_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
check_PROGRAMS += tests/compat/process/check_exec_limit
tests_compat_process_check_exec_limit_SOURCES = \
	tests/compat/process/check_exec_limit.c $(KID)
check_PROGRAMS += tests/compat/process/check_group_limit
tests_compat_process_check_group_limit_SOURCES = \
	tests/compat/process/check_group_limit.c $(MEMBER) $(KID)
tests_compat_process_check_group_limit_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
check_PROGRAMS += tests/compat/process/check_fork_limit
tests_compat_process_check_fork_limit_SOURCES = \
	tests/compat/process/check_fork_limit.c
check_PROGRAMS += tests/compat/process/check_owner_limit
tests_compat_process_check_owner_limit_SOURCES = \
	tests/compat/process/check_owner_limit.c
endif
check_PROGRAMS += \
	tests/compat/process/check_spawn \
	tests/compat/process/check_spawn_attr \
	tests/compat/process/check_times \
	tests/compat/process/check_script \
	tests/compat/process/check_exit \
	tests/compat/process/check_environ \
	tests/compat/process/check_children_die \
	tests/compat/process/check_daemon \
	tests/compat/process/check_exec \
	tests/compat/process/check_exec_text \
	tests/compat/process/check_entropy \
	tests/compat/process/check_group \
	tests/compat/process/check_rusage \
	tests/compat/process/check_sigchld \
	tests/compat/process/check_exec_signal \
	tests/compat/process/check_wait \
	tests/compat/process/check_inherit \
	tests/compat/process/check_inherit_event \
	tests/compat/process/check_inherit_kinds \
	tests/compat/process/check_inherit_strays \
	tests/compat/process/check_inherit_timer \
	tests/compat/process/check_leak \
	tests/compat/process/check_survivor \
	tests/compat/process/check_pidfd \
	tests/compat/process/check_popen
tests_compat_process_check_script_SOURCES = \
	tests/compat/process/check_script.c $(KID)
tests_compat_process_check_spawn_attr_SOURCES = \
	tests/compat/process/check_spawn_attr.c $(KID)
tests_compat_process_check_times_SOURCES = \
	tests/compat/process/check_times.c $(KID)
tests_compat_process_check_exit_SOURCES = \
	tests/compat/process/check_exit.c $(KID)
tests_compat_process_check_environ_SOURCES = \
	tests/compat/process/check_environ.c $(KID)
check_PROGRAMS += tests/compat/process/check_system
tests_compat_process_check_system_SOURCES = \
	tests/compat/process/check_system.c $(KID)
check_PROGRAMS += tests/compat/process/check_prctl
tests_compat_process_check_prctl_SOURCES = \
	tests/compat/process/check_prctl.c $(KID)
check_PROGRAMS += tests/compat/process/check_priority
# The service manager gives a program seconds to start: not for a busy machine.
EXTRA_PROGRAMS += tests/compat/process/check_service
long_programs += tests/compat/process/check_service
tests_compat_process_check_group_SOURCES = \
	tests/compat/process/check_group.c $(MEMBER) $(KID)
MEMBER = tests/compat/process/member.c tests/compat/process/member.h
tests_compat_process_check_rusage_SOURCES = \
	tests/compat/process/check_rusage.c $(KID)
tests_compat_process_check_sigchld_SOURCES = \
	tests/compat/process/check_sigchld.c $(KID)
tests_compat_process_check_inherit_SOURCES = \
	tests/compat/process/check_inherit.c $(KID)
tests_compat_process_check_inherit_event_SOURCES = \
	tests/compat/process/check_inherit_event.c $(KID)
tests_compat_process_check_inherit_strays_SOURCES = \
	tests/compat/process/check_inherit_strays.c $(KID)
tests_compat_process_check_inherit_strays_LDADD = libforeign.la $(LDADD)
tests_compat_process_check_inherit_timer_SOURCES = \
	tests/compat/process/check_inherit_timer.c $(KID)
tests_compat_process_check_inherit_kinds_SOURCES = \
	tests/compat/process/check_inherit_kinds.c $(KID)
KID = tests/compat/process/kid.c tests/compat/process/kid.h \
	tests/compat/process/kid_roles.c \
	tests/compat/process/port.c tests/compat/process/port.h
tests_compat_process_check_children_die_SOURCES = \
	tests/compat/process/check_children_die.c $(KID)
tests_compat_process_check_priority_SOURCES = \
	tests/compat/process/check_priority.c $(KID)
tests_compat_process_check_service_SOURCES = \
	tests/compat/process/check_service.c \
	tests/compat/process/manager.h $(KID)
if OS_NT
check_LTLIBRARIES += libmanager_nt.la
libmanager_nt_la_SOURCES = tests/compat/process/manager_nt.c
libmanager_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
tests_compat_process_check_service_LDADD = libmanager_nt.la $(LDADD) $(NT_LIBS)
else
tests_compat_process_check_service_LDADD = $(LDADD)
tests_compat_process_check_service_SOURCES += \
	tests/compat/process/manager_posix.c
endif
tests_compat_process_check_exec_signal_SOURCES = \
	tests/compat/process/check_exec_signal.c $(KID)
tests_compat_process_check_daemon_SOURCES = \
	tests/compat/process/check_daemon.c $(KID)
tests_compat_process_check_exec_SOURCES = \
	tests/compat/process/check_exec.c $(KID)
tests_compat_process_check_exec_text_SOURCES = \
	tests/compat/process/check_exec_text.c $(KID)
tests_compat_process_check_entropy_SOURCES = \
	tests/compat/process/check_entropy.c
tests_compat_process_check_pidfd_SOURCES = \
	tests/compat/process/check_pidfd.c $(KID)
tests_compat_process_check_popen_SOURCES = \
	tests/compat/process/check_popen.c $(KID)
tests_compat_process_check_spawn_SOURCES = \
	tests/compat/process/check_spawn.c $(KID)
tests_compat_process_check_leak_SOURCES = \
	tests/compat/process/check_leak.c $(KID)
EXTRA_PROGRAMS += tests/compat/process/long_leak
long_programs += tests/compat/process/long_leak
tests_compat_process_long_leak_SOURCES = $(tests_compat_process_check_leak_SOURCES)
tests_compat_process_long_leak_CPPFLAGS = $(AM_CPPFLAGS) -DSPAWNS=1000
tests_compat_process_check_survivor_SOURCES = \
	tests/compat/process/check_survivor.c $(KID)
tests_compat_process_check_wait_SOURCES = \
	tests/compat/process/check_wait.c $(KID)

# A program of the system's own, for the tests to start: no libcompat in it.
EXTRA_PROGRAMS += tests/compat/process/plain
check_DATA += tests/compat/process/plain$(EXEEXT)
CLEANFILES += tests/compat/process/plain$(EXEEXT)
tests_compat_process_plain_CPPFLAGS =
tests_compat_process_plain_LDADD =
if OS_NT
tests_compat_process_plain_SOURCES = tests/compat/process/plain_nt.c
else
tests_compat_process_plain_SOURCES = tests/compat/process/plain_posix.c
tests_compat_process_plain_CPPFLAGS += -D_GNU_SOURCE
endif
EXTRA_DIST += tests/compat/process/plain_nt.c \
	tests/compat/process/plain_posix.c

# argv in UTF-8, as a port would have it.
argv_utf8 =
if OS_NT
argv_utf8 += programs/utf8.o
endif
tests_compat_process_check_spawn_LDADD = $(argv_utf8) $(LDADD)
tests_compat_process_check_environ_LDADD = $(argv_utf8) $(LDADD)
tests_compat_process_check_script_LDADD = $(argv_utf8) $(LDADD)

# They start themselves with an environment of their own, in which a DLL that
# is not installed would not be found; and the plain one is no libtool wrapper.
tests_compat_process_check_spawn_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_script_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_exit_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_environ_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_group_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_rusage_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_sigchld_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_inherit_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_inherit_event_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
tests_compat_process_check_inherit_strays_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
tests_compat_process_check_inherit_timer_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
tests_compat_process_check_inherit_kinds_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
tests_compat_process_check_leak_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_long_leak_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_survivor_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
tests_compat_process_check_pidfd_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_check_wait_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_process_plain_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
