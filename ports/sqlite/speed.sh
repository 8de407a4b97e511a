#!/bin/sh
# ports/sqlite/speed.sh [SIZE]: speedtest1 by SQLite's own VFS for NT and by
# the unix VFS through libcompat, one after the other; the ratio of their
# times, in all and where it is worst.
[ -n "${here-}" ] || . "$(dirname "$0")/lib.sh"

# parts WAY SIZE MODE: "SECONDS TEST" of each part and of the whole.
parts() {
	rm -f db db-*
	run "$1" speedtest1 --size "$2" --journal "$3" db </dev/null |
	    tr -d '\r' |
	    sed -n 's/^ *\(.*[^.]\)\.\.\.* *\([0-9.]*\)s$/\2 \1/p'
}

speed() {
	for mode in delete wal; do
		parts win "$1" $mode >win
		parts unix "$1" $mode >unix
		awk -v mode=$mode '
		NR == FNR { win[NR] = $1; next }
		{
			ratio = win[FNR] > 0 ? $1 / win[FNR] : 1
			what = $0
			sub(/^[^ ]* /, "", what)
			line = sprintf("%6.2f  %7.3f s  %7.3f s  %s", ratio,
			    win[FNR], $1, what)
			if ($1 > 0.05)
				print line | "sort -rn | head -n 6"
			if (what ~ /TOTAL/)
				total = line
		}
		END {
			close("sort -rn | head -n 6")
			print total
		}' win unix | sed "s/^/$mode: /"
	done
}

[ "$test_name" = speed ] || return 0
need_programs
[ $nt = yes ] || { say "there is one VFS here"; exit 77; }
scratch_dir
say "ratio, win VFS, unix VFS, part"
speed "${1:-10}"
