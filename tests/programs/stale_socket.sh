#!/bin/sh
# A server that was killed leaves its socket and its pid file; the next one
# starts over them.
. "$top_srcdir/tests/programs/lib.sh"

echo content >file
for round in 1 2 3; do
	start_server 1 --listen 'uds|s' --dir in --pidfile pid
	send --to 'uds|s' --name "file$round" file || fail "round $round"
	same file "file$round"
	kill -9 "$server"
	wait "$server" 2>/dev/null
	[ -e s ] || fail "the killed server's socket is gone"
	[ -e pid ] || fail "the killed server's pid file is gone"
	send --to 'uds|s' file
	must_fail "nobody listens" send.err 'cannot connect to uds|s' $?
done

start_server 1 --listen 'uds|s' --dir in --pidfile pid
send --to 'uds|s' file || fail "over what is left: failed"
stop_server
[ -e s ] && fail "the socket is left behind"
[ -e pid ] && fail "the pid file is left behind"
exit 0
