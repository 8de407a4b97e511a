#!/bin/sh
# ports/sqlite/mptest.sh [short]: SQLite's own test of several processes, with
# its own scripts, by each way of running; it must find no error in as many
# tests as on Linux.
[ -n "${here-}" ] || . "$(dirname "$0")/lib.sh"

# mptest WAY SCRIPT ARG...: print its summary.  In a directory of its own, since
# its clients may outlive it, with the database open and words for "out".
mptest() (
	way=$1
	script=$2
	shift 2
	cd "$(mktemp -d "$scratch/run.XXXXXX")" &&
	    cp "$(sh "$here/source.sh" where)"/*test . || exit 99
	# By a relative name: /tmp is another place on NT.
	[ $nt = no ] || cp "$top_builddir/ports/sqlite/starter.exe" .
	COMPAT_SHELL=./starter.exe
	export COMPAT_SHELL
	run "$way" mptest mp.db "$script" --quiet "$@" >out 2>&1 </dev/null
	status=$?
	# It may follow words that have no end of line.
	tr -d '\r' <out | grep -o 'Summary: .*' || cat out
	grep -E 'ERROR|FATAL|timeout' out >&2
	[ $status -eq 0 ] || echo "status $status"
)

mptest_all() {
	for script in crash01 multiwrite01; do
		for mode in delete truncate persist wal; do
			as_on_linux mptest $script.test --journalmode $mode
		done
	done
	as_on_linux mptest config01.test
	as_on_linux mptest config02.test
}

[ "$test_name" = mptest ] || return 0
strict_rules=2
need_programs
scratch_dir
case ${1-} in
short)	as_on_linux mptest crash01.test --journalmode wal ;;
*)	mptest_all ;;
esac
all_as_on_linux
