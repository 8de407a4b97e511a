#!/bin/sh
# Default actions end the process; the shell sees 128 + the signal's number,
# on NT as elsewhere.
prog=$top_builddir/tests/compat/signal/end_by
runner=
if [ -f "$prog.exe" ]; then
	prog=$prog.exe
	runner=$WINE
fi
failed=0
# No core files, please.
ulimit -c 0

for how in raise-HUP raise-TERM raise-USR2 raise-ABRT raise-RTMIN kill-INT \
    kill-KILL unblock-PIPE abort-ABRT handled-abort-ABRT; do
	out=$($runner "$prog" $how 2>/dev/null)
	status=$?
	out=$(printf '%s' "$out" | tr '\r\n' '  ')
	number=${out%% *}
	case $how in
	handled-*) expected="$number *handler" ;;
	*) expected=$number ;;
	esac
	echo "$out" | grep -qx "$expected" && [ -n "$number" ] &&
	    [ $status -eq $((128 + number)) ] && continue
	echo "default.sh: $how: '$out', status $status" >&2
	failed=1
done
exit $failed
