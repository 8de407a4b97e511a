libsupport_la_SOURCES += tests/support/tmpdir.c tests/support/tmpdir.h \
	tests/support/host.c tests/support/host.h tests/support/links.h \
	tests/support/fails.h tests/support/handle.c \
	tests/support/handle.h tests/support/main.c tests/support/main.h \
	tests/support/proc.h tests/support/term.h
if OS_NT
# What talks to NT must see the platform, which a port does not.
check_LTLIBRARIES += libsupport_nt.la
libsupport_nt_la_SOURCES = tests/support/host_nt.c tests/support/native.h \
	tests/support/links_nt.c \
	tests/support/native_nt.c tests/support/proc_nt.c \
	tests/support/term_nt.c
libsupport_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
# A library of its own, for programs that are not ours.
check_LTLIBRARIES += libstrict.la
libstrict_la_SOURCES = tests/support/strict.h tests/support/strict_nt.c \
	tests/support/strict_nt.h tests/support/strict_lock_nt.c \
	tests/support/strict_object_nt.c tests/support/strict_hull_nt.c
libstrict_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
# Linked by who is linked with UNIX_MODEL: see tests/support/unix_model.h.
check_LTLIBRARIES += libunixmodel.la
libunixmodel_la_SOURCES = tests/support/unix_model.h \
	tests/support/unix_model_node_nt.c \
	tests/support/unix_model_nt.c tests/support/unix_model_nt.h
libunixmodel_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
libsupport_la_LIBADD = libsupport_nt.la libstrict.la libunixmodel.la
else
libsupport_la_SOURCES += tests/support/host_posix.c \
	tests/support/links_posix.c \
	tests/support/proc_posix.c \
	tests/support/term_posix.c
endif
check_PROGRAMS += tests/support/check_tmpdir
tests_support_check_tmpdir_SOURCES = tests/support/check_tmpdir.c
