# All test runs and their table.  Sourced by bootstrap.
#
# A leg is one run: a name, where it runs, and a shell function.  Its output
# goes to build/log/NAME; what automake's summaries there say is summed up.  A
# leg that fails without a failed test (it did not compile, say) counts as
# one failure.  The legs of Linux run beside those of NT: one processor each
# is enough for tests, which mostly wait.

# leg NAME WHERE FUNCTION [DIR]: run FUNCTION and note the result; its tests
# are in ./build/DIR, a pattern of find, else in ./build/NAME.
leg()
{
	leg_log=$builds/log/$1
	leg_start=$(seconds)
	say "running $1: $2"
	leg_status=0
	("$3") >"$leg_log" 2>&1 </dev/null 9>&- || leg_status=$?
	leg_pass=$(count_in "$leg_log" PASS XFAIL)
	leg_fail=$(count_in "$leg_log" FAIL XPASS ERROR)
	leg_skip=$(count_in "$leg_log" SKIP)
	if [ $leg_status -ne 0 ]; then
		[ "$leg_fail" -gt 0 ] || leg_fail=1
		say "$1 failed; from $leg_log:" >&2
		grep -E '^(FAIL|ERROR):|error:|\*\*\*' "$leg_log" |
		    head -n 20 >&2
		show_failures "$leg_log" "${4-$1}" >&2
	fi
	note "$1" "$2" "$leg_pass" "$leg_fail" "$leg_skip" \
	    "$(($(seconds) - leg_start)) s"
}

# show_failures LOG DIR: the last words of each test that LOG says failed.  All
# that is kept of a run may be what it printed.
show_failures()
{
	sed -nE 's/^(FAIL|ERROR): ([^ ]+)$/\2/p' "$1" | sort -u | head -n 10 |
	    while read -r failed; do
		say "the end of $failed:"
		find "$builds" -path "$builds/$2/${failed%.*}.log" \
		    -exec tail -n 25 {} +
	done
}

# skip_leg NAME WHERE COUNT WHY
skip_leg()
{
	say "skipping $1: $4"
	note "$1" "$2" 0 0 "$3" "$4"
}

# note NAME WHERE PASSED FAILED SKIPPED REMARK: a line of this side's table.
note()
{
	(IFS='	'; printf '%s\n' "$*") >>"$builds/table.$side"
}

# count_in LOG WORD...: add up the lines "# WORD:  N" of test summaries.
count_in()
{
	awk -v words="$(shift; echo "$*")" '
	BEGIN { n = split(words, w, " "); for (i = 1; i <= n; i++) want[w[i]] }
	$1 == "#" && NF == 3 { sub(":", "", $2); if ($2 in want) sum += $3 }
	END { print sum + 0 }' "$1"
}

# test_in NAME: make check in ./build/NAME.  Compiling may use all
# processors; the tests run one at a time, beside those of the other side: a
# test that hangs is ended, one that had to wait for its turn is not.
test_in()
{
	make -j"$jobs" -C "$builds/$1" check TESTS= &&
	    make -C "$builds/$1" check TEST_TIMEOUT="${TEST_TIMEOUT:-120}"
}

check_linux()
{
	build_linux && test_in linux
}

check_dist()
{
	build_linux && make -C "$builds/linux" distcheck
}

check_clang()
{
	build_in linux-clang CC=clang && test_in linux-clang
}

check_asan()
{
	build_linux && make -j"$jobs" -C "$builds/linux" check-asan
}

check_valgrind()
{
	build_linux && make -j1 -C "$builds/linux" check-valgrind
}

check_nt()
{
	build_nt && test_in nt
}

# The tests have just run; here it is the distribution that is tested.
check_nt_dist()
{
	build_nt && with_nt_libraries make -j"$jobs" -C "$builds/nt" \
	    distcheck TESTS=
}

check_nt_dll()
{
	with_nt_libraries build_in nt-dll --host="$nt_host" WINE=wine \
	    --enable-shared && test_in nt-dll
}

