#!/bin/sh
# make ports-libev: libev as a port builds it, by its own configure, and a
# program of ours that uses its watchers on the epoll backend (libev brings no
# tests); the results must be Linux's but for ports/libev/exceptions.
name=libev
. "$(dirname "$0")/../lib.sh"

source=$(sh "$here/../debian.sh" $name where) || exit 77
make="${MAKE:-make} AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=:"
unset MAKEFLAGS MFLAGS MAKELEVEL

# shellcheck disable=SC2086 # lists of words
make_unix() {
	if [ -n "$exe" ]; then
		"$source/configure" --host="$($CC -dumpmachine)" CC="$CC" \
		    CPPFLAGS="$cppflags" CFLAGS='-O2 -g' LIBS="$libs" \
		    --disable-shared && $make &&
		    $CC $cppflags -O2 -g -w -I"$source" -o "api$exe" \
		    "$here/api.c" .libs/libev.a -static -pthread $libs
	else
		make_linux
	fi
}

make_linux() {
	CC=cc CFLAGS='-O2 -g' CPPFLAGS='' LDFLAGS='' LIBS='' \
	    "$source/configure" --disable-shared && $make &&
	    cc -D_GNU_SOURCE -O2 -g -w -I"$source" -o api "$here/api.c" \
	    .libs/libev.a -pthread -lm
}

build() {
	rm -rf "${work:?}/$1"
	mkdir -p "$work/$1"
	say "building: $1"
	(cd "$work/$1" && make_"$1") >"$work/$1.log" 2>&1 ||
	    fail "did not build: $work/$1.log"
}

stage
for b in $(builds); do
	build "$b"
	cd "$work/$b" || exit 99
	say "running: $b"
	suffix=$([ "$b" = linux ] || echo "$exe")
	run "$b" 60 "./api$suffix" </dev/null 2>&1 | tr -d '\r' |
	    tee "$work/$b.output" | awk '{ sub(":", "", $2); print $1, $2 }' \
	    >"$work/$b.results"
	grep ' fail' "$work/$b.output"
done
judge
