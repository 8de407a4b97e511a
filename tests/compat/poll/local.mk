# tests of compat/poll
poll_util = tests/compat/poll/util.c tests/compat/poll/util.h
check_PROGRAMS += \
	tests/compat/poll/check_epoll_basic \
	tests/compat/poll/check_epoll_edge \
	tests/compat/poll/check_epoll_matrix \
	tests/compat/poll/check_epoll_random \
	tests/compat/poll/check_epoll_socket \
	tests/compat/poll/check_epoll_soft \
	tests/compat/poll/check_epoll_threads \
	tests/compat/poll/check_epoll_unix \
	tests/compat/poll/check_eventfd \
	tests/compat/poll/check_exclusive \
	tests/compat/poll/check_foreign_pipe \
	tests/compat/poll/check_poll \
	tests/compat/poll/check_poll_stress \
	tests/compat/poll/check_select
tests_compat_poll_check_epoll_basic_SOURCES = \
	tests/compat/poll/check_epoll_basic.c $(poll_util)
tests_compat_poll_check_epoll_edge_SOURCES = \
	tests/compat/poll/check_epoll_edge.c $(poll_util)
tests_compat_poll_check_epoll_matrix_SOURCES = \
	tests/compat/poll/check_epoll_matrix.c $(poll_util)
poll_random = tests/compat/poll/check_epoll_random.c \
	tests/compat/poll/random.h tests/compat/poll/random_expected.h \
	tests/compat/poll/random_log.c tests/compat/poll/random_steps.c \
	tests/compat/poll/random_things.c $(poll_util)
tests_compat_poll_check_epoll_random_SOURCES = $(poll_random)
# The same with 1,000 sequences in place of 40.
EXTRA_PROGRAMS += tests/compat/poll/long_epoll_random
long_programs += tests/compat/poll/long_epoll_random
EXTRA_PROGRAMS += tests/compat/poll/long_many_sockets
long_data += tests/compat/poll/long_many_sockets$(EXEEXT)
long_scripts += tests/compat/poll/long_many_sockets.sh
EXTRA_DIST += tests/compat/poll/long_many_sockets.sh
tests_compat_poll_long_many_sockets_SOURCES = \
	tests/compat/poll/long_many_sockets.c \
	tests/compat/poll/inside.h $(poll_util)
tests_compat_poll_long_many_sockets_LDADD = libpoll_inside.la $(LDADD)
tests_compat_poll_long_many_sockets_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_poll_long_epoll_random_SOURCES = $(poll_random)
tests_compat_poll_long_epoll_random_CPPFLAGS = $(AM_CPPFLAGS) -DSEEDS=1000
tests_compat_poll_check_epoll_socket_SOURCES = \
	tests/compat/poll/check_epoll_socket.c $(poll_util)
tests_compat_poll_check_epoll_socket_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_poll_check_epoll_unix_SOURCES = \
	tests/compat/poll/check_epoll_unix.c $(uds_helpers) $(poll_util)
tests_compat_poll_check_epoll_unix_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_poll_check_epoll_soft_SOURCES = \
	tests/compat/poll/check_epoll_soft.c $(poll_util)
tests_compat_poll_check_epoll_threads_SOURCES = \
	tests/compat/poll/check_epoll_threads.c $(poll_util)
tests_compat_poll_check_eventfd_SOURCES = \
	tests/compat/poll/check_eventfd.c $(poll_util)
tests_compat_poll_check_exclusive_SOURCES = \
	tests/compat/poll/check_exclusive.c $(poll_util)
tests_compat_poll_check_foreign_pipe_SOURCES = \
	tests/compat/poll/check_foreign_pipe.c $(poll_util)
tests_compat_poll_check_terminal_SOURCES = \
	tests/compat/poll/check_terminal.c $(poll_util) $(KID)
tests_compat_poll_check_poll_SOURCES = \
	tests/compat/poll/check_poll.c $(poll_util)
poll_stress = tests/compat/poll/check_poll_stress.c \
	tests/compat/poll/inside.h $(poll_util)
tests_compat_poll_check_poll_stress_SOURCES = $(poll_stress)
tests_compat_poll_check_poll_stress_LDADD = libpoll_inside.la $(LDADD)
tests_compat_poll_check_poll_stress_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
# The same with 5,000 sockets, for a minute each.
EXTRA_PROGRAMS += tests/compat/poll/long_poll_stress
long_programs += tests/compat/poll/long_poll_stress
tests_compat_poll_long_poll_stress_SOURCES = $(poll_stress)
tests_compat_poll_long_poll_stress_CPPFLAGS = $(AM_CPPFLAGS) \
	-DSOCKETS=5000 -DSECONDS=60
tests_compat_poll_long_poll_stress_LDADD = libpoll_inside.la $(LDADD)
tests_compat_poll_long_poll_stress_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
check_LTLIBRARIES += libpoll_inside.la
tests_compat_poll_check_select_SOURCES = \
	tests/compat/poll/check_select.c $(poll_util)
if OS_NT
# In a terminal, by a script.
EXTRA_PROGRAMS += tests/compat/poll/check_terminal
check_DATA += tests/compat/poll/check_terminal$(EXEEXT)
CLEANFILES += tests/compat/poll/check_terminal$(EXEEXT)
dist_check_SCRIPTS += tests/compat/poll/terminal.sh
libpoll_inside_la_SOURCES = tests/compat/poll/inside_nt.c
libpoll_inside_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) \
	-I$(top_srcdir)/tests
libpoll_inside_la_LIBADD = libfault_nt.la
check_PROGRAMS += \
	tests/compat/poll/check_epoll_cost \
	tests/compat/poll/check_poll_limits
tests_compat_poll_check_epoll_cost_SOURCES = \
	tests/compat/poll/check_epoll_cost.c $(poll_util)
tests_compat_poll_check_poll_limits_SOURCES = \
	tests/compat/poll/check_poll_limits.c $(poll_util)
else
check_PROGRAMS += tests/compat/poll/check_terminal
EXTRA_DIST += tests/compat/poll/terminal.sh
libpoll_inside_la_SOURCES = tests/compat/poll/inside_posix.c
libpoll_inside_la_CPPFLAGS = $(AM_CPPFLAGS)
endif
native_tests += \
	tests/native/compat/poll/check_epoll_socket.native \
	tests/native/compat/poll/check_epoll_unix.native