# All is compiled and linked; the same tests as GCC's would not differ much.
# Clang does not look for libgcc where Debian's GCC for NT has it.
check_nt_clang()
{
	libgcc=$("$nt_host-gcc" -print-libgcc-file-name)
	with_nt_libraries build_in nt-clang --host="$nt_host" WINE=wine \
	    CC="clang --target=$nt_host" LDFLAGS="-L${libgcc%/*}" &&
	    make -j"$jobs" -C "$builds/nt-clang" check TESTS=
}

# Debian 13's UCRT toolchain and Wine 10, in the root that was being made
# meanwhile.
check_ucrt()
{
	fresh_dir "$builds/nt-ucrt"
	if [ "$trixie_status" -ne 0 ]; then
		cat "$cache/log/trixie"
		return 1
	fi
	cd "$builds/nt-ucrt" && "$top/ci/in-trixie.sh" "$top/ci/ucrt.sh"
}

# start_trixie: begin to make the Debian 13 root, where that is possible.
start_trixie()
{
	trixie_missing=
	if ! can_root; then
		trixie_missing='needs root, and there is no sudo'
	elif ! as_root unshare --mount --propagation unchanged \
	    true 2>/dev/null; then
		trixie_missing='this machine allows no mounts'
	else
		mirror=$(debian_mirror)
		mkdir -p "$cache/log"
		as_root sh "$top/ci/make-trixie.sh" "$cache/trixie" \
		    "$mirror" >"$cache/log/trixie" 2>&1 </dev/null 9>&- &
		trixie_pid=$!
	fi
}

run_checks()
{
	mkdir -p "$builds/log"
	rm -f "$builds"/table.*
	if [ "$system" = msys2 ]; then
		side=nt
		leg nt-ucrt 'MSYS2 UCRT64, native' check_nt
		report
		return
	fi
	start_trixie
	start_wineserver
	(side=linux && check_linux_side) &
	linux_side=$!
	side=nt
	check_nt_side
	wait $linux_side || note linux-side '' 0 1 0 'did not end'
	report
}

# This side has time to compile for NT, too, where nothing is run.
check_linux_side()
{
	here=$(. /etc/os-release && echo "$NAME ${VERSION_ID-}")
	leg linux "$here, gcc" check_linux
	leg linux-dist "$here, gcc, make distcheck" check_dist \
	    'linux/libcompat-*/_build/sub'
	leg linux-clang "$here, clang" check_clang
	leg linux-asan "$here, gcc, ASan and UBSan" check_asan \
	    linux/asan
	leg linux-valgrind "$here, gcc, Valgrind" check_valgrind linux
	leg nt-clang "$(wine_version), msvcrt, clang, no tests" check_nt_clang
}

check_nt_side()
{
	leg nt "$(wine_version), msvcrt, gcc" check_nt
	nt_count=$((leg_pass + leg_fail + leg_skip))
	leg nt-dist "$(wine_version), msvcrt, distcheck, no tests" check_nt_dist
	leg nt-dll "$(wine_version), msvcrt, DLL" check_nt_dll
	if [ -n "$trixie_missing" ]; then
		skip_leg nt-ucrt 'Debian 13, Wine 10, UCRT, gcc' \
		    "$((nt_count > 0 ? nt_count : 1))" "$trixie_missing"
	else
		trixie_status=0
		wait "$trixie_pid" || trixie_status=$?
		leg nt-ucrt 'Debian 13, Wine 10, UCRT, gcc' check_ucrt
	fi
}

# Fails when a test did.
report()
{
	for side in linux nt; do
		[ ! -f "$builds/table.$side" ] || cat "$builds/table.$side"
	done | awk -F '\t' '
	BEGIN { head = "%-14s %-42s %6s %6s %7s  %s\n"
		printf "\n" head, "run", "where", "passed", "failed",
		    "skipped", "time" }
	{ printf head, $1, $2, $3, $4, $5, $6
	  passed += $3; failed += $4; skipped += $5 }
	END { printf "\n%d passed, %d failed, %d skipped\n",
		passed, failed, skipped
	      exit failed > 0 }'
}
