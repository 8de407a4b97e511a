# the programs
bin_PROGRAMS += programs/reactor-serve programs/reactor-send \
	programs/compat-kill
bin_PROGRAMS += programs/adminsock

# The admin socket, both ends; adminsock is a command on it.
noinst_LTLIBRARIES += libadmin.la
libadmin_la_SOURCES = programs/admin/admin.h programs/admin/client.c \
	programs/admin/client.h programs/admin/conn.c programs/admin/frame.c \
	programs/admin/frame.h programs/admin/node.c programs/admin/node.h \
	programs/admin/private.h programs/admin/request.c \
	programs/admin/server.c programs/clock.c programs/clock.h \
	programs/pidfile.c programs/pidfile.h programs/say.c programs/say.h
# Objects of its own: three of the sources are other programs', too.
libadmin_la_CPPFLAGS = $(AM_CPPFLAGS)
admin_libs = libadmin.la $(JANSSON_LIBS) $(COMPAT_LIBS)
programs_adminsock_SOURCES = programs/adminsock.c programs/adminserve.c \
	programs/adminserve.h
programs_adminsock_LDADD = $(admin_libs)

# tripwire, for ports as well
lib_LTLIBRARIES += libtripwire.la
libtripwire_la_SOURCES = \
	programs/tripwire/drain.c programs/tripwire/notify.c \
	programs/tripwire/open.c programs/tripwire/private.h \
	programs/tripwire/report.c programs/tripwire/signal.c \
	programs/tripwire/task.c programs/tripwire/trip.c \
	programs/tripwire/wait.c programs/tripwire/watch.c
libtripwire_la_LDFLAGS = $(SHLIB_FLAGS) -version-info 0:0:0 \
	-export-symbols-regex "^tripwire_"
libtripwire_la_LIBADD = libcompat.la
include_HEADERS += programs/tripwire/tripwire.h
pkgconfig_DATA += tripwire.pc
dist_man_MANS += man/tripwire.3

program_shared = programs/bare.c programs/bare.h programs/clock.c \
	programs/clock.h programs/say.c programs/say.h programs/text.h
program_libs = libreactor.la $(ZLIB_LIBS) $(COMPAT_LIBS)

programs_reactor_serve_SOURCES = programs/reactor-serve.c \
	programs/name.c programs/name.h programs/pidfile.c \
	programs/pidfile.h programs/request.c programs/request.h \
	programs/server.c programs/server.h \
	programs/store.c programs/store.h $(program_shared)
programs_reactor_serve_LDADD = libtripwire.la $(program_libs)

programs_reactor_send_SOURCES = programs/reactor-send.c \
	programs/progress.c programs/progress.h programs/sender.c \
	programs/sender.h programs/source.c programs/source.h \
	$(program_shared)
programs_reactor_send_LDADD = $(program_libs)

programs_compat_kill_SOURCES = programs/compat-kill.c programs/say.c \
	programs/say.h programs/signame.c programs/signame.h
programs_compat_kill_LDADD = $(COMPAT_LIBS)

# argv in UTF-8 takes a word in the executable itself.
if OS_NT
program_libs += programs/utf8.o
programs_adminsock_LDADD += programs/utf8.o
programs/utf8.o: $(srcdir)/programs/utf8.rc $(srcdir)/programs/utf8.manifest
	$(AM_V_GEN)$(MKDIR_P) programs && \
	    $(WINDRES) -I$(srcdir)/programs $(srcdir)/programs/utf8.rc $@
CLEANFILES += programs/utf8.o
endif
EXTRA_DIST += programs/utf8.manifest programs/utf8.rc

dist_man_MANS += man/adminsock.1
dist_man_MANS += man/reactor-serve.1 man/reactor-send.1 man/compat-kill.1
EXTRA_DIST += programs/README.md programs/demo.sh
