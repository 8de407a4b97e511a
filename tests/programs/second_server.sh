#!/bin/sh
# One server per pid file: the second says which process has it.
. "$top_srcdir/tests/programs/lib.sh"

start_server 1 --listen 'tcp|127.0.0.1|0' --dir in --pidfile pid
holder=$(lines pid)
case $holder in
''|*[!0-9]*) fail "'$holder': no process id" ;;
esac
[ $nt = yes ] || [ "$holder" -eq "$server" ] ||
    fail "$holder is not the server, $server"

${WINE-} "$serve" --listen 'tcp|127.0.0.1|0' --dir in --pidfile pid \
    >send.out 2>send.err </dev/null
must_fail "second server" send.err "pid: process $holder holds this" $?
[ -s send.out ] && fail "the second server listened"
[ "$(lines pid)" = "$holder" ] || fail "the pid file is changed"

# Nor can a client replace it.
mkdir held
start_server 1 --listen 'tcp|127.0.0.1|0' --dir held --pidfile held/pid
echo 1 >file
send --to "$address" --name pid file
must_fail "replacing the pid file" send.err "is the server's pid file" $?
stop_server
[ -z "$(ls -A held)" ] || fail "left behind: $(ls -A held)"

# Once the first is gone the next one may start.
server=$(echo $pids | cut -d ' ' -f 1)
kill -INT "$server"
end_server 0
[ -e pid ] && fail "the pid file is left behind"
start_server 1 --listen 'tcp|127.0.0.1|0' --dir in --pidfile pid
stop_server
[ -e pid ] && fail "the pid file is left behind"
exit 0
