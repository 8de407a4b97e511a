#!/bin/sh
# ports/sqlite/programs.sh: speedtest1, kvtest and wordcount, or threadtest3
# when the argument is "long", by each way of running; what they print but for
# times must be what they print on Linux.
[ -n "${here-}" ] || . "$(dirname "$0")/lib.sh"

# program_output WAY NAME ARG...: run it, print what it says.
program_output() {
	echo "== $2"
	run "$@" 2>&1 </dev/null || echo "status $?"
}

# speedtest WAY SIZE MODE
speedtest() {
	rm -f db db-*
	program_output "$1" speedtest1 --verify --size "$2" --journal "$3" db
}

# speedtests WAY SIZE: in each journal mode, and with memory maps.
speedtests() {
	for mode in delete truncate persist memory wal off; do
		speedtest "$1" "$2" $mode
	done
	for more in '--mmap 33554432' '--exclusive --journal wal' \
	    '--testset cte' '--testset fp' '--testset rtree' '--threads 3' \
	    '--utf16be' '--pagesize 65536' '--multithread'; do
		rm -f db db-*
		# shellcheck disable=SC2086 # options with their arguments
		program_output "$1" speedtest1 --verify --size "$2" $more db
	done
}

# kvtests WAY COUNT
kvtests() {
	rm -rf kv.db* files tree
	program_output "$1" kvtest init kv.db --count "$2" --size 5000
	for more in '--random' '--asc --blob-api' '--desc --mmap 100000000' \
	    '--update --random --jmode delete' \
	    '--update --multitrans --jmode truncate' \
	    '--update --multitrans --jmode persist --fsync' \
	    '--update --random --multitrans --jmode wal' \
	    '--update --jmode wal --mmap 100000000 --nocheckpoint'; do
		# shellcheck disable=SC2086
		program_output "$1" kvtest run kv.db --count "$2" $more \
		    --integrity-check
	done
	program_output "$1" kvtest stat kv.db --vacuum
	program_output "$1" kvtest export kv.db files
	program_output "$1" kvtest export kv.db tree --tree
	find files tree -type f | sort | cksum
	program_output "$1" kvtest run files --count "$2" --random
	program_output "$1" kvtest run tree --count "$2" --update
}

# wordcounts WAY
wordcounts() {
	for more in --all '--insert --journal wal' \
	    '--upsert --journal persist --commit 100' \
	    '--replace --journal truncate --without-rowid' \
	    '--update --journal delete --pagesize 512 --commit 500' \
	    '--select --journal wal --cachesize 10'; do
		rm -f db db-*
		# shellcheck disable=SC2086
		program_output "$1" wordcount $more --summary db words
	done
}

# loads WAY: an extension comes by dlopen().
loads() {
	cp "$top_builddir/ports/sqlite/$(build_of "$1")/rot13.so" .
	program_output "$1" load ./rot13.so
}

# Times in it are fixed: some 4 minutes.  What it calls a warning, a table that
# another thread has dropped, depends on who is faster.
threadtests() {
	program_output "$1" threadtest3 |
	    grep -v -e '^Thread' -e '^Warning' -e '^ '
}

# programs_as WAY SIZE COUNT: print all of it.
programs_as() {
	speedtests "$1" "$2"
	kvtests "$1" "$3"
	wordcounts "$1"
	loads "$1"
}

[ "$test_name" = programs ] || return 0
strict_rules=2
need_programs
scratch_dir
cp "$(sh "$here/source.sh" where)/mptest.c" words || exit 99
case ${1-} in
long)	as_on_linux threadtests ;;
*)	as_on_linux programs_as 5 200 ;;
esac
all_as_on_linux
