#!/bin/sh
# demo.sh: move real files between Linux and NT, every way, and show that
# servers stop, start over what is left of a killed one, and refuse a second.
#
# Environment: BUILD_LINUX and BUILD_NT are build directories; WINE runs NT
# programs (wine), WINEPREFIX is its prefix.  DEMO_DIR, if set, is where to
# work.  Takes some 600 MB there.  Ends with 0 only if all went well.

set -u
LC_ALL=C.UTF-8
WINEDEBUG=${WINEDEBUG--all}
export LC_ALL WINEDEBUG

WINE=${WINE-wine}
# Without this one start in 2,000 fails; see tests/support/run-timed.
setarch -R true 2>/dev/null && WINE="setarch -R $WINE"
patience=120		# seconds for one client
least=200		# MB of input

linux_serve=${BUILD_LINUX:?}/programs/reactor-serve
linux_send=$BUILD_LINUX/programs/reactor-send
nt_serve=${BUILD_NT:?}/programs/reactor-serve.exe
nt_send=$BUILD_NT/programs/reactor-send.exe

steps=0
servers=
server=
began=$(date +%s)

finish() {
	status=$?
	trap - EXIT
	for pid in $servers; do
		kill -9 "$pid" 2>/dev/null
	done
	wait 2>/dev/null
	cd /
	rm -rf "$work"
	exit $status
}

fail() {
	echo "demo: FAILED: $*" >&2
	for f in serve.err send.err; do
		[ -s $f ] && tail -n 5 $f | sed "s/^/  $f: /" >&2
	done
	exit 1
}

# ok WHAT RESULT: one line of what happened.
ok() {
	steps=$((steps + 1))
	printf 'demo: %-38s %s\n' "$1" "$2"
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

listening() {
	[ "$(grep -c '^listening ' serve.out)" -ge 2 ] || gone "$server"
}

# on linux|nt: the words that run reactor-serve and reactor-send there.
on() {
	case $1 in
	linux)
		run=
		serve=$linux_serve
		send=$linux_send
		;;
	nt)
		run=$WINE
		serve=$nt_serve
		send=$nt_send
		;;
	esac
}

# start linux|nt: a server on TCP and AF_UNIX; sets server and tcp.
start() {
	on "$1"
	: >serve.out
	$run "$serve" --listen 'tcp|127.0.0.1|0' --listen 'uds|s' --dir in \
	    --pidfile pid >serve.out 2>serve.err </dev/null &
	server=$!
	servers="$servers $server"
	eventually listening || fail "the $1 server does not listen"
	gone "$server" && fail "the $1 server has ended at once"
	tcp=$(tr -d '\r' <serve.out | sed -n 's/^listening \(tcp.*\)/\1/p')
}

# stop WHAT: SIGINT; for NT's programs Wine makes that CTRL_C.
stop() {
	kill -INT "$server" || fail "$1: has ended by itself"
	eventually gone "$server" || fail "$1: goes on after SIGINT"
	wait "$server" || fail "$1: ended with status $?"
	[ -e s ] && fail "$1: left its socket"
	[ -e pid ] && fail "$1: left its pid file"
	[ -z "$(ls -A in | grep '^\.reactor-')" ] || fail "$1: left a file"
	:
}

now() {
	date +%s%N
}

# ratio NS: how much of cp's throughput that time means.
ratio() {
	awk -v bytes="$bytes" -v cp="$cp_ns" -v ns="$1" 'BEGIN {
		printf "%.1f s, %.0f MB/s, %.2f of cp", ns / 1e9,
		    bytes * 1e3 / ns, cp / ns }'
}

