# What the ports of event libraries share; their run.sh begins with
# `. ../lib.sh`, having set $name.  Builds are in ports/$name in the build tree:
#	unix	by this build's compiler; on NT through libcompat
#	linux	NT only: the oracle, by cc, where this machine is Linux
# Nothing here sleeps to order things.

set -u
LC_ALL=C.UTF-8
WINEDEBUG=${WINEDEBUG--all}
export LC_ALL WINEDEBUG

top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
top_builddir=$(cd "${top_builddir:-.}" && pwd)
here=$top_srcdir/ports/$name
work=$top_builddir/ports/$name
WINEPATH=$top_builddir/.libs
export WINEPATH
exe=${EXEEXT-}

say() {
	echo "$name: $*"
}

fail() {
	echo "$name: $*" >&2
	exit 1
}

# builds: those that can be made here.
builds() {
	if [ -z "$exe" ]; then
		echo unix
	elif [ "$(uname -s)" = Linux ] && command -v cc >/dev/null; then
		echo linux unix
	else
		echo unix
	fi
}

# stage: install libcompat below the build tree, and set $cppflags and $libs
# to what pkg-config tells a port.
stage() {
	at=$top_builddir/ports/stage
	rm -rf "$at"
	(unset MAKEFLAGS MFLAGS MAKELEVEL
	"${MAKE:-make}" -C "$top_builddir" install DESTDIR="$at") \
	    >"$top_builddir/ports/stage.log" 2>&1 ||
	    fail "make install failed: $top_builddir/ports/stage.log"
	pc=$(find "$at" -name compat.pc)
	prefix=$at$(sed -n 's/^prefix=//p' "$pc")
	sed -i "s|^prefix=.*|prefix=$prefix|" "$pc"
	cppflags=$(PKG_CONFIG_PATH=${pc%/*} $PKG_CONFIG --cflags compat)
	libs=$(PKG_CONFIG_PATH=${pc%/*} $PKG_CONFIG --libs compat)
}

# run BUILD SECONDS PROGRAM ARG...: under Wine when it is NT's.
run() {
	build=$1
	limit=$2
	shift 2
	if [ -n "$exe" ] && [ "$build" = unix ]; then
		# shellcheck disable=SC2086 # a command with its arguments
		timeout -k 5 "$limit" ${WINE-} "$@"
	else
		timeout -k 5 "$limit" "$@"
	fi
}

# judge: $work/BUILD.results has lines "case ok|skip|fail".  Print what differs
# from Linux and is no known exception; ports/$name/exceptions has lines
# "case reason".  Status 0: nothing.
judge() {
	oracle=$work/linux.results
	[ -f "$oracle" ] || oracle=
	awk -v name="$name" -v nt="$exe" '
	FILENAME ~ /exceptions$/ {
		if ($0 !~ /^#/ && NF > 1) {
			case_ = $1; $1 = ""; why[case_] = $0
		}
		next
	}
	FILENAME ~ /linux.results$/ {
		linux[$1] = $2; on_linux[$2]++; has_linux = 1; next
	}
	{
		n++; got[$1] = $2; count[$2]++
		if ($2 == "ok" || ($2 == "skip" && nt == ""))
			next
		if (has_linux && linux[$1] != "ok" && linux[$1] == $2)
			next		# as on Linux
		if ($1 in why) {
			printf "%-55s %s:%s\n", $1, $2, why[$1]
			known++
			next
		}
		printf "%-55s %s, UNEXPECTED\n", $1, $2
		bad++
	}
	END {
		for (c in linux) if (!(c in got)) {
			if (c in why) {
				printf "%-55s missing:%s\n", c, why[c]
				known++
			} else {
				printf "%-55s missing, UNEXPECTED\n", c
				bad++
			}
		}
		if (has_linux)
			printf "%s: Linux: %d ok, %d failed, %d skipped\n", \
			    name, on_linux["ok"], on_linux["fail"], \
			    on_linux["skip"]
		printf "%s: %s: %d cases, %d ok, %d failed, %d skipped; " \
		    "%d known exceptions, %d unexpected\n", name, \
		    nt == "" ? "here" : "NT", n, count["ok"], count["fail"], \
		    count["skip"], known, bad
		exit bad > 0 || n == 0
	}' "$here/exceptions" $oracle "$work/unix.results"
}
