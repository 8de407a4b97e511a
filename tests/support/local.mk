libsupport_la_SOURCES += tests/support/tmpdir.c tests/support/tmpdir.h \
	tests/support/host.c tests/support/host.h \
	tests/support/main.c tests/support/main.h tests/support/proc.h
if OS_NT
# What talks to NT must see the platform, which a port does not.
check_LTLIBRARIES += libsupport_nt.la
libsupport_nt_la_SOURCES = tests/support/host_nt.c tests/support/proc_nt.c
libsupport_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
libsupport_la_LIBADD = libsupport_nt.la
else
libsupport_la_SOURCES += tests/support/host_posix.c \
	tests/support/proc_posix.c
endif
