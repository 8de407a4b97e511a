#!/bin/sh
# ci/deps.sh SOURCES PREFIX HOST: cross-build Check and zlib for HOST from
# the unpacked sources SOURCES/check and SOURCES/zlib into PREFIX/HOST.
# Nothing is done for what is there already in the same version.  It needs
# no autotools, so that it runs in the Debian 13 root as well.
set -eu

sources=$1
host=$3
prefix=$2/$host
build=$2/build-$host
jobs=$(nproc 2>/dev/null || echo 2)

# key NAME: what was built from what, by which compiler.
key()
{
	printf '%s\n' 6	# raise it when the recipe changes
	cat "$sources/$1/.unpacked"
	"$host-gcc" -dumpfullversion
}

up_to_date()
{
	[ -f "$prefix/.$1" ] && [ "$(cat "$prefix/.$1")" = "$(key "$1")" ]
}

# Check cannot fork on NT, so each test program runs its tests in one
# process.  Its own tests, tools and manual are not wanted, and its generated
# files are as Debian ships them: `:` stands in for the autotools.
build_check()
{
	rm -rf "$build/check"
	mkdir -p "$build/check"
	cd "$build/check"
	"$sources/check/configure" --host="$host" --prefix="$prefix" \
	    --enable-fork=no --disable-subunit --disable-shared \
	    --disable-timeout-tests --disable-build-docs
	set -- AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=:
	make -j"$jobs" "$@" -C lib
	make -j"$jobs" "$@" -C src
	make "$@" -C src install
	make "$@" install-pcdataDATA
	# Its stand-in for clock_gettime(), which would hide winpthreads' own,
	# says that it is always 1970.
	"$host-ar" d "$prefix/lib/libcheck.a" clock_gettime.o || :
	cp check_stdint.h "$prefix/include/"
	# Check formats by a vsnprintf of its own, which knows %jd; what GCC
	# would hold its calls against, on NT, does not.
	sed -i 's/__attribute__ ((format (a, b, c)))//' \
	    "$prefix/include/check.h"
	# Debian's patch adds a library for shared objects and names it here.
	sed -i 's/-lcheck_pic/-lcheck/' "$prefix/lib/pkgconfig/check.pc"
}

# zlib's own configure refuses mingw; what it would do is this.
build_zlib()
{
	rm -rf "$build/zlib"
	mkdir -p "$build/zlib" "$prefix/lib/pkgconfig" "$prefix/include"
	cd "$build/zlib"
	for file in "$sources"/zlib/*.c; do
		"$host-gcc" -O2 -I"$sources/zlib" -c "$file"
	done
	rm -f "$prefix/lib/libz.a"
	"$host-ar" rcs "$prefix/lib/libz.a" ./*.o
	cp "$sources/zlib/zlib.h" "$sources/zlib/zconf.h" "$prefix/include/"
	version=$(sed -n 's/^#define ZLIB_VERSION "\([0-9.]*\).*/\1/p' \
	    "$sources/zlib/zlib.h")
	cat >"$prefix/lib/pkgconfig/zlib.pc" <<-END
	prefix=$prefix
	Name: zlib
	Description: zlib compression library
	Version: $version
	Libs: -L$prefix/lib -lz
	Cflags: -I$prefix/include
	END
}

mkdir -p "$prefix"
for name in check zlib; do
	up_to_date "$name" && continue
	(build_"$name")
	key "$name" >"$prefix/.$name"
done
rm -rf "$build"
