#!/bin/sh
# A listener that cannot be is told by name; the server does not start, and
# what it had opened by then is gone.
. "$top_srcdir/tests/programs/lib.sh"

start_server 2 --listen 'tcp|127.0.0.1|0' --listen 'uds|s' --dir in

refused() {
	what=$1
	shift
	${WINE-} "$serve" --dir in --pidfile pid --listen 'uds|other' \
	    --listen "$@" >send.out 2>send.err </dev/null
	must_fail "$what" send.err "$what" $?
	[ -e pid ] && fail "$what: the pid file is left behind"
	[ -e other ] && fail "$what: the first socket is left behind"
}

refused "$address" "$address"
refused 'uds|s' 'uds|s'
refused 'uds|nowhere/s' 'uds|nowhere/s'
refused 'no address' 'no address'
refused 'tcp|127.0.0.1|70000' 'tcp|127.0.0.1|70000'
long=$(head -c 200 /dev/zero | tr '\0' p)
refused "uds|$long" "uds|$long"
: >plain
refused 'uds|plain' 'uds|plain'
[ -f plain ] || fail "a plain file was removed for a socket"

# The first server has not noticed.
echo content >file
send --to "$address" file </dev/null || fail "the first server is disturbed"
send --to 'uds|s' file </dev/null || fail "the first server's socket is gone"
stop_server
exit 0
