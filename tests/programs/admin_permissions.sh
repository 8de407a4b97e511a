#!/bin/sh
# Another user gets no further than the socket's mode lets him, and where that
# was changed no further than the server's look at who he is.
. "$top_srcdir/tests/programs/lib.sh"

[ $nt = no ] || skip "the tests have one user; LIM-UNIX-6"
[ "$(id -u)" -eq 0 ] || skip "only root can be somebody else"
setpriv --version >/dev/null 2>&1 || skip "there is no setpriv"

# Where anybody gets, with a program that anybody can run.
there=$(mktemp -d) || exit 99
chmod 755 "$there"
cp "$top_builddir/programs/adminsock" "$there/" || exit 99
trap 'rm -rf "$there"; cleanup' EXIT
serve=$there/adminsock
start_server 1 --path "$there/s" serve

other() {
	setpriv --reuid 65534 --regid 65534 --clear-groups \
	    "$there/adminsock" --path "$there/s" "$@" >send.out 2>send.err
}

other --version || fail "nobody cannot run it"
other ping
must_fail "another user" send.err 'Permission denied' $?
chmod 666 "$there/s"
other ping
must_fail "another user, let in" send.err 'permission denied' $?
"$there/adminsock" --path "$there/s" ping || fail "root is refused"
stop_server
exit 0
