#!/bin/sh
# LIM-SIG-3: a fault does not become a signal.  Fails when it does.  NT only.
prog=$top_builddir/tests/compat/signal/end_by.exe
out=$($WINE "$prog" fault-SEGV 2>/dev/null)
status=$?
out=$(printf '%s' "$out" | tr '\r\n' '  ')
[ $status -gt 1 ] && [ "$out" = 11 ] && exit 0
echo "limits.sh: '$out', status $status; is LIM-SIG-3 gone?" >&2
exit 1
