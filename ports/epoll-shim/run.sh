#!/bin/sh
# make ports-epoll-shim: the test programs of epoll-shim, which are meant to
# pass on Linux too, built without epoll-shim: on Linux by libc, on NT by
# libcompat.  The results must be Linux's but for ports/epoll-shim/exceptions.
#
# run.sh [PATTERN]: only the cases that match the extended regular expression.
name=epoll-shim
. "$(dirname "$0")/../lib.sh"

source=$(sh "$here/source.sh" where) || exit 77
programs='epoll-test eventfd-ctx-test perf-many-fds pipe-test signalfd-test
    socketpair-test timerfd-mock-test timerfd-root-test timerfd-test tst-epoll
    tst-timerfd'
# Under Wine a program that writes a pipe full byte by byte takes minutes.
# What is known not to end, where it is not to pass anyway, gets less.
most=${PORT_TIMEOUT:-600}
most_exception=30

compile() {
	b=$1
	shift
	if [ "$b" = linux ] || [ -z "$exe" ]; then
		cc -O1 -g -w -D_GNU_SOURCE "$@" -pthread
	else
		# __linux__: their word for "not kqueue".
		# shellcheck disable=SC2086 # lists of words
		$CC -O1 -g -w -Werror=implicit-function-declaration \
		    -D_GNU_SOURCE -D__linux__ $cppflags "$@" -static \
		    -pthread $libs
	fi
}

build() {
	say "building: $1"
	mkdir -p "$work/$1"
	suffix=$([ "$1" = linux ] || echo "$exe")
	for p in $programs; do
		set -- "$1"
		[ "$p" != epoll-test ] || set -- "$1" "$here/real_close.c"
		compile "$1" -I"$source/external/microatf/src" \
		    -o "$work/$1/$p$suffix" "$source/test/$p.c" ${2+"$2"} \
		    "$source/external/microatf/src/atf-c.c" \
		    >"$work/$1/$p.log" 2>&1 ||
		    fail "did not build: $work/$1/$p.log"
	done
}

# one BUILD PROGRAM CASE: in a fresh directory.
one() {
	rm -rf "$work/scratch"
	mkdir -p "$work/scratch"
	cd "$work/scratch" || exit 99
	seconds=$most
	! grep -q "^$3 " "$here/exceptions" || seconds=$most_exception
	run "$1" "$seconds" "$2" -r ../result "$3" >../out 2>&1 </dev/null
	status=$?
	answer=$(tr -d '\r' <../result 2>/dev/null)
	rm -f ../result
	case $status:$answer in
	0:passed | 0:expected_failure*)
		echo "$3 ok" ;;
	0:skipped*)
		echo "$3 skip" ;;
	*)
		echo "$3 fail"
		{ echo "== $3: $status $answer"; cat ../out; } \
		    >>"$work/$b.failures" ;;
	esac
}

pattern=${1-}
stage
for b in $(builds); do
	build "$b"
	rm -f "$work/$b.failures"
	say "running: $b"
	suffix=$([ "$b" = linux ] || echo "$exe")
	for p in $programs; do
		# These set the clock of a machine that lets them.
		if [ $p = timerfd-root-test ] && [ "$(id -u)" = 0 ] &&
		    [ -z "$suffix" ]; then
			continue
		fi
		run "$b" 60 "$work/$b/$p$suffix" -l </dev/null |
		    tr -d '\r' | sed -n 's/^ident: //p' |
		    grep -E "${pattern:-.}" | while read -r c; do
			one "$b" "$work/$b/$p$suffix" "$c"
		done
	done >"$work/$b.results"
done
judge
