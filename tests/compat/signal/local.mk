# tests of compat/signal
check_PROGRAMS += \
	tests/compat/signal/check_altstack \
	tests/compat/signal/check_eintr \
	tests/compat/signal/check_eintr_connect \
	tests/compat/signal/check_eintr_fd \
	tests/compat/signal/check_eintr_process \
	tests/compat/signal/check_eintr_socket \
	tests/compat/signal/check_eintr_wait \
	tests/compat/signal/check_fault \
	tests/compat/signal/check_fault_end \
	tests/compat/signal/check_fault_state \
	tests/compat/signal/check_kill \
	tests/compat/signal/check_preempt \
	tests/compat/signal/check_preempt_state \
	tests/compat/signal/check_sigaction \
	tests/compat/signal/check_signal_action \
	tests/compat/signal/check_signal_map \
	tests/compat/signal/check_signal_numbers \
	tests/compat/signal/check_signal_pending \
	tests/compat/signal/check_signal_process \
	tests/compat/signal/check_signal_queue \
	tests/compat/signal/check_signal_stress \
	tests/compat/signal/check_signalfd \
	tests/compat/signal/check_sigmask \
	tests/compat/signal/check_sysv \
	tests/compat/signal/check_wake
tests_compat_signal_check_eintr_SOURCES = tests/compat/signal/check_eintr.c
EINTR = tests/compat/signal/eintr.c tests/compat/signal/eintr.h
tests_compat_signal_check_eintr_connect_SOURCES = $(EINTR) \
	tests/compat/signal/check_eintr_connect.c $(net_helpers)
tests_compat_signal_check_eintr_connect_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_signal_check_eintr_fd_SOURCES = $(EINTR) \
	tests/compat/signal/check_eintr_fd.c
tests_compat_signal_check_eintr_process_SOURCES = $(EINTR) \
	tests/compat/signal/check_eintr_process.c $(KID)
tests_compat_signal_check_eintr_socket_SOURCES = $(EINTR) \
	tests/compat/signal/check_eintr_socket.c $(net_helpers)
tests_compat_signal_check_eintr_socket_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_signal_check_eintr_wait_SOURCES = $(EINTR) \
	tests/compat/signal/check_eintr_wait.c
FAULT = tests/compat/signal/fault.c tests/compat/signal/fault.h
tests_compat_signal_check_altstack_SOURCES = $(FAULT) \
	tests/compat/signal/check_altstack.c
tests_compat_signal_check_fault_SOURCES = $(FAULT) \
	tests/compat/signal/check_fault.c
tests_compat_signal_check_fault_end_SOURCES = \
	tests/compat/signal/check_fault_end.c $(FAULT) $(KID)
tests_compat_signal_check_fault_state_SOURCES = $(FAULT) \
	tests/compat/signal/check_fault_state.c
tests_compat_signal_check_kill_SOURCES = tests/compat/signal/check_kill.c \
	tests/compat/signal/target.c tests/compat/signal/target.h
INTERRUPTER = tests/compat/signal/interrupter.c \
	tests/compat/signal/interrupter.h
tests_compat_signal_check_preempt_SOURCES = $(INTERRUPTER) \
	tests/compat/signal/check_preempt.c
tests_compat_signal_check_preempt_state_SOURCES = $(INTERRUPTER) \
	tests/compat/signal/check_preempt_state.c
EXTRA_PROGRAMS += tests/compat/signal/long_preempt
long_programs += tests/compat/signal/long_preempt
tests_compat_signal_long_preempt_SOURCES = \
	$(tests_compat_signal_check_preempt_state_SOURCES)
tests_compat_signal_long_preempt_CPPFLAGS = $(AM_CPPFLAGS) \
	-DINTERRUPTIONS=1000
tests_compat_signal_check_sigaction_SOURCES = \
	tests/compat/signal/check_sigaction.c
tests_compat_signal_check_signal_action_SOURCES = \
	tests/compat/signal/check_signal_action.c
tests_compat_signal_check_signal_map_SOURCES = \
	tests/compat/signal/check_signal_map.c
tests_compat_signal_check_signal_numbers_SOURCES = \
	tests/compat/signal/check_signal_numbers.c $(KID)
tests_compat_signal_check_signal_pending_SOURCES = \
	tests/compat/signal/check_signal_pending.c
