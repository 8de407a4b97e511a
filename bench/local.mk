# benchmarks: EXTRA_PROGRAMS and a target for each
EXTRA_PROGRAMS += bench/file
bench_file_SOURCES = bench/file.c bench/raw.h
bench_file_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
bench_file_LDADD = libbench_raw.la $(LDADD)
EXTRA_LTLIBRARIES = libbench_raw.la
# Compiled as libcompat is, like the tests' own NT parts.
if OS_NT
libbench_raw_la_SOURCES = bench/raw_nt.c bench/count_nt.c
libbench_raw_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)
else
libbench_raw_la_SOURCES = bench/raw_posix.c
libbench_raw_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
endif

# What waiting for a socket costs, against the system's own ways;
# BENCH="epoll WSAPoll 'bare AFD'" for some of them.
EXTRA_PROGRAMS += bench/poll
bench_poll_SOURCES = bench/poll.c bench/poll.h bench/poll_own.c \
	bench/poll_report.c
bench_poll_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFD_SETSIZE=16384
bench_poll_LDADD = libbench_poll.la $(LDADD)
bench_poll_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
EXTRA_LTLIBRARIES += libbench_poll.la
if OS_NT
libbench_poll_la_SOURCES = bench/poll_nt.c
libbench_poll_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)
else
libbench_poll_la_SOURCES = bench/poll_posix.c
libbench_poll_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
endif

bench-poll: all
	$(MAKE) $(check_LTLIBRARIES) bench/poll$(EXEEXT)
	uptime; test -z "$(WINE)" || $(WINE) --version
	CK_FORK=no $(WINE) bench/poll$(EXEEXT) $(BENCH)
	uptime

# What a call on a file costs, against the system's own calls; BENCH=flock for
# one of them.
bench-file: all
	$(MAKE) $(check_LTLIBRARIES) bench/file$(EXEEXT)
	CK_FORK=no $(WINE) bench/file$(EXEEXT) $(BENCH)

# What a signal costs, and what handlers add to the calls that can block.
EXTRA_PROGRAMS += bench/signal
bench_signal_SOURCES = bench/signal.c

bench-signal: all
	$(MAKE) $(check_LTLIBRARIES) bench/signal$(EXEEXT)
	$(WINE) bench/signal$(EXEEXT)

# What a stream costs over each road, against the system's own calls.
EXTRA_PROGRAMS += bench/socket
bench_socket_SOURCES = bench/socket.c bench/socket.h $(road_helpers)
bench_socket_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
bench_socket_LDADD = libbench_socket.la $(LDADD)
EXTRA_LTLIBRARIES += libbench_socket.la
if OS_NT
libbench_socket_la_SOURCES = bench/socket_nt.c
libbench_socket_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)
else
libbench_socket_la_SOURCES = bench/socket_posix.c
libbench_socket_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
endif

bench-socket: all
	$(MAKE) $(check_LTLIBRARIES) bench/socket$(EXEEXT)
	uptime; test -z "$(WINE)" || $(WINE) --version
	CK_FORK=no $(WINE) bench/socket$(EXEEXT)
	uptime

.PHONY: bench-file bench-poll bench-signal bench-socket
