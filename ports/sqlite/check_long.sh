#!/bin/sh
# Ten minutes of processes with native and with POSIX locks in one database,
# five in each journal mode that matters, and two of them by NT's rules where
# Wine has others.  Not part of make check.
. "$(dirname "$0")/lib.sh"
. "$here/hammer.sh"

need_programs
scratch_dir
for mode in delete wal; do
	if [ $nt = yes ]; then
		hammer $mode 300 mandatory win
		[ -z "$(strict_ways)" ] || hammer $mode 60 mandatory-strict win
	else
		hammer $mode 300 unix unix
	fi
done
