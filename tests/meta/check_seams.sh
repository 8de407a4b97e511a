#!/bin/sh
# check_seams.sh [ROOT]: the seams of the source tree, each fault named by
# file and line.  Without ROOT, check this tree, and then that each rule
# finds a fault planted in a tree of its own.
#
#  1 Windows headers enter by compat/nt/nt.h only, and that is included by
#    *_nt.[ch] only; a test's program that plays one without libcompat
#    (tests/.../plain_nt.c) includes them itself.  The drop-in winsock.h and
#    winsock2.h include the one of their own name, and nothing of ours them.
#  3 reactor/, programs/ and their tests know no platform and nothing of
#    libcompat's inside.
#  4 Within compat/, errno is assigned in fd/result.h only.
#  5 The build picks files: no #if on a platform, but in the drop-in headers.
#  6 A file has 500 lines at most, a function of a .c file 70.  (fd/names.h
#    is a list that ci/internal-names.sh makes.)
#  7 No text speaks of the place where it was written.
#  8 A list of the build names every source: what none names is missing in
#    the distribution, where only a build of that would notice.
#
# (2, that POSIX-facing files know no NT type, is the compiler's to check.)
set -eu

platform='_WIN32|_WIN64|WIN32|__MINGW[0-9A-Z_]*|_MSC_VER|__CYGWIN__'
platform="($platform|COMPAT_NT|__linux__|__linux|__unix__|__APPLE__)"
windows='(windows|winsock2?|ws2[a-z]*|mswsock|winternl|nt[a-z]+|win[a-z]+'
windows="$windows|psapi|tlhelp32|bcrypt|[a-z]+api|sddl|accctrl|shlobj|afunix)"
inside='(compat|afunix|fd|fileio|flock|nt|poll|process|signal|socket|time)/'
include='^[[:space:]]*#[[:space:]]*include(_next)?[[:space:]]*'

# sources DIR...: print the C files below those directories of the tree.
sources()
{
	for dir; do
		[ ! -d "$dir" ] || find "$dir" -name '*.[ch]' -type f
	done | sort
}

# fault RULE: turn grep's file:line:text into faults of that rule.
fault()
{
	sed "s/^\([^:]*:[0-9]*\):[[:space:]]*/\1: rule $1: /"
}

