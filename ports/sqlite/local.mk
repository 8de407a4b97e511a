# SQLite on libcompat, by Debian's source; see README.md.
EXTRA_DIST += ports/sqlite/README.md ports/sqlite/build.mk \
	ports/sqlite/hammer.c ports/sqlite/hammer.sh ports/sqlite/hold.c \
	ports/sqlite/lib.sh ports/sqlite/load.c ports/sqlite/maps.txt \
	ports/sqlite/source.sh ports/sqlite/maps.sh ports/sqlite/mptest.sh \
	ports/sqlite/programs.sh ports/sqlite/run.sh ports/sqlite/speed.sh
EXTRA_DIST += ports/sqlite/check_long.sh
long_scripts += ports/sqlite/check_long.sh
dist_check_SCRIPTS += ports/sqlite/check_maps.sh ports/sqlite/check_sqlite.sh

EXTRA_PROGRAMS += ports/sqlite/map
ports_sqlite_map_SOURCES = ports/sqlite/map.c ports/sqlite/map.h \
	ports/sqlite/map_fcntl.c
ports_sqlite_map_LDADD = libcompat.la $(NT_LIBS)
sqlite_tools = ports/sqlite/map$(EXEEXT)
sqlite_builds = unix
if OS_NT
EXTRA_PROGRAMS += ports/sqlite/map_nt
ports_sqlite_map_nt_SOURCES = ports/sqlite/map.c ports/sqlite/map_nt.c
ports_sqlite_map_nt_CPPFLAGS = $(libcompat_la_CPPFLAGS)
ports_sqlite_map_nt_LDADD = $(ports_sqlite_map_LDADD)
EXTRA_PROGRAMS += ports/sqlite/starter
ports_sqlite_starter_SOURCES = ports/sqlite/starter_nt.c
ports_sqlite_starter_CPPFLAGS = $(libcompat_la_CPPFLAGS)
ports_sqlite_starter_LDADD =
ports_sqlite_starter_LDFLAGS = $(AM_LDFLAGS) -municode
sqlite_tools += ports/sqlite/map_nt$(EXEEXT) ports/sqlite/starter$(EXEEXT)
sqlite_builds += win
if !SHARED
sqlite_tools += libstrict.la
sqlite_builds += strict
endif
endif

CLEANFILES += ports/sqlite/map$(EXEEXT) ports/sqlite/map_nt$(EXEEXT) \
	ports/sqlite/starter$(EXEEXT)

# A port's flags, and libtool's way of finding our library where it was built.
sqlite_make = $(MAKE) -f $(srcdir)/ports/sqlite/build.mk CC='$(CC)' \
	EXEEXT=$(EXEEXT) LDFLAGS='$(LDFLAGS)' HERE=$(srcdir)/ports/sqlite WARNINGS='$(WARN_CFLAGS)' \
	SOURCE="$$source"
sqlite_unix = OBJ=ports/sqlite/unix VFS=unix FLAGS='-pthread $(PORT_CPPFLAGS)' \
	LINK='$(LIBTOOL) --silent --tag=CC --mode=link $(CC) -pthread $(PROGRAM_FLAGS)'
if OS_NT
sqlite_unix += LIBS='libcompat.la $(NT_LIBS)' DEPENDS=libcompat.la
else
sqlite_unix += LIBS='-lm' PIC=-fPIC
endif
# The same objects with the rules of NT that Wine does not keep.
sqlite_strict = $(sqlite_unix) OBJ=ports/sqlite/strict OF=ports/sqlite/unix \
	LIBS='-Wl,-u,strict_start libstrict.la libcompat.la $(NT_LIBS)' \
	DEPENDS='libcompat.la libstrict.la'
sqlite_linux = OBJ=ports/sqlite/linux VFS=unix CC=cc EXEEXT= LINK='cc -pthread' \
	FLAGS='-pthread -D_GNU_SOURCE' LIBS='-lm' PIC=-fPIC LDFLAGS=
sqlite_win = OBJ=ports/sqlite/win VFS=win LINK='$(CC) $(LDFLAGS) -static'

# Nothing is fetched here: ./bootstrap check or make ports-sqlite does that.
build-sqlite: libcompat.la $(sqlite_tools)
	@source=`$(SHELL) $(srcdir)/ports/sqlite/source.sh where` || exit 0; \
	for build in $(sqlite_builds); do \
	    case $$build in \
	    unix) $(sqlite_make) $(sqlite_unix) || exit 1 ;; \
	    win) $(sqlite_make) $(sqlite_win) || exit 1 ;; \
	    strict) $(sqlite_make) $(sqlite_strict) || exit 1 ;; \
	    esac; \
	done
check_DATA += build-sqlite

# The oracle of an NT build, where a compiler for Linux is at hand.
build-sqlite-linux:
if OS_NT
	@source=`$(SHELL) $(srcdir)/ports/sqlite/source.sh where` || exit 1; \
	if [ "`uname -s`" = Linux ] && command -v cc >/dev/null; then \
	    $(sqlite_make) $(sqlite_linux); \
	else \
	    echo 'no compiler for Linux: results are compared with the win VFS' \
	        'only'; \
	fi
endif

ports-sqlite: all
	$(SHELL) $(srcdir)/ports/sqlite/source.sh
	$(MAKE) build-sqlite build-sqlite-linux
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/ports/sqlite/run.sh

ports: ports-sqlite

.PHONY: build-sqlite build-sqlite-linux ports-sqlite
mostlyclean-local:
	-rm -rf ports/sqlite/unix ports/sqlite/win ports/sqlite/strict \
	    ports/sqlite/linux