tests_compat_signal_check_signal_process_SOURCES = \
	tests/compat/signal/check_signal_process.c $(KID)
tests_compat_signal_check_signal_queue_SOURCES = \
	tests/compat/signal/check_signal_queue.c
tests_compat_signal_check_signal_stress_SOURCES = \
	tests/compat/signal/check_signal_stress.c
EXTRA_PROGRAMS += tests/compat/signal/long_signal_stress
long_programs += tests/compat/signal/long_signal_stress
tests_compat_signal_long_signal_stress_SOURCES = \
	tests/compat/signal/check_signal_stress.c
tests_compat_signal_long_signal_stress_CPPFLAGS = $(AM_CPPFLAGS) \
	-DSTRESS_SECONDS=60
tests_compat_signal_check_signalfd_SOURCES = \
	tests/compat/signal/check_signalfd.c
tests_compat_signal_check_sigmask_SOURCES = \
	tests/compat/signal/check_sigmask.c
tests_compat_signal_check_sysv_SOURCES = tests/compat/signal/check_sysv.c
tests_compat_signal_check_wake_SOURCES = tests/compat/signal/check_wake.c
if OS_NT
check_PROGRAMS += \
	tests/compat/signal/check_channel \
	tests/compat/signal/check_console \
	tests/compat/signal/check_console_drain \
	tests/compat/signal/check_fault_dll \
	tests/compat/signal/check_limits \
	tests/compat/signal/check_preempt_refused \
	tests/compat/signal/check_sig2str
tests_compat_signal_check_sig2str_SOURCES = \
	tests/compat/signal/check_sig2str.c
tests_compat_signal_check_channel_SOURCES = \
	tests/compat/signal/check_channel.c tests/compat/signal/hostile.h \
	tests/compat/signal/target.c tests/compat/signal/target.h
tests_compat_signal_check_channel_LDADD = libhostile_nt.la $(LDADD)
# It must see the platform, which a port does not.
check_LTLIBRARIES += libhostile_nt.la
libhostile_nt_la_SOURCES = tests/compat/signal/hostile_nt.c
libhostile_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
tests_compat_signal_check_fault_dll_SOURCES = $(FAULT) \
	tests/compat/signal/check_fault_dll.c tests/compat/signal/dll.h
tests_compat_signal_check_fault_dll_LDADD = libdll_nt.la $(LDADD)
check_LTLIBRARIES += libdll_nt.la
libdll_nt_la_SOURCES = tests/compat/signal/dll_nt.c
libdll_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
tests_compat_signal_check_console_SOURCES = \
	tests/compat/signal/check_console.c
tests_compat_signal_check_console_drain_SOURCES = \
	tests/compat/signal/check_console_drain.c
tests_compat_signal_check_console_drain_LDADD = libtripwire.la $(LDADD)
check_LTLIBRARIES += librefuse_nt.la
librefuse_nt_la_SOURCES = tests/compat/signal/refuse_nt.c \
	tests/compat/signal/refuse.h
librefuse_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
tests_compat_signal_check_preempt_refused_SOURCES = $(INTERRUPTER) \
	tests/compat/signal/check_preempt_refused.c
tests_compat_signal_check_preempt_refused_LDADD = librefuse_nt.la $(LDADD)
tests_compat_signal_check_limits_SOURCES = \
	tests/compat/signal/check_limits.c
endif

dist_check_SCRIPTS += \
	tests/compat/signal/console.sh \
	tests/compat/signal/default.sh

# What the scripts run; no tests by themselves.
EXTRA_PROGRAMS += \
	tests/compat/signal/end_by \
	tests/compat/signal/until_int
check_DATA += \
	tests/compat/signal/end_by$(EXEEXT) \
	tests/compat/signal/until_int$(EXEEXT)
CLEANFILES += \
	tests/compat/signal/end_by$(EXEEXT) \
	tests/compat/signal/until_int$(EXEEXT)
tests_compat_signal_end_by_SOURCES = tests/compat/signal/end_by.c
tests_compat_signal_until_int_SOURCES = tests/compat/signal/until_int.c

EXTRA_DIST += compat/signal/README.md tests/compat/signal/SENTENCES.md
native_tests += \
	tests/native/compat/signal/check_eintr_connect.native \
	tests/native/compat/signal/check_eintr_socket.native
