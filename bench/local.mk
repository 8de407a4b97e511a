# benchmarks: EXTRA_PROGRAMS and a target for each
EXTRA_PROGRAMS += bench/file
bench_file_SOURCES = bench/file.c bench/raw.h
bench_file_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
bench_file_LDADD = libbench_raw.la $(LDADD)
EXTRA_LTLIBRARIES = libbench_raw.la
# Compiled as libcompat is, like the tests' own NT parts.
if OS_NT
libbench_raw_la_SOURCES = bench/raw_nt.c
libbench_raw_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)
else
libbench_raw_la_SOURCES = bench/raw_posix.c
libbench_raw_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
endif

# What a call on a file costs, against the system's own calls; BENCH=flock for
# one of them.
bench-file: all
	$(MAKE) $(check_LTLIBRARIES) bench/file$(EXEEXT)
	CK_FORK=no $(WINE) bench/file$(EXEEXT) $(BENCH)

.PHONY: bench-file