# find_in PATTERN FILE...: grep with the file's name, and no files no lines.
find_in()
{
	pattern=$1
	shift
	[ $# -eq 0 ] || grep -nE "$pattern" /dev/null "$@" || true
}

rule_1()
{
	# shellcheck disable=SC2046 # names of sources have no blanks
	find_in "$include[<\"]$windows\\.h[>\"]" $(sources compat reactor \
	    programs tests | grep -v -e '^compat/nt/nt\.h$' \
	    -e '^tests/.*/plain_nt\.c$') |
	    grep -vE '^compat/include/(winsock2?\.h):.*include_next <\1>' |
	    fault 1
	# shellcheck disable=SC2046
	find_in "$include\"(nt/)?nt\\.h\"" $(sources compat reactor programs \
	    tests | grep -v '_nt\.[ch]$') | fault 1
}

rule_3()
{
	# shellcheck disable=SC2046
	find_in "(^|[^A-Za-z0-9_])$platform([^A-Za-z0-9_]|\$)" \
	    $(sources reactor programs tests) | fault 3
	# shellcheck disable=SC2046
	find_in "$include\"(\\.\\./)*$inside" $(sources reactor programs \
	    tests/reactor tests/programs tests/support |
	    grep -v '^tests/support/.*_nt\.[ch]$') | fault 3
}

rule_4()
{
	# shellcheck disable=SC2046
	find_in '(^|[^A-Za-z0-9_.>])errno[[:space:]]*(=[^=]|[-+|&]=|$)|_set_errno' \
	    $(sources compat | grep -v '^compat/fd/result\.h$') |
	    grep -vE ':[[:space:]]*(/?\*|//)' | fault 4
}

rule_5()
{
	# shellcheck disable=SC2046
	find_in "^[[:space:]]*#[[:space:]]*(el)?if.*[^A-Za-z0-9_]$platform" \
	    $(sources compat reactor programs tests |
	    grep -v '^compat/include/') | fault 5
}

rule_6()
{
	sources compat reactor programs tests |
	    grep -v '^compat/fd/names\.h$' | while read -r file; do
		awk -v file="$file" '
		END { if (NR > 500)
			print file ":" NR ": rule 6: " NR " lines in a file" }
		' "$file"
		case $file in *.h) continue ;; esac
		awk -v file="$file" '
		/^[a-zA-Z_].*\(/ { name = $0 }
		/^{/ { start = NR }
		/^}/ { if (start && NR - start > 71)
			print file ":" start ": rule 6: " NR - start - 1 \
			    " lines in " name
			start = 0 }
		' "$file"
	done
}

rule_7()
{
	find . -path ./.git -prune -o -path './build*' -prune -o -type f \
	    \( -name '*.[ch1-8]' -o -name '*.md' -o -name '*.sh' \
	    -o -name '*.am' -o -name '*.ac' -o -name '*.m4' -o -name '*.mk' \
	    -o -name '*.in' -o -name bootstrap -o -name run-timed \) -print |
	    sed 's,^\./,,' | sort | xargs grep -nIE \
	    '/[w]ork/(main|shared)|/tmp/[t]eam|(^|[^a-z])[i]ssues? #?[0-9]' \
	    /dev/null | fault 7 || true
}

# A tree without lists (planted below) has no such fault.
rule_8()
{
	lists=$(find . -name '*.mk' -o -name Makefile.am)
	[ -n "$lists" ] || return 0
	# shellcheck disable=SC2046,SC2086
	find bench compat man ports programs reactor tests -type f \
	    \( -name '*.[ch1-8]' -o -name '*.sh' \) 2>/dev/null |
	    grep -v '^build' | sort | while read -r file; do
		grep -qwF -e "$file" $lists ||
		    grep -qwF -e "${file##*/}" $lists ||
		    echo "$file:1: rule 8: no .mk names this file"
	done
}

# faults ROOT: print all faults of that tree.
faults()
{
	(cd "$1" && rule_1 && rule_3 && rule_4 && rule_5 && rule_6 && rule_7 &&
	    rule_8)
}

# plant RULE FILE LINE...: a tree with only that file must have that fault.
plant()
{
	rule=$1
	file=$2
	shift 2
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/$(dirname "$file")"
	printf '%s\n' "$@" >"$scratch/tree/$file"
	[ "$rule" != 8 ] || echo 'SOURCES = other.c' >"$scratch/tree/a.mk"
	if ! faults "$scratch/tree" | grep -q "^$file:[0-9]*: rule $rule: "
	then
		echo "check_seams: rule $rule did not see the fault in $file"
		status=1
	fi
}

lines()
{
	awk -v n="$1" 'BEGIN { while (n-- > 0) print "\t;" }'
}

plant_all()
{
	plant 1 compat/fd/open.c '' '#include <winsock2.h>'
	plant 1 tests/compat/fd/check_x.c '# include <windows.h>'
	plant 1 compat/fd/open.c '#include "nt/nt.h"'
	plant 3 reactor/reactor.c '#if defined(_WIN32)' '#endif'
	plant 3 tests/reactor/check_x.c '	if (COMPAT_NT)'
	plant 3 programs/send.c '#include "compat/fd/file.h"'
	plant 3 reactor/engine.c '#include "fd/file.h"'
	plant 4 compat/fd/open.c '	errno = EBADF;'
	plant 4 compat/fd/open_nt.c '	if (x) errno=nt_errno(code);'
	plant 5 compat/fd/open.c '#ifdef __linux__' '#endif'
	plant 5 compat/fd/file.h '#if !defined(_WIN32)' '#endif'
	plant 6 compat/fd/open.c "$(lines 501)"
	plant 6 reactor/long.c 'int' 'f(void)' '{' "$(lines 71)" '}'
	plant 8 compat/fd/unnamed.c 'int x;'
	plant 7 README.md "built in /w""ork/main"

	# What must not be taken for a fault.
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/compat/fd"
	printf '%s\n' '/* errno = EBADF is set by result() */' \
	    '	if (errno == EBADF)' 'int' 'f(void)' '{' "$(lines 70)" '}' \
	    >"$scratch/tree/compat/fd/good.c"
	if faults "$scratch/tree" | grep .; then
		echo "check_seams: the above are no faults"
		status=1
	fi
}

if [ $# -gt 0 ]; then
	found=$(faults "$1")
	[ -z "$found" ] || { printf '%s\n' "$found"; exit 1; }
	exit 0
fi

status=0
found=$(faults "${top_srcdir:-.}")
[ -z "$found" ] || { printf '%s\n' "$found"; status=1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
plant_all
exit $status
