#!/bin/sh
# ci/fresh-root.sh DIR [make | run]: the acceptance test of ./bootstrap.
#   make	a bare Debian 12 root in DIR: minbase, git and ca-certificates
#   run	in a copy of it, clone this tree's HEAD, then ./bootstrap demo
#		and ./bootstrap check, with their times
# Without a word, both.  Run as root; it takes a gigabyte or five below DIR.
# All runs in name spaces of its own, so that nothing is left running or
# mounted.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/lib.sh"
. "$top/ci/sources.sh"

[ $# -gt 0 ] || die "usage: ci/fresh-root.sh DIR [make | run]"
case $1 in
/*) dir=$1 ;;
*) dir=$PWD/$1 ;;
esac
clean=$dir/clean
root=$dir/root

make_root()
{
	[ ! -f "$clean/.complete" ] || return 0
	rm -rf "$clean"
	mkdir -p "$dir"
	quietly "$dir/debootstrap.log" debootstrap --variant=minbase \
	    --include=git,ca-certificates bookworm "$clean" "$(debian_mirror)"
	touch "$clean/.complete"
}

# timed NAME COMMAND...: run COMMAND in the root, show the end of what it
# printed and how long it took.
timed()
{
	name=$1
	shift
	start=$(seconds)
	status=0
	chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    sh -c 'cd /root/libcompat && exec "$@"' sh "$@" \
	    >"$dir/$name.log" 2>&1 || status=$?
	say "$name: exit status $status, $(($(seconds) - start)) s, ends with"
	tail -n 25 "$dir/$name.log"
	return $status
}

# The part inside the name spaces.
run_inside()
{
	mount --bind "$root" "$root"
	mount -t proc proc "$root/proc"
	mount -t devpts devpts "$root/dev/pts"
	mount -t tmpfs tmpfs "$root/dev/shm"
	status=0
	timed demo ./bootstrap demo || status=1
	timed check ./bootstrap check || status=1
	return $status
}

run_root()
{
	rm -rf "$root"
	cp -a "$clean" "$root"
	git clone -q --no-hardlinks "$top" "$root/root/libcompat"
	unshare --mount --pid --fork --kill-child sh "$0" "$dir" inside
}

case ${2-both} in
make) make_root ;;
run) run_root ;;
both) make_root; run_root ;;
inside) run_inside ;;
*) die "usage: ci/fresh-root.sh DIR [make | run]" ;;
esac
