#!/bin/sh
# compat-kill, as kill(1): a server that is sent SIGTERM from another process
# finishes and ends with 0, on NT too, where it is known by NT's process id.
. "$top_srcdir/tests/programs/lib.sh"
kill=$(program programs/compat-kill)

# killer ARG...: run compat-kill; its output goes to send.out and send.err.
killer() {
	${WINE-} "$kill" "$@" >send.out 2>send.err
}

# kills STATUS ARG...: it must end with that status.
kills() {
	want=$1
	shift
	killer "$@"
	got=$?
	[ $got -eq "$want" ] || fail "compat-kill $*: status $got"
}

# says TEXT ARG...: that is all it prints.
says() {
	text=$1
	shift
	kills 0 "$@"
	[ "$(lines send.out)" = "$text" ] || fail "compat-kill $*: not $text"
}

# Names and numbers.
says TERM -l 15
says TERM -l 143
says KILL -l 137
says RTMIN+1 -l 35
kills 0 -l
for name in HUP INT QUIT KILL USR1 TERM CHLD RTMIN RTMAX; do
	lines send.out | grep -x $name >/dev/null || fail "-l lacks $name"
done

# What is wrong.
kills 2
kills 2 -TERM
kills 2 -s
kills 2 -NONSENSE 1
kills 1 -l 99999
kills 1 -0 word
must_fail "a word" send.err 'not a process id' 1

# Groups: our own, and one that nobody is in.
kills 0 -0 0
kills 1 -TERM -- -99999999
must_fail "an empty group" send.err '-99999999: No such process' 1
kills 1 -- -99999999

# serve_and_send ARG...: start it, signal it with these options.
serve_and_send() {
	start_server 1 --listen 'uds|s' --dir in --pidfile pid
	id=$(lines pid)
	kills 0 "$@" "$id"
	end_server 0
	[ -e pid ] && fail "$*: the pid file is left behind"
	[ -e s ] && fail "$*: the socket is left behind"
	kills 1 -0 "$id"
	must_fail "a dead process" send.err "$id: No such process" 1
}

serve_and_send
serve_and_send -TERM
serve_and_send -s SIGINT
serve_and_send -s hup --

# Signal 0 only asks, and 9 is the end of it.
start_server 1 --listen 'uds|s' --dir in --pidfile pid
id=$(lines pid)
kills 0 -0 "$id"
kills 0 -0 -1
kills 0 -s 0 -- -1
gone "$server" && fail "signal 0 ended the server"
kills 0 -9 "$id"
eventually gone "$server" || fail "the server lives"
wait "$server"
status=$?
[ $status -eq 137 ] || fail "killed, and its status is $status"
exit 0
