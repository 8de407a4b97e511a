#!/bin/sh
# SQLite's unix VFS, unchanged, in short: processes leave a database whole,
# native ones among them, and a program of SQLite's own reads and writes as
# elsewhere.  With check_maps.sh a part of what make ports-sqlite does, so
# that each ends within a test's minute on a busy machine.
. "$(dirname "$0")/lib.sh"
. "$here/hammer.sh"
. "$here/programs.sh"

# kvtests_short WAY COUNT
kvtests_short() {
	rm -f kv.db*
	program_output "$1" kvtest init kv.db --count "$2" --size 5000
	for more in '--random --jmode delete' '--jmode wal --mmap 100000000'; do
		# shellcheck disable=SC2086 # options with their arguments
		program_output "$1" kvtest run kv.db --count "$2" --update \
		    $more --integrity-check
	done
}

need_programs
scratch_dir
for mode in delete wal; do
	if [ $nt = yes ]; then
		hammer $mode 2 mandatory win
	else
		hammer $mode 2 unix unix
	fi
done
only=unix
as_on_linux kvtests_short 20
as_on_linux loads
all_as_on_linux
