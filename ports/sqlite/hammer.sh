#!/bin/sh
# ports/sqlite/hammer.sh [SECONDS]: processes of all ways of running that share
# native locks write and read one database together, in each journal mode;
# what is in it at the end must be what they say, by each way's own reading.
[ -n "${here-}" ] || . "$(dirname "$0")/lib.sh"

# hammer MODE SECONDS WAY...: a process for each way; ways may be repeated.
hammer() {
	mode=$1
	seconds=$2
	shift 2
	rm -f db db-*
	run "$1" hammer db "$mode" create || fail "$mode: no database"
	n=0
	pids=
	for way; do
		n=$((n + 1))
		run "$way" hammer db "$mode" run "$way$n" "$seconds" "$n$$" \
		    >"rows.$n" &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || bad="${bad-} $pid"
	done
	pids=
	[ -z "${bad-}" ] || fail "$mode: a process of $* failed"
	{
		echo 'integrity ok'
		cat rows.* | tr -d '\r' | grep -v ' 0$' | sort
	} >must
	rm -f rows.*
	for way; do
		run "$way" hammer db "$mode" verify | tr -d '\r' >is
		if ! diff must is >differs; then
			cat differs
			fail "$mode: $way does not read what was written"
		fi
	done
	say "$mode, $seconds s, $*: integrity ok, all rows there"
}

# hammer_all SECONDS: for each mode.
hammer_all() {
	for mode in delete wal; do
		hammer $mode "$1" unix unix
		[ $nt = yes ] || continue
		hammer $mode "$1" mandatory win
		[ -z "$(strict_ways)" ] ||
		    hammer $mode "$1" mandatory-strict win
	done
}

[ "$test_name" = hammer ] || return 0
need_programs
scratch_dir
hammer_all "${1:-10}"
