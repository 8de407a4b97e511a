#!/bin/sh
# adminsock as a user has it: a server, commands, their output and status, and
# the end by a signal while a command is under way.
. "$top_srcdir/tests/programs/lib.sh"

admin=$(program programs/adminsock)
serve=$admin

# ask ARG...: run the client; its output goes to send.out and send.err.
ask() {
	${WINE-} "$admin" --path s "$@" >send.out 2>send.err </dev/null
}

# ends_with STATUS WHAT: the last command.
ends_with() {
	[ $? -eq "$1" ] || fail "$2: not status $1"
}

ask probe
ends_with 1 "probe of nothing"
ask ping
must_fail "ping of nothing" send.err 'cannot connect to s' $?

start_server 1 --path s serve
[ "$address" = s ] || fail "it listens at $address"
ask probe
ends_with 0 probe
ask ping
ends_with 0 ping
ask request '{"Count":3}'
ends_with 0 count
[ "$(lines send.out | tr '\n' ' ')" = '1 2 3 ' ] || fail "wrong count"
ask request '{"Echo":{"name":"grün"}}'
ends_with 0 echo
lines send.out | grep '"name": "grün"' >/dev/null || fail "wrong echo"
ask request '"Nope"'
ends_with 1 "no such command"
lines send.err | grep 'Nope: no such command' >/dev/null || fail "no reason"
ask request nonsense
ends_with 2 "no JSON"
ask frobnicate
ends_with 2 "no such word"

# A bad filter is an error and only that; a good one is seen.
ask log-set loud
ends_with 1 "bad filter"
ask log-set trace
ends_with 0 "good filter"
ask request '"Status"'
ends_with 0 status
lines send.out | grep '"filter": "trace"' >/dev/null || fail "filter not set"
lines send.err | grep 'debug: asked by process' >/dev/null || fail "no log"
ask log-reset
ends_with 0 "reset"

${WINE-} "$admin" --path s serve >raw.out 2>raw.err </dev/null
must_fail "second server" raw.err 's.lock: process' $?

stop_server
absent s || fail "the socket is left behind"
absent s.lock || fail "the lock is left behind"

# A command under way that takes too long is not waited for.
busy() {
	ask request '"Status"'
	lines send.out | grep '"busy": 2' >/dev/null
}
start_server 1 --path s --drain-time 100 serve
${WINE-} "$admin" --path s request '{"Wait":60000}' >raw.out 2>raw.err &
waiter=$!
pids="$pids $waiter"
eventually busy || fail "nothing is under way"
stop_server
wait $waiter
must_fail "interrupted" raw.err 'shutting down' $?
exit 0
