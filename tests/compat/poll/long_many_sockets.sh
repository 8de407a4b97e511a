#!/bin/sh
# long_many_sockets with as many descriptors as there may be.  Under Wine its
# server needs them, which takes the hard limit when it starts: where that can
# be raised there has to be another server, so a prefix of its own.
# shellcheck disable=SC3045 # every shell that matters has -n and -H
dir=$top_builddir/tests/compat/poll
prog=$dir/long_many_sockets$EXEEXT
# Beside a DLL build's program is only libtool's starter.
[ -f "$dir/.libs/long_many_sockets.exe" ] &&
    prog=$dir/.libs/long_many_sockets.exe
enough=20500
prefix=

if [ "$(ulimit -Hn)" != unlimited ] && [ "$(ulimit -Hn)" -lt $enough ] &&
    (ulimit -Hn $enough) 2>/dev/null; then
	ulimit -Hn $enough
	[ -z "$WINE" ] || prefix=$(mktemp -d) || exit 99
fi
ulimit -n "$(ulimit -Hn)" || exit 99
if [ -n "$prefix" ]; then
	WINEPREFIX=$prefix
	export WINEPREFIX
	trap '$WINE wineboot -s >/dev/null 2>&1; rm -rf "$prefix"' EXIT
fi
$WINE "$prog"
