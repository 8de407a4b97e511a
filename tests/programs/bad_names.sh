#!/bin/sh
# A name that could mean anything but one plain file in the directory is
# refused, says why, and leaves nothing; the connection goes on.  The table
# of names is in check_name.c; here they take the whole way.
. "$top_srcdir/tests/programs/lib.sh"

echo content >file
start_server 2 --listen 'tcp|127.0.0.1|0' --listen 'uds|in/socket' --dir in

for name in ../file .. . /file a/b 'a\b' '..\file' C:file file:stream nul \
    CON.txt com1 Lpt9.log 'dot.' .reactor-1-1 'a*' 'a|b'; do
	send --to "$address" --name "$name" file
	must_fail "$name" send.err "the name " $?
	[ -s send.out ] && fail "$name: printed as stored"
done

# Text headers drop these blanks, and cannot have the others in them.
for name in 'a ' ' a' 'a
b'; do
	send --to "$address" --name "$name" file
	must_fail "$name" send.err "file: has a name that cannot be sent" $?
done

# These reactor-send cannot even be asked for on both systems.
for name in '' 'a%00b' '%00' '%ff' '%c0%af' 'a%1b' '%ed%a0%80' \
    "$(head -c 300 /dev/zero | tr '\0' n)" \
    "$(head -c 20000 /dev/zero | tr '\0' n)"; do
	raw "$address" hello first 7 "$name" 3 3 last answer 7 \
	    first 8 fine 4 4 last answer 8 || fail "$name: no answer"
	lines raw.out | grep '^error:the name ' >/dev/null ||
	    fail "$name: not refused"
	make_x x 4
	same x fine
	rm in/fine
done

# The first part must say what is to come.
raw "$address" hello next 7 5 last answer 7 || fail "no name: no answer"
lines raw.out | grep '^error:the name is missing' >/dev/null ||
    fail "no name: not refused"
for size in '' x 12x -1 1.5 99999999999999999999 9223372036854775808; do
	raw "$address" hello first 7 file "$size" 3 more next 7 1 last \
	    answer 7 || fail "size '$size': no answer"
	lines raw.out | grep '^error:the size ' >/dev/null ||
	    fail "size '$size': not refused"
done

# What is there and is no file stays.
mkdir in/dir
send --to "$address" --name dir file
must_fail dir send.err "is a directory" $?
[ -d in/dir ] || fail "the directory is gone"
rmdir in/dir
send --to "$address" --name socket file
must_fail socket send.err "is not a plain file" $?
send --to 'uds|in/socket' --name fine file || fail "the socket is gone"
rm in/fine

stop_server
[ -z "$(ls -A in)" ] || fail "stored: $(ls -A in)"
[ "$(ls -A ..  | grep -c '^file$')" -eq 0 ] || fail "the directory was left"
exit 0
