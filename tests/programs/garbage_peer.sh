#!/bin/sh
# A peer that sends garbage is cut off; the others notice nothing.
. "$top_srcdir/tests/programs/lib.sh"

start_server 2 --listen 'tcp|127.0.0.1|0' --listen 'uds|s' --dir in
make_file file 1000000

for to in "$address" 'uds|s'; do
	raw "$to" garbage 100000 closed || fail "noise: not cut off"
	# from the start of a frame: no Hello, bad opcode, reserved bit
	raw "$to" first 1 early 2 2 last closed || fail "no Hello: taken"
	raw "$to" bytes 00000f00000000000000000100000000 closed ||
	    fail "opcode 15: taken"
	raw "$to" bytes 00008300000000000000000100000000 closed ||
	    fail "reserved bit: taken"
	# ... and behind a proper Hello, with a file under way
	raw "$to" hello first 1 half 100 50 more garbage 5000 closed ||
	    fail "noise after Hello: not cut off"
	raw "$to" hello first 1 half 100 50 more \
	    bytes 00000800000000000000000200000000 closed ||
	    fail "a Welcome from outside: taken"
	# what means nothing here is passed over
	raw "$to" hello bytes 00000200000000000000000300000000 \
	    first 1 fine 3 3 last answer 1 || fail "Signal: cut off"
	eventually no_leftovers_yet || fail "half a file is left behind"
	[ -e in/half ] && fail "half a file is stored"
	[ -e in/early ] && fail "a file without Hello is stored"
	send --to "$to" file </dev/null || fail "the next client is disturbed"
	same file file
done

stop_server
no_leftovers
exit 0
