#!/bin/sh
# LIM-SIG-3: a fault does not become a signal.  Fails when it does.  NT only.
prog=$top_builddir/tests/compat/signal/end_by.exe
out=$($WINE "$prog" fault-SEGV 2>/dev/null)
status=$?
if echo "$out" | grep -q handler || [ $status -eq 0 ]; then
	echo "limits.sh: LIM-SIG-3 is gone: '$out', status $status" >&2
	exit 1
fi
exit 0
