#!/bin/sh
# SIGINT, on NT CTRL_C: nobody new, what is in flight is finished, everything
# is put away, status 0.
. "$top_srcdir/tests/programs/lib.sh"

# stop SIGNAL: with a file half sent.
stop() {
	start_server 2 --listen 'uds|s' --listen 'tcp|127.0.0.1|0' --dir in \
	    --pidfile pid
	mkfifo hold
	${WINE-} "$raw" 'uds|s' hello first 9 half 70000 65535 more pause \
	    first 10 late 1 1 last next 9 4465 last answer 9 closed \
	    <hold >raw.out 2>raw.err &
	peer=$!
	pids="$pids $peer"
	exec 9>hold
	eventually has_temporary || fail "the file does not begin"

	kill -"$1" "$server"
	eventually absent s || fail "SIG$1: the socket is still there"
	gone "$server" && fail "SIG$1: did not wait for the file"
	send --to 'uds|s' pid
	must_fail "a new client" send.err 'cannot connect' $?
	exec 9>&-

	end_server 0
	eventually gone "$peer" || fail "SIG$1: the client hangs"
	wait "$peer" || fail "SIG$1: the client failed"
	make_x x 70000
	same x half
	lines raw.out | grep '^size:70000' >/dev/null ||
	    fail "SIG$1: no answer for what was in flight"
	[ -e in/late ] && fail "SIG$1: a new file was taken"
	[ -e pid ] && fail "SIG$1: the pid file is left behind"
	no_leftovers
	rm -f in/* hold
}

stop INT
# Wine hands on SIGINT only; the others end its process as they do on Linux
# when nobody catches them.
if [ $nt = no ]; then
	stop TERM
	stop HUP
fi

# Who does not finish is cut off, after 5 seconds.
start_server 1 --listen 'uds|s' --dir in --pidfile pid
${WINE-} "$raw" 'uds|s' hello first 9 half 70000 65535 more closed \
    >raw.out 2>raw.err &
peer=$!
pids="$pids $peer"
eventually has_temporary || fail "the file does not begin"
stop_server
lines serve.err | grep '1 unfinished files dropped' >/dev/null ||
    fail "nothing is said of the file dropped"
wait "$peer" || fail "the client was not cut off"
[ -z "$(ls -A in)" ] || fail "left behind: $(ls -A in)"
[ -e pid ] && fail "the pid file is left behind"

# However long it would wait, a second signal is enough.
TRIPWIRE_DEADLINE=600000
export TRIPWIRE_DEADLINE
start_server 1 --listen 'uds|s' --dir in --pidfile pid
${WINE-} "$raw" 'uds|s' hello first 9 half 70000 65535 more closed \
    >raw.out 2>raw.err &
peer=$!
pids="$pids $peer"
eventually has_temporary || fail "the file does not begin"
kill -INT "$server"
eventually absent s || fail "the first signal does nothing"
gone "$server" && fail "did not wait for the file"
stop_server
lines serve.err | grep '1 unfinished files dropped' >/dev/null ||
    fail "nothing is said of the file cut off"
wait "$peer" || fail "the client was not cut off by the second signal"
[ -z "$(ls -A in)" ] || fail "left behind: $(ls -A in)"
[ -e pid ] && fail "the pid file is left behind"
exit 0
