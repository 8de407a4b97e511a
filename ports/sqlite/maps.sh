#!/bin/sh
# ports/sqlite/maps.sh: which bytes SQLite locks in each state of a connection,
# as another process finds them, must be as in maps.txt: on Linux; on NT with
# SQLite's own VFS; on NT with the unix VFS, between programs of libcompat; and
# there with COMPAT_LOCKS=mandatory, for native programs too.
[ -n "${here-}" ] || . "$(dirname "$0")/lib.sh"

# map HOLDER LOOKER MODE: print the map of each state.
map() {
	rm -f db db-*
	run "$1" hold db "$3" create </dev/null >created ||
	    fail "no database for $1 $3"
	for state in idle read immediate exclusive; do
		rm -f in out
		mkfifo in out
		run "$1" hold db "$3" $state <in >out &
		pids=$!
		# Opened here, so that hold lives until 3 is closed.
		exec 3>in 4<out
		read -r ready <&4 || fail "$1 $3 $state: hold does not start"
		printf '%s %s: ' "$3" $state
		look "$2"
		exec 3>&-
		wait "$pids" || fail "$1 $3 $state: hold ends with an error"
		exec 4<&-
		pids=
	done
}

# look LOOKER: print the map of db.
look() {
	if [ "$1" = native ]; then
		run win map_nt db
	else
		run "$1" map db
	fi | tr -d '\r'
}

# maps HOLDER LOOKER
maps() {
	for mode in rollback wal; do
		map "$1" "$2" $mode
	done >is
	if ! diff "$here/maps.txt" is >differs; then
		cat differs
		fail "held by $1 and seen by $2, the locks are not those of" \
		    "maps.txt"
	fi
	say "held by $1, seen by $2: as on Linux"
}

maps_all() {
	maps unix unix
	[ $nt = yes ] || return 0
	maps win native
	maps win mandatory
	maps mandatory native
	maps mandatory mandatory
	[ -z "$(strict_ways)" ] || maps mandatory-strict native
}

[ "$test_name" = maps ] || return 0
need_programs
scratch_dir
maps_all
