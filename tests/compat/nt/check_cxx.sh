#!/bin/sh
# check_cxx.sh: each drop-in header is good C++, alone; libstdc++'s headers go
# with all of them, before and behind; and such a program links, calls this
# library by std's names, and runs (cxx.cc).
set -eu

gcc=${CC:-x86_64-w64-mingw32-gcc}
cxx=
for name in "${gcc%gcc*}g++-posix" "${gcc%gcc*}g++"; do
	command -v "$name" >/dev/null || continue
	cxx=$name
	break
done
case $gcc in
*clang*) cxx= ;;
esac
[ -n "$cxx" ] || { echo "check_cxx: no C++ compiler beside $gcc"; exit 77; }

top_builddir=$(cd "$top_builddir" && pwd)
dir=$(mktemp -d "$top_builddir/cxx.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
include=$top_srcdir/compat/include
flags="-Wall -Wextra -Werror -I$include -I$top_srcdir/compat -I$dir"
status=0

wrong()
{
	echo "check_cxx: $*:"
	sed 10q log
	status=1
}

headers=$(cd "$include" && find . -name '*.h' | sed 's,^\./,,' |
    grep -vE '^(bits/|ftw\.h|posix\.h|winsock2?\.h)' | sort)
for h in $headers compat.h; do
	echo "#include <$h>" | tee -a ours.h >one.cc
	# shellcheck disable=SC2086 # a list of words
	$cxx -std=c++11 $flags -include posix.h -fsyntax-only one.cc 2>log ||
	    wrong "$h"
done
for h in cstdlib cmath; do
	echo "#include <$h>" >one.cc
	# shellcheck disable=SC2086
	$cxx -std=gnu++17 $flags -fsyntax-only one.cc 2>log || wrong "$h"
done

lib=$top_builddir/.libs/libcompat.a
[ -f "$lib" ] || lib=$top_builddir/.libs/libcompat.dll.a
for order in '-std=gnu++17 -DOURS_FIRST' '-std=gnu++20 -DOURS_LAST'; do
	# shellcheck disable=SC2086
	$cxx $order -O1 $flags -include posix.h -c -o cxx.o \
	    "$top_srcdir/tests/compat/nt/cxx.cc" 2>log ||
	    { wrong "cxx.cc $order"; continue; }
	$cxx -static -o cxx.exe cxx.o "$lib" -lws2_32 -lmswsock -lntdll \
	    -ladvapi32 2>log || { wrong "link, $order"; continue; }
	timeout 50 ${WINE:-} ./cxx.exe >log 2>&1 || wrong "run, $order: $?"
done
exit $status
