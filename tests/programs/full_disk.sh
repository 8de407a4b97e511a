#!/bin/sh
# A full disk is told by the file's name, leaves nothing, and passes.
. "$top_srcdir/tests/programs/lib.sh"

[ "$(id -u)" = 0 ] || skip "a small file system takes root to mount"
mount -t tmpfs -o size=1m tmpfs in 2>/dev/null ||
    skip "no file system can be mounted here"
mounted=$scratch/in
unmount() {
	status=$?
	for pid in $pids; do
		kill -9 "$pid" 2>/dev/null
	done
	wait 2>/dev/null
	umount "$mounted"
	(exit $status)
	cleanup
}
trap unmount EXIT

start_server 1 --listen 'tcp|127.0.0.1|0' --dir in
make_file big 5000000
make_file small 100000
send --to "$address" big small </dev/null
must_fail "big file" send.err "big: cannot write: No space left" $?
lines send.out | grep '^small 100000 ' >/dev/null ||
    fail "the small file is not stored"
same small small
[ "$(ls -A in)" = small ] || fail "left behind: $(ls -A in)"
lines serve.err | grep 'big: cannot write: No space left' >/dev/null ||
    fail "the server does not say it"

# Full to the last byte: what was there stays.
head -c 2000000 /dev/zero >in/fill 2>/dev/null
make_file new 100000
send --to "$address" --name small new </dev/null
must_fail "replacing on a full disk" send.err "small: cannot " $?
same small small
rm in/fill
send --to "$address" --name small new </dev/null || fail "room again: failed"
same new small
stop_server
no_leftovers
exit 0
