#!/bin/sh
# ci/in-trixie.sh COMMAND [ARG...]: run COMMAND in the Debian 13 root that
# ./bootstrap keeps in its cache: Wine 10 and the UCRT cross-compiler.  The
# source tree (read-only), the cache and the current directory are seen there
# under their own names; nothing else of this machine is, but its
# pseudo-terminals.  /proc and the mounts live in a mount name space of their
# own and vanish with it.
#
# WINEPREFIX is the one in the cache unless set.  Needs root (or sudo).
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/lib.sh"
root=$cache/trixie

# bind DIR: let DIR be seen inside under its own name.
bind()
{
	[ -d "$root$1" ] || mkdir -p "$root$1"
	mount --bind "$1" "$root$1"
	mounts="$root$1 $mounts"
}

# In a mount name space of its own all this would vanish by itself; it is
# for the case that the name space could not be cut loose (see below).
unbind()
{
	for dir in $mounts; do
		umount -l "$dir" || true
	done
}

# The part inside the mount name space: as root, with $PWD still the caller's.
inside()
{
	owner=$1
	shift
	mounts=$root/proc
	trap unbind EXIT
	trap 'exit 1' HUP INT TERM
	mount -t proc proc "$root/proc"
	bind "$top"
	mount -o remount,bind,ro "$root$top"
	bind "$cache"
	[ ! -d /dev/pts ] || bind /dev/pts
	bind "$PWD"
	# sh -c: chroot(8) starts in /, and the command wants $PWD.
	chroot --userspec="$owner" "$root" /usr/bin/env -i \
	    PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$cache" USER=builder \
	    LIBCOMPAT_CACHE="$cache" \
	    LC_ALL=C.UTF-8 XDG_RUNTIME_DIR=/tmp WINE=wine \
	    WINEDEBUG=-all \
	    WINEPREFIX="${WINEPREFIX:-$cache/wine10}" \
	    WINEDLLOVERRIDES="mscoree,mshtml=;winedbg.exe=d" \
	    PKG_CONFIG_LIBDIR="$cache/x86_64-w64-mingw32ucrt/lib/pkgconfig" \
	    TEST_TIMEOUT="${TEST_TIMEOUT:-120}" \
	    sh -c 'cd "$1" && shift && exec "$@"' sh "$PWD" "$@"
}

if [ "${1-}" = --inside ]; then
	shift
	inside "$@"
	exit
fi

[ $# -gt 0 ] || die "usage: ci/in-trixie.sh COMMAND [ARG...]"
[ -f "$root/.ready" ] || die "no Debian 13 root in $cache; run ./bootstrap check"

# Mounts inside must not be seen outside.  Where / is no mount point (a plain
# chroot) the propagation cannot be changed.
propagation=private
as_root unshare --mount true 2>/dev/null || propagation=unchanged
owner=$(id -u):$(id -g)
if [ "$(id -u)" -eq 0 ]; then
	exec unshare --mount --propagation $propagation \
	    sh "$0" --inside "$owner" "$@"
fi
exec sudo -- env LIBCOMPAT_CACHE="$cache" WINEPREFIX="${WINEPREFIX-}" \
    unshare --mount --propagation $propagation sh "$0" --inside "$owner" "$@"
