#!/bin/sh
# ports/epoll-shim/source.sh: leave epoll-shim's tests, unchanged, in the
# cache's src/epoll-shim.  Debian has no package of it: it is fetched from its
# home by commit, which is its checksum; or from the clone that
# $EPOLL_SHIM_GIT names.  With `where`: print that folder, or say that it is
# missing.  77: it cannot be fetched.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/ci/lib.sh"

url=${EPOLL_SHIM_GIT:-https://github.com/jiixyj/epoll-shim.git}
commit=18159584bb3d17e601b9315a7398ace018251bdc
to=$cache/src/epoll-shim

if [ "${1-}" = where ]; then
	if ! [ -f "$to/.unpacked" ]; then
		echo "no epoll-shim in $cache; make ports-epoll-shim" \
		    "fetches it" >&2
		exit 1
	fi
	echo "$to"
	exit
fi

fetch()
{
	git init -q --bare "$to.git" &&
	    { git -C "$to.git" fetch -q --depth 1 "$url" "$commit" ||
	    git -C "$to.git" fetch -q "$url" HEAD; } &&
	    git -C "$to.git" cat-file -e "$commit^{commit}"
}

[ "$(cat "$to/.unpacked" 2>/dev/null)" != "$commit" ] || exit 0
have git || { echo "epoll-shim: skipped: there is no git" >&2; exit 77; }
rm -rf "$to" "$to.git"
mkdir -p "$to"
say "fetching epoll-shim from $url"
if ! quietly "$cache/log/epoll-shim" fetch; then
	rm -rf "$to" "$to.git"
	echo "epoll-shim: skipped: $url cannot be fetched" >&2
	exit 77
fi
git -C "$to.git" archive "$commit" | tar -x -C "$to"
rm -rf "$to.git"
echo "$commit" >"$to/.unpacked"
