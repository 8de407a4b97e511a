#!/bin/sh
# ci/make-trixie.sh ROOT MIRROR: make a Debian 13 root with Wine 10 and the
# UCRT cross-compiler in the directory ROOT, from the Debian archive MIRROR.
# Run as root.  Nothing is done when ROOT is complete and as wanted here.
set -eu

root=$1
mirror=$2
recipe=4	# raise it when what is installed changes
packages='gcc-mingw-w64-ucrt64 g++-mingw-w64-ucrt64 pkgconf make wine wine64
    xz-utils procps mount netbase'

if [ "$(cat "$root/.ready" 2>/dev/null)" = "$recipe" ]; then
	exit 0
fi

# Inside a mount name space: what is mounted here ends with this script.
if [ "${IN_NAMESPACE-}" != yes ]; then
	propagation=private
	unshare --mount true 2>/dev/null || propagation=unchanged
	IN_NAMESPACE=yes exec unshare --mount --propagation $propagation \
	    sh "$0" "$@"
fi

# A tree that is mounted inside would be removed with the old root.
if grep -q " $root[./]" /proc/mounts; then
	echo "something is still mounted below $root" >&2
	exit 1
fi
rm -rf "$root" "$root.new"
debootstrap --variant=minbase trixie "$root.new" "$mirror"

# What a lost machine would lose can be fetched again.
echo force-unsafe-io >"$root.new/etc/dpkg/dpkg.cfg.d/unsafe-io"
mount -t proc proc "$root.new/proc"
trap 'umount -l "$root.new/proc"' EXIT
trap 'exit 1' HUP INT TERM
inside="chroot $root.new env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive"
[ -z "${http_proxy-}" ] || inside="$inside http_proxy=$http_proxy"
$inside apt-get -q update
# shellcheck disable=SC2086 # a list of words
$inside apt-get -q install -y --no-install-recommends $packages
$inside apt-get clean
umount "$root.new/proc"
trap - EXIT

mv "$root.new" "$root"
echo $recipe >"$root/.ready"
