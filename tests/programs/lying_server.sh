#!/bin/sh
# reactor-send believes nothing: what the server says of size and checksum
# must be what was sent.
. "$top_srcdir/tests/programs/lib.sh"

make_x file 100000
right='size:100000%0d%0acrc32:fe071171'

# broken WHAT TEXT COMMAND...: a server that does this; reactor-send says TEXT.
broken() {
	what=$1
	text=$2
	shift 2
	serve "$@"
	send --to "$address" --timeout 5 file </dev/null
	must_fail "$what" send.err "$text" $?
}

# serve COMMAND...: be a server that does this with one client.
serve() {
	: >serve.out
	${WINE-} "$raw" - listen "$@" >serve.out 2>serve.err </dev/null &
	server=$!
	pids="$pids $server"
	eventually listening 1 || fail "raw_peer does not listen"
	address=$(lines serve.out | sed -n 's/^listening //p')
}

# lie WHAT TEXT REPLY: a server that answers a file so.
lie() {
	serve welcome take reply "$3" bye
	send --to "$address" --timeout 5 file </dev/null
	must_fail "$1" send.err "file: $2" $?
	[ -s send.out ] && fail "$1: printed as stored"
	eventually gone "$server" || fail "$1: raw_peer hangs"
}

serve welcome take reply "$right" bye
send --to "$address" file </dev/null || fail "the truth: not believed"
lines send.out | grep -x 'file 100000 fe071171' >/dev/null ||
    fail "the truth: not printed"

lie "wrong size" "arrived damaged" 'size:99999%0d%0acrc32:fe071171'
lie "wrong crc32" "arrived damaged" 'size:100000%0d%0acrc32:fe071172'
lie "no crc32" "arrived damaged" 'size:100000'
lie "nothing" "arrived damaged" ''
lie "an error" "the disk is on fire" 'error:the disk is on fire'
lie "an empty error" "refused without a reason" 'error:'
lie "an error and the right size" "no" "$right%0d%0aerror:no"

# Frames that no server may send, and an end in the middle of everything.
unconfirmed='file: sent, but not confirmed'
broken "a Welcome" "$unconfirmed" welcome take \
    bytes 00010800000000000000000200000000 closed
broken "opcode 15" "$unconfirmed" welcome take \
    bytes 00010f00000000000000000200000000 closed
broken "no answer" "$unconfirmed" welcome take
broken "garbage" "cannot connect to" garbage 1000 closed
broken "no Hello" "cannot connect to" pause
exit 0
