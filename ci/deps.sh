#!/bin/sh
# ci/deps.sh SOURCES PREFIX HOST: cross-build Check, jansson and zlib for HOST
# from the unpacked sources SOURCES/check, SOURCES/jansson and SOURCES/zlib
# into PREFIX/HOST.  Nothing is done for what is there already in the same
# version.  It needs no autotools, so that it runs in the Debian 13 root as
# well.
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

# archive LIB FLAGS FILE...: compile all FILEs into $prefix/lib/libLIB.a.
archive()
{
	lib=$1
	flags=$2
	shift 2
	rm -rf "$build/$lib"
	mkdir -p "$build/$lib" "$prefix/lib/pkgconfig" "$prefix/include"
	cd "$build/$lib"
	for file; do
		# shellcheck disable=SC2086 # a list of words
		"$host-gcc" -O2 $flags -c "$file"
	done
	rm -f "$prefix/lib/lib$lib.a"
	"$host-ar" rcs "$prefix/lib/lib$lib.a" ./*.o
}

# describe NAME VERSION LIBS WHAT: let pkg-config know the library.
describe()
{
	cat >"$prefix/lib/pkgconfig/$1.pc" <<-END
	prefix=$prefix
	Name: $1
	Description: $4
	Version: $2
	Libs: -L$prefix/lib $3
	Cflags: -I$prefix/include
	END
}

# macro NAME FILE: the text, without quotes, that NAME is defined as.
macro()
{
	sed -n "s/^#define $1 \"\([0-9.]*\).*/\1/p" "$2"
}

# zlib's own configure refuses mingw; what it would do is this.
build_zlib()
{
	archive z -I"$sources/zlib" "$sources"/zlib/*.c
	cp "$sources/zlib/zlib.h" "$sources/zlib/zconf.h" "$prefix/include/"
	describe zlib "$(macro ZLIB_VERSION "$sources/zlib/zlib.h")" -lz \
	    'zlib compression library'
}

# Debian ships jansson without its configure, and what that would find out
# is known here.
build_jansson()
{
	config=$build/config
	mkdir -p "$config"
	sed -e 's/@json_inline@/inline/' -e 's/@json_[a-z_]*@/1/' \
	    "$sources/jansson/src/jansson_config.h.in" \
	    >"$config/jansson_config.h"
	cat >"$config/jansson_private_config.h" <<-END
	#define HAVE_STDINT_H 1
	#define USE_WINDOWS_CRYPTOAPI 1
	END
	archive jansson "-DHAVE_CONFIG_H -I$config" "$sources"/jansson/src/*.c
	cp "$config/jansson_config.h" "$sources/jansson/src/jansson.h" \
	    "$prefix/include/"
	describe jansson \
	    "$(macro JANSSON_VERSION "$sources/jansson/src/jansson.h")" \
	    '-ljansson -ladvapi32' 'JSON library'
}

mkdir -p "$prefix"
for name in check jansson zlib; do
	up_to_date "$name" && continue
	(build_"$name")
	key "$name" >"$prefix/.$name"
done
rm -rf "$build"
