#!/bin/sh
# What is sent is stored, and reactor-send prints name, size and CRC-32.
. "$top_srcdir/tests/programs/lib.sh"

# crc FILE: 8 hexadecimal digits, from the end of what gzip makes of it.
crc() {
	gzip -c "$1" | tail -c 8 | od -An -tx1 -N4 |
	    awk '{ print $4 $3 $2 $1 }'
}

expect_line() {
	lines send.out | grep -x "$1 $2 $3" >/dev/null ||
	    fail "$1: no line '$1 $2 $3'"
}

round() {
	rm -rf in/*
	for size in 0 1 65534 65535 65536 131070 5242880; do
		make_file "f$size" $size
		send --to "$1" "f$size" </dev/null ||
		    fail "f$size over $1: failed"
		same "f$size" "f$size"
		expect_line "f$size" $size "$(crc "f$size")"
		[ -s send.err ] && fail "f$size: not silent"
	done

	# all at once, with one of which the size is not known beforehand
	cat f5242880 | send --to "$1" f0 - f1 f65535 f65536 ||
	    fail "several over $1: failed"
	same f5242880 stdin
	[ "$(lines send.out | wc -l)" -eq 5 ] || fail "not 5 lines"
	expect_line stdin 5242880 "$(crc f5242880)"

	send --to "$1" --name 'other name' - <f65535 || fail "--name: failed"
	same f65535 'other name'
	send --to "$1" --name empty - </dev/null || fail "empty: failed"
	[ -f in/empty ] && [ ! -s in/empty ] || fail "empty: not empty"

	# a name that is there is replaced
	make_file other 1000
	send --to "$1" --name f5242880 other </dev/null ||
	    fail "replacing: failed"
	same other f5242880
}

start_server 2 --listen 'tcp|127.0.0.1|0' --listen 'uds|s' --dir in \
    --pidfile pid
[ "$(lines serve.out | sed -n 2p)" = 'listening uds|s' ] ||
    fail "the second listener is not told"
case $address in
'tcp|127.0.0.1|0') fail "the port is not told" ;;
'tcp|127.0.0.1|'*) ;;
*) fail "$address: not the address" ;;
esac
round "$address"
round 'uds|s'
no_leftovers

# A temporary name that is taken is somebody's, and not to be touched.
make_file f 100
for i in 1 2 3 4 5 6 7 8; do
	echo mine >"in/.reactor-$(lines pid)-$((25 + i))"
done
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	send --to "$address" f </dev/null || fail "beside others': failed"
	same f f
done
[ "$(cat in/.reactor-*)" = "$(yes mine | head -n 8)" ] ||
    fail "somebody's temporary file was touched"
rm in/.reactor-*

# many
mkdir many
i=0
while [ $i -lt 300 ]; do
	echo "this is number $i" >many/n$i
	i=$((i + 1))
done
send --to "$address" many/* </dev/null || fail "many: failed"
[ "$(lines send.out | wc -l)" -eq 300 ] || fail "many: not 300 lines"
for f in many/*; do
	same "$f" "$(basename "$f")"
done

stop_server
[ -e s ] && fail "the socket is left behind"
[ -s serve.err ] && fail "the server had something to say"
no_leftovers
exit 0
