#!/bin/sh
# check_terminal in a terminal: Wine has a console there only.  NT makes one
# for the program by itself.
dir=$top_builddir/tests/compat/poll
prog=$dir/check_terminal.exe
# Beside a DLL build's program is only libtool's starter.
[ -f "$dir/.libs/check_terminal.exe" ] && prog=$dir/.libs/check_terminal.exe
[ -n "$WINE" ] || exec "$prog"
if ! script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	echo "skipped: terminal: no script(1) or no pty for it: LIM-FD-10"
	exit 77
fi
log=$dir/terminal.$$
trap 'rm -f "$log"' EXIT
# Its answer is not a terminal's, with all that moves a cursor in it.
script -qec "$WINE '$prog' >'$log' 2>&1" /dev/null </dev/null
status=$?
cat "$log"
exit $status
