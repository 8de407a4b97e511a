#!/bin/sh
# What is not as long as was announced is not stored; files mix on one
# channel without harm to each other.
. "$top_srcdir/tests/programs/lib.sh"

start_server 1 --listen 'tcp|127.0.0.1|0' --dir in

refused() {
	lines raw.out | grep "^error:$1" >/dev/null || fail "not refused: $1"
	[ -z "$(ls -A in)" ] || fail "stored: $(ls -A in)"
}

raw "$address" hello first 5 short 10 4 more next 5 5 last answer 5 ||
    fail "short: no answer"
refused 'short: 9 bytes came, 10 were announced'

# The answer comes as soon as it is too much; the rest is thrown away.
raw "$address" hello first 5 long 10 4 more next 5 7 more answer 5 \
    next 5 100 more next 5 100 last || fail "long: no answer"
refused 'long: longer than the 10 bytes'

# A size that is said at the end, or not at all: the sender gave up.
raw "$address" hello first 5 later - 4 more next 5 5 last answer 5 ||
    fail "later: no answer"
refused 'later: was given up'
raw "$address" hello first 5 later - 4 more last 5 8 5 answer 5 ||
    fail "later: no answer"
refused 'later: 9 bytes came, 8 were announced'
raw "$address" hello first 5 later - 4 more last 5 9 5 answer 5 ||
    fail "later: no answer"
make_x x 9
same x later

# Three under way at once, one of them bad, ended in another order.
raw "$address" hello first 1 a 70000 65535 more first 2 b 3 1 more \
    first 3 ../c 5 5 more next 2 1 more next 1 4465 last next 3 1 last \
    next 2 1 last answer 3 || fail "mixed: no answer"
raw "$address" hello first 1 a 70000 65535 more first 2 b 3 1 more \
    next 2 1 more next 1 4465 last answer 1 next 2 1 last answer 2 ||
    fail "mixed: no answer"
make_x x 70000
same x a
make_x x 3
same x b
lines raw.out | grep '^size:70000' >/dev/null || fail "a: wrong size"
lines raw.out | grep '^size:3' >/dev/null || fail "b: wrong size"

# An id is free again once its file is answered.
raw "$address" hello first 1 d 3 3 last answer 1 first 1 e 2 2 last \
    answer 1 || fail "the same id again: no answer"
make_x x 2
same x e

# More files at once than anybody needs end the connection.
set -- hello
i=1
while [ $i -le 300 ]; do
	set -- "$@" first $i m$i 2 1 more
	i=$((i + 1))
done
raw "$address" "$@" closed || fail "300 files at once: not closed"
eventually no_leftovers_yet || fail "300 files at once: left behind"
[ -e in/m1 ] && fail "stored half a file"

stop_server
no_leftovers
exit 0
