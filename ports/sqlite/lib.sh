# What the scripts of ports/sqlite share; each begins with `. lib.sh`.
#
# A program is named by its build and its name.  Builds, each in a folder of
# ports/sqlite in the build tree:
#	unix	SQLite's unix VFS; on NT through libcompat
#	win	NT only: SQLite's own VFS for it, without libcompat
#	strict	NT only: the unix build with libstrict: NT's rules where Wine
#		has others (tests/support/strict.h)
#	linux	NT only: the unix build for this machine, where it is Linux
# A way of running is a build, or
#	mandatory	the unix build with COMPAT_LOCKS=mandatory
#	mandatory-strict	the strict build with that
# Nothing here sleeps to order things.

. "${top_srcdir:-.}/tests/support/scratch.sh"

WINEDEBUG=${WINEDEBUG--all}
WINEPATH=$top_builddir/.libs
export WINEDEBUG WINEPATH
here=$top_srcdir/ports/sqlite

# Where nobody without libstrict locks, a script may say 2 and is ten times as
# fast; SQLite gives up waiting for the turns that the others need.
strict_rules=1

nt=no
exe=
if [ -f "$top_builddir/ports/sqlite/map_nt.exe" ]; then
	nt=yes
	exe=.exe
fi

# need_programs: skip the test when SQLite was not there to be built.
need_programs() {
	if ! [ -f "$top_builddir/ports/sqlite/unix/hammer$exe" ]; then
		sh "$here/source.sh" where || exit 77
		echo "SQLite is not built: make build-sqlite" >&2
		exit 99
	fi
}

say() {
	echo "$test_name: $*"
}

fail() {
	echo "$test_name: $*" >&2
	exit 1
}

# program BUILD NAME: in a DLL build libtool has a wrapper there, and the
# program beside it.  map and map_nt need no SQLite and are in no build.
program() {
	at=$top_builddir/ports/sqlite/$1
	case $2 in
	map*) at=$top_builddir/ports/sqlite ;;
	esac
	if [ "$1" = linux ]; then
		echo "$at/$2"
		return
	fi
	if [ $nt = yes ] && [ -f "$at/.libs/$2$exe" ]; then
		echo "$at/.libs/$2$exe"
	else
		echo "$at/$2$exe"
	fi
}

# build_of WAY: the build whose programs run that way.
build_of() {
	case $1 in
	mandatory) echo unix ;;
	mandatory-strict) echo strict ;;
	*) echo "$1" ;;
	esac
}

# run WAY NAME ARG...: run the program, under Wine when it is NT's.
run() {
	build=$(build_of "$1")
	unset COMPAT_LOCKS COMPAT_TEST_STRICT
	case $1 in
	mandatory*)
		COMPAT_LOCKS=mandatory
		export COMPAT_LOCKS
		;;
	esac
	case $1 in
	*strict)
		COMPAT_TEST_STRICT=$strict_rules
		export COMPAT_TEST_STRICT
		;;
	esac
	path=$(program "$build" "$2")
	shift 2
	if [ $nt = yes ] && [ "$build" != linux ]; then
		# shellcheck disable=SC2086 # a command with its arguments
		${WINE-} "$path" "$@"
	else
		"$path" "$@"
	fi
}

# strict_ways: those with libstrict, which a DLL build has not.
strict_ways() {
	[ ! -f "$top_builddir/ports/sqlite/strict/hammer$exe" ] ||
	    echo strict mandatory-strict
}

# oracle: the way whose results must be everyone's.
oracle() {
	if [ -x "$top_builddir/ports/sqlite/linux/hammer" ]; then
		echo linux
	elif [ $nt = yes ]; then
		echo win
	else
		echo unix
	fi
}

# ways: all ways of running that there are here, or $only.
only=
ways() {
	if [ -n "$only" ]; then
		echo $only
	elif [ $nt = yes ]; then
		echo unix mandatory win $(strict_ways)
	else
		echo unix
	fi
}

# without_times: drop what depends on the machine; and Wine's word, now and
# then, on a thread that it was serving when the process ended.
without_times() {
	tr -d '\r' | sed -e '/[Tt]otal elapsed time/d' -e '/^Microseconds/d' \
	    -e '/^wine client error:[0-9a-f]*: sendmsg: /d' \
	    -e '/rate:/d' -e 's/ *[0-9]*\.[0-9]*s$//' -e '/TOTAL/d' \
	    -e '/^ *[0-9]*\.[0-9]* wordcount/d'
}

# as_on_linux FUNCTION ARG...: FUNCTION WAY ARG... must print the same for all
# ways.  The script goes on after a difference, so that one run shows all, and
# ends by all_as_on_linux.  NT's own VFS has no code of ours in it: what differs
# there is told and no failure.
differ=
as_on_linux() {
	function=$1
	shift
	$function "$(oracle)" "$@" | without_times >must
	# A heading alone is what program_output prints before it runs.
	grep -q -v '^==' must || fail "$function prints nothing"
	! grep '^status' must || fail "$function fails on Linux"
	for way in $(ways); do
		[ "$way" != "$(oracle)" ] || continue
		$function "$way" "$@" | without_times >is
		if diff must is >differs; then
			say "$function $*: $way as $(oracle)"
			continue
		fi
		cat differs
		say "$function $*: $way differs from $(oracle)"
		[ "$way" = win ] || differ="$differ
$function $*: $way"
	done
}

all_as_on_linux() {
	[ -z "$differ" ] || fail "differs from $(oracle):$differ"
}
