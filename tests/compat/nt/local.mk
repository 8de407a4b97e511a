# tests of compat/nt, of the drop-in headers, and of what happens when NT fails
if OS_NT
dist_check_SCRIPTS += tests/compat/nt/check_cxx.sh \
	tests/compat/nt/check_headers.sh
# Compiled as libcompat is: a port's flags hide what Windows headers need.
check_LTLIBRARIES += libfault_nt.la
libfault_nt_la_SOURCES = tests/compat/nt/fault_nt.c tests/compat/nt/fault.h \
	tests/compat/nt/chance.c tests/compat/nt/chance.h \
	tests/compat/nt/between_nt.c tests/compat/nt/between.h \
	tests/compat/nt/closes_nt.c \
	tests/compat/nt/packets_nt.c tests/compat/nt/packets.h
libfault_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
fault_util = tests/compat/nt/fault_run.c tests/compat/nt/fault_run.h
check_PROGRAMS += \
	tests/compat/nt/check_errmap \
	tests/compat/nt/check_faults_ahead \
	tests/compat/nt/check_faults_crt \
	tests/compat/nt/check_faults_denied \
	tests/compat/nt/check_faults_each \
	tests/compat/nt/check_faults_file \
	tests/compat/nt/check_faults_map \
	tests/compat/nt/check_faults_kinds \
	tests/compat/nt/check_faults_lock \
	tests/compat/nt/check_faults_name \
	tests/compat/nt/check_faults_packets \
	tests/compat/nt/check_faults_poll \
	tests/compat/nt/check_faults_rights \
	tests/compat/nt/check_faults_socket \
	tests/compat/nt/check_faults_spawn \
	tests/compat/nt/check_reparse \
	tests/compat/nt/check_strict \
	tests/compat/nt/check_strict_among \
	tests/compat/nt/check_timeouts
tests_compat_nt_check_reparse_SOURCES = tests/compat/nt/check_reparse.c
tests_compat_nt_check_faults_denied_SOURCES = \
	tests/compat/nt/check_faults_denied.c $(fault_util)
tests_compat_nt_check_faults_denied_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_strict_SOURCES = tests/compat/nt/check_strict.c
tests_compat_nt_check_strict_among_SOURCES = \
	tests/compat/nt/check_strict_among.c
tests_compat_nt_check_errmap_SOURCES = tests/compat/nt/check_errmap.c
tests_compat_nt_check_faults_ahead_SOURCES = \
	tests/compat/nt/check_faults_ahead.c $(fault_util) $(net_helpers) \
	tests/compat/afunix/pass.c tests/compat/afunix/pass.h \
	$(uds_helpers)
tests_compat_nt_check_faults_ahead_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_ahead_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS) \
	-Wl,--wrap=malloc
tests_compat_nt_check_faults_crt_SOURCES = tests/compat/nt/check_faults_crt.c
tests_compat_nt_check_faults_crt_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS) \
	-Wl,--wrap=compat__crt_is_led
tests_compat_nt_check_faults_each_SOURCES = \
	tests/compat/nt/check_faults_each.c $(fault_util)
tests_compat_nt_check_faults_each_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_file_SOURCES = \
	tests/compat/nt/check_faults_file.c $(fault_util)
tests_compat_nt_check_faults_file_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_map_SOURCES = \
	tests/compat/nt/check_faults_map.c $(fault_util)
tests_compat_nt_check_faults_map_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_kinds_SOURCES = \
	tests/compat/nt/check_faults_kinds.c $(fault_util)
tests_compat_nt_check_faults_kinds_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_timeouts_SOURCES = tests/compat/nt/check_timeouts.c
tests_compat_nt_check_timeouts_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_lock_SOURCES = \
	tests/compat/nt/check_faults_lock.c
tests_compat_nt_check_faults_lock_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_name_SOURCES = \
	tests/compat/nt/check_faults_name.c $(fault_util)
tests_compat_nt_check_faults_name_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_packets_SOURCES = \
	tests/compat/nt/check_faults_packets.c $(fault_util) \
	tests/compat/afunix/pass.c tests/compat/afunix/pass.h \
	$(uds_helpers)
tests_compat_nt_check_faults_packets_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_poll_SOURCES = \
	tests/compat/nt/check_faults_poll.c $(fault_util)
tests_compat_nt_check_faults_poll_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_rights_SOURCES = \
	tests/compat/nt/check_faults_rights.c $(fault_util) \
	tests/compat/afunix/pass.c tests/compat/afunix/pass.h
tests_compat_nt_check_faults_rights_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_socket_SOURCES = \
	tests/compat/nt/check_faults_socket.c $(fault_util)
tests_compat_nt_check_faults_socket_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_spawn_SOURCES = \
	tests/compat/nt/check_faults_spawn.c $(fault_util) $(KID)
tests_compat_nt_check_faults_spawn_LDADD = libfault_nt.la $(LDADD)
tests_compat_nt_check_faults_spawn_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
endif
EXTRA_DIST += tests/compat/nt/cxx.cc tests/compat/nt/headers.c
