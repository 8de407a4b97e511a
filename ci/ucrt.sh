#!/bin/sh
# ci/ucrt.sh: build and test for NT with the UCRT toolchain, in the current
# directory.  Run by ci/in-trixie.sh, which sets the environment.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
host=x86_64-w64-mingw32ucrt
jobs=$(nproc)
deps=${PKG_CONFIG_LIBDIR%/"$host"/*}

"$top/ci/deps.sh" "$deps/src" "$deps" "$host"
export PKG_CONFIG=pkg-config
[ -f config.status ] || "$top/configure" --enable-werror --host="$host"
make -j"$jobs"
make -j"$jobs" check TESTS=

if ! [ -f "$WINEPREFIX/.ready" ]; then
	rm -rf "$WINEPREFIX"
	timeout 300 wineboot -i
	wineserver -w
	touch "$WINEPREFIX/.ready"
fi
# One server for the whole run, ended with all that a test left behind.
/usr/lib/wine/wineserver64 -p
trap '/usr/lib/wine/wineserver64 -k' EXIT
make check
