#!/bin/sh
# A server that takes the connection and then says nothing any more is given
# up after --timeout; a server that is stopped says nothing.
. "$top_srcdir/tests/programs/lib.sh"

start_server 1 --listen 'tcp|127.0.0.1|0' --dir in
mkfifo hold
${WINE-} "$send" --to "$address" --timeout 1 --name slow - <hold \
    >send.out 2>send.err &
client=$!
pids="$pids $client"
exec 9>hold
make_file part 200000
cat part >&9
eventually has_temporary || fail "the file does not begin"
kill -STOP "$server"
exec 9>&-
eventually gone $client || fail "the client waits for ever"
wait $client
must_fail "silent server" send.err "nothing moved for 1 seconds" $?

# Nobody answers the Hello either.
echo content >file
send --to "$address" --timeout 1 file
must_fail "silent from the start" send.err "cannot connect to $address" $?

# What the first client had begun is gone, or whole, when it goes on.
kill -CONT "$server"
stop_server
no_leftovers
exit 0
