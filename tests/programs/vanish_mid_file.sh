#!/bin/sh
# A client that vanishes mid-file leaves nothing, and does not disturb what
# had the name before; a server that vanishes is an error that names the file.
. "$top_srcdir/tests/programs/lib.sh"

start_server 2 --listen 'tcp|127.0.0.1|0' --listen 'uds|s' --dir in
echo old >in/file
mkfifo hold

# half ADDRESS: a client with half a file, and half a frame, on its way.
half() {
	${WINE-} "$raw" "$1" hello first 1 file 999999 65535 more \
	    next 1 65535 more bytes 0000200000 pause \
	    <hold >raw.out 2>raw.err &
	peer=$!
	pids="$pids $peer"
	exec 9>hold
	eventually has_temporary || fail "the file does not begin"
}

nothing_left() {
	eventually no_leftovers_yet || fail "half a file is left behind"
	[ "$(cat in/file)" = old ] || fail "the old file is gone"
	[ "$(ls -A in)" = file ] || fail "stored: $(ls -A in)"
}

for to in "$address" 'uds|s'; do
	# killed
	half "$to"
	kill -9 $peer
	wait $peer 2>/dev/null
	exec 9>&-
	nothing_left

	# ended
	half "$to"
	exec 9>&-
	wait $peer || fail "ending: failed"
	nothing_left
done

# The server is killed while a file is on its way.
rm -f in/file
${WINE-} "$send" --to 'uds|s' --name broken - <hold >send.out 2>send.err &
client=$!
pids="$pids $client"
exec 9>hold
make_file part 200000
cat part >&9
eventually has_temporary || fail "the file does not begin"
kill -9 "$server"
wait "$server" 2>/dev/null
# reactor-send finds out when it has something to send again, or at the end
cat part >&9 2>/dev/null
exec 9>&-
eventually gone $client || fail "the client hangs"
wait $client
# ... and how far it was by then is not told to the byte
must_fail "lost connection" send.err "reactor-send: -: " $?
[ -e in/broken ] && fail "half a file is stored"
exit 0
