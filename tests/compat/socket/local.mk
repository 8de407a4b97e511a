# tests of compat/socket
net_helpers = tests/compat/socket/net.c tests/compat/socket/net.h
check_PROGRAMS += \
	tests/compat/socket/check_accept_full \
	tests/compat/socket/check_atmark \
	tests/compat/socket/check_control \
	tests/compat/socket/check_flow \
	tests/compat/socket/check_handle \
	tests/compat/socket/check_hostent \
	tests/compat/socket/check_ifaddrs \
	tests/compat/socket/check_lowat \
	tests/compat/socket/check_lowat_poll \
	tests/compat/socket/check_mmsg \
	tests/compat/socket/check_multicast \
	tests/compat/socket/check_netdb \
	tests/compat/socket/check_peek_all \
	tests/compat/socket/check_sock_errno \
	tests/compat/socket/check_sock_refused \
	tests/compat/socket/check_sockopt \
	tests/compat/socket/check_stream \
	tests/compat/socket/check_tcp \
	tests/compat/socket/check_udp
tests_compat_socket_check_accept_full_SOURCES = \
	tests/compat/socket/check_accept_full.c $(net_helpers) $(uds_helpers)
tests_compat_socket_check_accept_full_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_socket_check_atmark_SOURCES = \
	tests/compat/socket/check_atmark.c $(net_helpers)
tests_compat_socket_check_control_SOURCES = \
	tests/compat/socket/check_control.c $(net_helpers)
EXTRA_PROGRAMS += tests/compat/socket/long_cycles tests/compat/socket/long_roads
long_programs += tests/compat/socket/long_cycles tests/compat/socket/long_roads
road_helpers = tests/compat/socket/road.c tests/compat/socket/road.h \
	$(net_helpers) $(uds_helpers)
tests_compat_socket_check_flow_SOURCES = tests/compat/socket/check_flow.c \
	$(road_helpers)
tests_compat_socket_check_flow_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_socket_long_roads_SOURCES = tests/compat/socket/long_roads.c \
	$(road_helpers)
tests_compat_socket_long_roads_LDADD = libpoll_inside.la $(LDADD)
tests_compat_socket_long_roads_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_socket_long_cycles_SOURCES = \
	tests/compat/socket/long_cycles.c $(net_helpers)
tests_compat_socket_check_handle_SOURCES = \
	tests/compat/socket/check_handle.c tests/compat/socket/foreign.h \
	$(net_helpers)
tests_compat_socket_check_hostent_SOURCES = \
	tests/compat/socket/check_hostent.c
tests_compat_socket_check_ifaddrs_SOURCES = \
	tests/compat/socket/check_ifaddrs.c
tests_compat_socket_check_lowat_SOURCES = \
	tests/compat/socket/check_lowat.c $(net_helpers) $(uds_helpers)
tests_compat_socket_check_lowat_poll_SOURCES = \
	tests/compat/socket/check_lowat_poll.c $(net_helpers)
tests_compat_socket_check_peek_all_SOURCES = \
	tests/compat/socket/check_peek_all.c $(net_helpers) $(pass_helpers) \
	$(KID)
tests_compat_socket_check_mmsg_SOURCES = \
	tests/compat/socket/check_mmsg.c $(net_helpers)
tests_compat_socket_check_multicast_SOURCES = \
	tests/compat/socket/check_multicast.c $(net_helpers)
tests_compat_socket_check_netdb_SOURCES = tests/compat/socket/check_netdb.c
tests_compat_socket_check_sock_errno_SOURCES = \
	tests/compat/socket/check_sock_errno.c \
	tests/compat/socket/sock_errno.h \
	tests/compat/socket/socks.c tests/compat/socket/socks.h \
	$(net_helpers) $(uds_helpers)
tests_compat_socket_check_sock_errno_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_socket_check_sock_refused_SOURCES = \
	tests/compat/socket/check_sock_refused.c $(net_helpers) $(uds_helpers)
tests_compat_socket_check_sock_refused_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_socket_check_sockopt_SOURCES = \
	tests/compat/socket/check_sockopt.c $(net_helpers)
tests_compat_socket_check_stream_SOURCES = \
	tests/compat/socket/check_stream.c $(net_helpers)
tests_compat_socket_check_tcp_SOURCES = \
	tests/compat/socket/check_tcp.c $(net_helpers)
tests_compat_socket_check_udp_SOURCES = \
	tests/compat/socket/check_udp.c $(net_helpers)
if OS_NT
tests_compat_socket_check_handle_LDADD = libforeign_nt.la $(LDADD)
check_LTLIBRARIES += libforeign_nt.la
libforeign_nt_la_SOURCES = tests/compat/socket/foreign_nt.c
libforeign_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
check_PROGRAMS += \
	tests/compat/socket/check_abi \
	tests/compat/socket/check_hostile_ahead \
	tests/compat/socket/check_limits \
	tests/compat/socket/check_wait_between
tests_compat_socket_check_hostile_ahead_SOURCES = \
	tests/compat/socket/check_hostile_ahead.c $(net_helpers) \
	$(pass_helpers)
tests_compat_socket_check_hostile_ahead_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
tests_compat_socket_check_wait_between_SOURCES = \
	tests/compat/socket/check_wait_between.c $(net_helpers)
tests_compat_socket_check_wait_between_LDADD = libfault_nt.la $(LDADD)
tests_compat_socket_check_limits_SOURCES = \
	tests/compat/socket/check_limits.c $(net_helpers)
tests_compat_socket_check_abi_SOURCES = \
	tests/compat/socket/check_abi.c tests/compat/socket/abi.h
tests_compat_socket_check_abi_LDADD = libsockabi_nt.la $(LDADD)
# Winsock's half must see the platform.
check_LTLIBRARIES += libsockabi_nt.la
libsockabi_nt_la_SOURCES = tests/compat/socket/abi_nt.c
libsockabi_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
else
tests_compat_socket_check_handle_SOURCES += \
	tests/compat/socket/foreign_posix.c
tests_compat_socket_check_handle_LDADD = $(LDADD)
endif
native_tests += \
	tests/native/compat/socket/check_accept_full.native \
	tests/native/compat/socket/check_flow.native \
	tests/native/compat/socket/check_sock_errno.native \
	tests/native/compat/socket/check_sock_refused.native
