#!/bin/sh
# ports/sqlite/source.sh: leave SQLite as Debian has it, ready to compile, in
# the cache's folder sqlite: the amalgamation, the programs, their scripts.
# What is fetched is Debian's source package; nothing in it is changed.
# ./bootstrap check and make ports-sqlite call it.
#
# ports/sqlite/source.sh where: print that folder, or say that it is missing.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/ci/lib.sh"
. "$top/ci/sources.sh"

from=$cache/src/sqlite3
to=$cache/sqlite

# The source package has the parts; its own configure and make put them
# together, with tclsh.
amalgamate()
{
	rm -rf "$to.new"
	mkdir -p "$to.new/work"
	(cd "$to.new/work" &&
	    "$from/configure" --disable-shared --disable-tcl &&
	    make sqlite3.c)
	cp "$to.new"/work/sqlite3.c "$to.new"/work/sqlite3*.h "$to.new/"
	for file in speedtest1.c kvtest.c wordcount.c threadtest3.c \
	    'tt3_*.c'; do
		cp "$from"/test/$file "$to.new/"
	done
	cp "$from"/src/test_multiplex.[ch] "$to.new/"
	cp "$from"/ext/misc/rot13.c "$to.new/"
	cp "$from"/mptest/*.c "$from"/mptest/*test "$to.new/"
	rm -rf "$to.new/work"
	cp "$from/.unpacked" "$to.new/.ready"
	rm -rf "$to"
	mv "$to.new" "$to"
}

# The last file that was added here: an older cache has not got it.
complete()
{
	[ -f "$to/.ready" ] && [ -f "$to/rot13.c" ]
}

if [ "${1-}" = where ]; then
	if ! complete; then
		echo "no SQLite in $cache; ./bootstrap check or make" \
		    "ports-sqlite fetches it" >&2
		exit 1
	fi
	echo "$to"
	exit
fi
have apt-get || die "SQLite's source comes by apt-get, which is not here"
fetch_sources sqlite3 || exit 1
! complete || [ "$(cat "$to/.ready")" != "$(cat "$from/.unpacked")" ] ||
    exit 0
have tclsh || die "tclsh is needed to put SQLite's source together" \
    "(Debian: package tcl)"
say "putting SQLite's source together: $(cat "$from/.unpacked")"
quietly "$cache/log/sqlite" amalgamate