# transfer WHAT linux|nt ADDRESS: send all input, and compare every byte.
transfer() {
	rm -rf in/*
	on "$2"
	t0=$(now)
	timeout $patience $run "$send" --to "$3" input/* \
	    >send.out 2>send.err </dev/null || fail "$1: status $?"
	t1=$(now)
	[ "$(wc -l <send.out)" -eq "$count" ] ||
	    fail "$1: $(wc -l <send.out) files confirmed, not $count"
	[ "$(ls -A in | wc -l)" -eq "$count" ] ||
	    fail "$1: $(ls -A in | wc -l) files stored, not $count"
	for f in input/*; do
		cmp "$f" "in/${f#input/}" || fail "$1: ${f#input/} differs"
	done
	ok "$1" "$count files equal, $(ratio $((t1 - t0)))"
	rm -rf in/*
}

# small linux|nt: one file to whoever listens on the socket.
small() {
	on "$1"
	timeout $patience $run "$send" --to 'uds|s' "$sample" \
	    >send.out 2>send.err </dev/null || return 1
	cmp "$sample" "in/${sample##*/}"
	rm -f in/*
}

# restart linux|nt NAME: SIGKILL, and a start over what is left.
restart() {
	what="SIGKILL to the $2 server"
	start "$1"
	kill -9 "$server"
	wait "$server" 2>/dev/null
	[ -e s ] || fail "$what: its socket is gone"
	[ -e pid ] || fail "$what: its pid file is gone"
	small "$1" && fail "$what: somebody still listens"
	start "$1"
	small "$1" || fail "$what: the next one does not work"
	ok "$what" "socket and pid file left; the next started over them"
}

# second linux|nt NAME: another server, with the pid file of the one that runs.
second() {
	on "$1"
	if timeout $patience $run "$serve" --listen 'tcp|127.0.0.1|0' \
	    --dir in --pidfile pid >send.out 2>send.err </dev/null; then
		fail "second $2 server: was not refused"
	fi
	holder=$(tr -d '\r' <pid)
	grep "process $holder holds" send.err >/dev/null ||
	    fail "second $2 server: does not say who holds the pid file"
	said=$(tr -d '\r' <send.err)
	small "$1" || fail "second $2 server: disturbed the first"
	ok "second $2 server" "refused: ${said#reactor-serve: }"
}

# take FILE...: link them into input, under names that are unique, while there
# is not much more than enough.
take() {
	for f; do
		[ $bytes -lt $((least * 1400000)) ] || break
		[ -f "$f" ] && [ ! -L "$f" ] && [ -s "$f" ] || continue
		bytes=$((bytes + $(wc -c <"$f")))
		ln -s "$f" "input/$(echo "${f#/usr/}" | tr / _)" || exit 1
	done
}

# The compilers' own binaries and the distribution's licence texts.  An NT
# command line ends at 32,767 characters: so not every copyright file.
gather() {
	mkdir input in
	bytes=0
	take /usr/share/common-licenses/*
	ls /usr/share/doc/*/copyright >list
	head -n 250 list >some
	while read -r f; do
		take "$f"
	done <some
	take /usr/lib/gcc*/*/*/cc1 /usr/lib/gcc*/*/*/lto1 /usr/bin/x86_64-*
	count=$(ls input | wc -l)
	[ "$bytes" -ge $((least * 1000000)) ] ||
	    fail "only $bytes bytes of input here; is the compiler installed?"
	sample=$(ls /usr/share/common-licenses/GPL-* | head -n 1)
}

# What cp takes, with the input in memory as it will be for the others.
measure_cp() {
	mkdir copy
	t0=$(now)
	cp -L input/* copy || fail "cp"
	t1=$(now)
	rm -rf copy
	cp_ns=$((t1 - t0))
	ok "cp" "$count files, $((bytes / 1000000)) MB, $(ratio $cp_ns)"
}

for f in "$linux_serve" "$linux_send" "$nt_serve" "$nt_send"; do
	[ -f "$f" ] || {
		echo "demo: $f is not built" >&2
		exit 1
	}
done
work=$(mktemp -d "${DEMO_DIR:-${TMPDIR:-/tmp}}/reactor-demo.XXXXXX") || exit 1
trap finish EXIT
trap 'exit 130' INT TERM HUP
cd "$work" || exit 1
gather
measure_cp

start nt
transfer "Linux client to NT server, TCP" linux "$tcp"
transfer "NT client to NT server, AF_UNIX" nt 'uds|s'
second nt NT
stop "NT server"
ok "SIGINT to the NT server" "status 0, socket and pid file are gone"

start linux
transfer "NT client to Linux server, TCP" nt "$tcp"
transfer "Linux client to Linux server, AF_UNIX" linux 'uds|s'
second linux Linux
stop "Linux server"
ok "SIGINT to the Linux server" "status 0, socket and pid file are gone"

restart nt NT
stop "NT server"
restart linux Linux
stop "Linux server"

echo "demo: $steps of $steps steps passed, $((bytes / 1000000)) MB each way," \
    "$(($(date +%s) - began)) s"
