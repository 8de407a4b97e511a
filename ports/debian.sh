#!/bin/sh
# ports/debian.sh NAME: leave Debian's source package NAME, unchanged, in the
# cache's src/NAME.  With `where` behind it: print that folder, or say that it
# is missing.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/lib.sh"
. "$top/ci/sources.sh"

name=$1
if [ "${2-}" = where ]; then
	if ! [ -f "$cache/src/$name/.unpacked" ]; then
		echo "no $name in $cache; make ports-$name fetches it" >&2
		exit 1
	fi
	echo "$cache/src/$name"
	exit
fi
have apt-get || die "the source of $name comes by apt-get, which is not here"
fetch_sources "$name"
