#!/bin/sh
# make ports-libevent: libevent as a port builds it, by its own configure, and
# its own regression test with the epoll backend, each case in a process of its
# own; the results must be Linux's but for ports/libevent/exceptions.
#
# run.sh [PATTERN]: only the cases that match the extended regular expression.
name=libevent
. "$(dirname "$0")/../lib.sh"

source=$(sh "$here/../debian.sh" $name where) || exit 77
make="${MAKE:-make} AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=:"
unset MAKEFLAGS MFLAGS MAKELEVEL
# NT has no zlib; what is the same on both has the same cases.
options='--disable-shared --disable-openssl --disable-samples
    ac_cv_header_zlib_h=no'

# make_unix, make_linux: in a copy, since its make writes beside its sources.
make_unix() {
	if [ -n "$exe" ]; then
		host=$($CC -dumpmachine)
		# libtool keeps -static for itself in configure's flags.
		./configure --host="$host" CC="$CC" CPPFLAGS="$cppflags" \
		    CFLAGS='-O2 -g' LIBS="$libs" $options &&
		    $make LDFLAGS=-all-static
	else
		make_linux
	fi
}

make_linux() {
	CC=cc CFLAGS='-O2 -g' CPPFLAGS='' LDFLAGS='' LIBS='' \
	    ./configure $options && $make
}

build() {
	[ ! -f "$work/$1/.built" ] || [ "$work/$1/.built" -ot "$pc" ] ||
	    return 0
	rm -rf "${work:?}/$1"
	mkdir -p "$work"
	cp -a "$source" "$work/$1"
	say "building: $1"
	(cd "$work/$1" && make_"$1") >"$work/$1.log" 2>&1 ||
	    fail "did not build: $work/$1.log"
	touch "$work/$1/.built"
}

# Only epoll is left of the backends.
EVENT_NOPOLL=1 EVENT_NOSELECT=1 EVENT_SHOW_METHOD=1
export EVENT_NOPOLL EVENT_NOSELECT EVENT_SHOW_METHOD

# one BUILD CASE
one() {
	regress=./test/regress
	[ "$1" = linux ] || regress=$regress$exe
	run "$1" 60 "$regress" --no-fork --quiet "$2" >out 2>&1 </dev/null
	status=$?
	if [ $status != 0 ]; then
		if grep -q 'No such test' out; then
			return
		fi
		echo "$2" fail
		{ echo "== $2: $status"; cat out; } >>"$work/$1.failures"
	elif grep -q SKIPPED out; then
		echo "$2" skip
	else
		echo "$2" ok
	fi
}

cases() {
	regress=./test/regress
	[ "$1" = linux ] || regress=$regress$exe
	run "$1" 60 "$regress" --list-tests </dev/null | tr -d '\r' |
	    awk '$1 ~ /\// { print $1 }' | grep -E "${pattern:-.}"
}

pattern=${1-}
stage
for b in $(builds); do
	build "$b"
	cd "$work/$b" || exit 99
	rm -f "$work/$b.failures"
	say "running: $b"
	cases "$b" >cases
	while read -r c; do
		one "$b" "$c"
	done <cases >"$work/$b.results"
	run "$b" 60 "./test/regress$([ "$b" = linux ] || echo "$exe")" \
	    --no-fork main/simpleread 2>&1 </dev/null |
	    grep -q 'using: epoll' || fail "$b does not use epoll"
done
judge
