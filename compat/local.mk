# libcompat.  On NT it is POSIX itself; elsewhere the C library is, and
# only the extension calls of <compat.h> are ours.
libcompat_la_SOURCES =
libcompat_la_LDFLAGS = $(SHLIB_FLAGS) $(SHLIB_HIDES) $(WINPTHREADS) \
	-version-info 0:0:0
libcompat_la_LIBADD = $(NT_LIBS)
include_HEADERS = compat/compat.h
EXTRA_DIST += \
	compat/names.sh \
	compat/README.md \
	compat/afunix/README.md \
	compat/dlfcn/README.md \
	compat/fd/README.md \
	compat/fileio/README.md \
	compat/flock/README.md \
	compat/include/README.md \
	compat/mman/README.md \
	compat/nt/README.md \
	compat/poll/README.md \
	compat/process/README.md \
	compat/signal/README.md \
	compat/socket/README.md \
	compat/time/README.md

if OS_NT
# The library itself sees the platform; its users do not.
libcompat_la_CPPFLAGS = -I$(top_srcdir)/compat/include \
	-I$(top_srcdir)/compat -include $(top_srcdir)/compat/include/bits/crt.h \
	-include $(top_srcdir)/compat/fd/names.h \
	-include $(top_srcdir)/compat/signal/text_mark.h -D_WIN32_WINNT=0x0A00
compatdir = $(includedir)/compat
nobase_compat_HEADERS =
# For the probes of configure scripts: see compat/names.sh.
namesdir = $(libdir)
names_DATA = libcompat_names.a
CLEANFILES += libcompat_names.a
libcompat_names.a: compat/names.sh $(compat_HEADERS) $(compatsys_HEADERS)
	$(AM_V_GEN)CC='$(CC)' LDFLAGS='$(LDFLAGS)' AR='$(AR)' \
	    NT_LIBS='$(NT_LIBS)' $(SHELL) \
	    $(srcdir)/compat/names.sh $(srcdir)/compat/include $@
# -lpthread brings this library first, wherever it stands in the link: its
# threads' functions are ours then, and program_text_nt.c finds its order.
if LINK_SCRIPT
scriptsdir = $(libdir)/compat
scripts_DATA = libpthread.a
CLEANFILES += libpthread.a
libpthread.a: Makefile
	$(AM_V_GEN)echo 'INPUT(-lcompat -lwinpthread)' >$@
endif
libcompat_la_SOURCES += compat/fd/names.h
include compat/headers.mk
include compat/nt/local.mk
include compat/fd/local.mk
include compat/fileio/local.mk
include compat/flock/local.mk
include compat/dlfcn/local.mk
include compat/mman/local.mk
include compat/signal/local.mk
include compat/socket/local.mk
include compat/afunix/local.mk
include compat/poll/local.mk
include compat/process/local.mk
include compat/time/local.mk
else
libcompat_la_CPPFLAGS = $(AM_CPPFLAGS)
libcompat_la_SOURCES += compat/afunix/getpeereid.c \
	compat/socket/close_abort.c \
	compat/socket/handle_posix.c \
	compat/poll/features_posix.c \
	compat/process/service_posix.c \
	compat/signal/grace_posix.c \
	compat/signal/signal_map.c
endif
