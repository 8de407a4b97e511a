#!/bin/sh
# Things that are not there, on both command lines: a sentence that names
# them, and a status that is not 0.
. "$top_srcdir/tests/programs/lib.sh"

serve_fails() {
	what=$1
	text=$2
	shift 2
	${WINE-} "$serve" "$@" >send.out 2>send.err </dev/null
	must_fail "$what" send.err "$text" $?
	[ -s send.out ] && fail "$what: it listened"
}

send_fails() {
	what=$1
	text=$2
	shift 2
	send "$@" </dev/null
	must_fail "$what" send.err "$text" $?
	[ -s send.out ] && fail "$what: printed as stored"
}

tcp='tcp|127.0.0.1|0'
: >plain
serve_fails "missing directory" "nowhere: No such" --listen $tcp \
    --dir nowhere
serve_fails "file for a directory" "plain: Not a directory" --listen $tcp \
    --dir plain
serve_fails "pid file nowhere" "nowhere/pid: No such" --listen $tcp \
    --dir in --pidfile nowhere/pid
echo precious >precious
serve_fails "not a pid file" "precious: exists and is not a pid file" \
    --listen $tcp --dir in --pidfile precious
[ "$(cat precious)" = precious ] || fail "somebody's file is overwritten"
serve_fails "no directory given" "--dir is missing" --listen $tcp
serve_fails "no listener given" "--listen is missing" --dir in
serve_fails "superfluous argument" "extra: not an option" --listen $tcp \
    --dir in extra
serve_fails "unknown option" "" --listen $tcp --dir in --nonsense

echo content >file
send_fails "nobody there" 'cannot connect to tcp|127.0.0.1|1' \
    --to 'tcp|127.0.0.1|1' file
send_fails "no socket there" 'cannot connect to uds|nowhere' \
    --to 'uds|nowhere' file
send_fails "no address" 'cannot connect to nonsense' --to nonsense file
send_fails "nobody given" "--to is missing" file
send_fails "no file given" "no file is given" --to $tcp
send_fails "two files, one name" "--name is for one file" --to $tcp \
    --name x file plain
send_fails "no time" "--timeout 0" --to $tcp --timeout 0 file

start_server 1 --listen $tcp --dir in
mkdir sub
echo other >sub/file
send_fails "one name twice" "both would be stored as file" --to "$address" \
    file sub/file

# What cannot be read does not keep the rest from being sent.
send --to "$address" file missing sub plain </dev/null
must_fail "missing file" send.err "missing: No such" $?
must_fail "directory" send.err "sub: Is a directory" 1
lines send.out | grep '^plain 0 00000000$' >/dev/null ||
    fail "the file after the missing one is not sent"
same file file
same plain plain
stop_server

for prog in "$serve" "$send"; do
	${WINE-} "$prog" --version >send.out 2>send.err || fail "--version"
	lines send.out | grep '^reactor-[a-z]* (.*) [0-9]' >/dev/null ||
	    fail "no version"
	${WINE-} "$prog" --help >send.out 2>send.err || fail "--help"
	lines send.out | grep '^usage: reactor-' >/dev/null || fail "no usage"
done
exit 0
