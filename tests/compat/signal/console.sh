#!/bin/sh
# SIGINT from outside reaches a program that waits or computes, which ends by
# itself with status 0.  Under Wine, kill -INT of the Linux process is a CTRL+C.
dir=$top_builddir/tests/compat/signal
prog=$dir/until_int
runner=
if [ -f "$prog.exe" ]; then
	prog=$prog.exe
	# Beside a DLL build's program is only libtool's starter.
	[ -f "$dir/.libs/until_int.exe" ] && prog=$dir/.libs/until_int.exe
	runner=$WINE
	# There, kill cannot send a console event to a native program.
	[ -n "$runner" ] || { echo "console.sh: needs Wine" >&2; exit 77; }
fi
fifo=$dir/console.$$
trap 'rm -f "$fifo"' EXIT
failed=0

# The process of the program itself: the innermost with its name.
innermost()
{
	found=$1
	for child in $(cat "/proc/$1/task/$1/children"); do
		if tr '\0' ' ' <"/proc/$child/cmdline" | grep -q until_int
		then
			found=$(innermost "$child")
		fi
	done
	echo "$found"
}

# Wine crashes when SIGINT comes while it asks its server something.  A thread
# that does so is soon switched again; one that is not has come to its wait.  One
# that computes has been there for ten looks: its own time grows, and its
# system's does not.
computes()
{
	before= same=0
	while [ $same -lt 10 ]; do
		now=$(cut -d ' ' -f 14,15 "/proc/$1/stat") || return
		if [ "${now#* }" != "${before#* }" ]; then
			same=0
		elif [ "$now" != "$before" ]; then
			same=$((same + 1))
		fi
		before=$now
	done
}

settle()
{
	before= same=0
	while [ $same -lt 20 ]; do
		now=$(grep -e ^State -e ctxt "/proc/$1/status") || return
		case $now in
		*sleeping*"$before"*)	same=$((same + 1)) ;;
		*)			same=0 ;;
		esac
		before=${now#*sleeping}
	done
}

try()
{
	rm -f "$fifo"
	mkfifo "$fifo" || exit 99
	timeout -k 5 60 $runner "$prog" "$1" >"$fifo" &
	pid=$!
	{
		read -r line && target=$(innermost $pid) &&
		    "$2" "$target" && kill -INT "$target" &&
		    read -r answer
	} <"$fifo"
	wait $pid
	status=$?
	line=$(printf '%s' "$line" | tr -d '\r')
	answer=$(printf '%s' "$answer" | tr -d '\r')
	if [ "$line,$answer,$status" != "ready,got Interrupt,0" ]; then
		echo "console.sh: $1: '$line', '$answer', status $status" >&2
		failed=1
	fi
}

try sigsuspend settle
try signalfd settle
try compute computes
exit $failed
