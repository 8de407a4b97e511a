# What the tests of the programs share; each begins with `. lib.sh`.
#
# A test runs in a fresh directory of its own, below the current one, so that
# socket paths are short.  Nothing here sleeps to order things: what has to
# happen first is waited for, with a deadline.

. "${top_srcdir:-.}/tests/support/scratch.sh"

# Are the programs NT's?  Then they run under $WINE, which is empty on NT.
nt=no
exe=
if [ -f "$top_builddir/programs/reactor-serve.exe" ]; then
	nt=yes
	exe=.exe
fi

# program PATH: in a DLL build libtool has a wrapper at PATH, which does not
# pass signals on, and the program beside it.
program() {
	real=$top_builddir/${1%/*}/.libs/${1##*/}$exe
	if [ $nt = yes ] && [ -f "$real" ]; then
		echo "$real"
	else
		echo "$top_builddir/$1$exe"
	fi
}
serve=$(program programs/reactor-serve)
send=$(program programs/reactor-send)
raw=$(program tests/programs/raw_peer)

scratch_dir
mkdir in

# fail WHAT: end the test, and show what the programs said.
fail() {
	echo "$test_name: $*" >&2
	for f in serve.out serve.err send.out send.err raw.out raw.err; do
		[ -s $f ] && sed "s/^/  $f: /" $f >&2
	done
	exit 1
}

# skip WHY: this test, or what is left of it, cannot run here.
skip() {
	echo "$test_name: skipped: $*"
	exit 77
}

# eventually COMMAND...: wait until it succeeds, at most 20 seconds.
eventually() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 400 ] || return 1
		sleep 0.05
	done
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

absent() {
	! [ -e "$1" ]
}

# A line of the program's, whatever its line ends are.
lines() {
	tr -d '\r' <"$1"
}

listening() {
	[ "$(lines serve.out | grep -c '^listening ')" -ge "$1" ] ||
	    gone "$server"
}

# start_server LISTENERS ARG...: start it and wait until it listens.  Sets
# server, its process id, and address, that of the first listener.
start_server() {
	count=$1
	shift
	: >serve.out
	${WINE-} "$serve" "$@" >serve.out 2>serve.err </dev/null &
	server=$!
	pids="$pids $server"
	eventually listening "$count" || fail "the server does not listen"
	gone "$server" && fail "the server has ended at once"
	address=$(lines serve.out | sed -n 's/^listening //p' | head -n 1)
}

# end_server STATUS: wait for the server's end, which must be with STATUS.
end_server() {
	eventually gone "$server" || fail "the server does not end"
	wait "$server"
	status=$?
	[ $status -eq "$1" ] || fail "the server ended with $status, not $1"
}

# stop_server: interrupt it; on NT that is CTRL_C.
stop_server() {
	kill -INT "$server" || fail "the server has ended by itself"
	end_server 0
}

# send ARG...: run the client; its output goes to send.out and send.err.
send() {
	${WINE-} "$send" "$@" >send.out 2>send.err
}

# raw ARG...: run the client that speaks by hand.
raw() {
	${WINE-} "$raw" "$@" >raw.out 2>raw.err </dev/null
}

# must_fail WHAT FILE TEXT STATUS: the status of the last command was 1 or 2,
# as the manual has it, and FILE has TEXT in it.
must_fail() {
	[ "$4" -ne 0 ] || fail "$1: succeeded"
	[ "$4" -le 2 ] || fail "$1: ended with status $4"
	lines "$2" | grep -F -e "$3" >/dev/null ||
	    fail "$1: status $4, but it does not say: $3"
}

# same FILE NAME: was FILE stored as NAME?
same() {
	cmp "$1" "in/$2" || fail "$2 is not what was sent"
}

# Nothing may be left of what was not stored.
no_leftovers() {
	left=$(ls -A in | grep '^\.reactor-')
	[ -z "$left" ] || fail "left behind: $left"
}

no_leftovers_yet() {
	! ls -A in | grep '^\.reactor-' >/dev/null
}

has_temporary() {
	! no_leftovers_yet
}

# A file of SIZE bytes that differ.
make_file() {
	if [ "$2" -eq 0 ]; then
		: >"$1"
	else
		head -c "$2" /dev/urandom >"$1"
	fi
}

# N times x, as raw_peer sends.
make_x() {
	head -c "$2" /dev/zero | tr '\0' x >"$1"
}
