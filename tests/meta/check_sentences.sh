#!/bin/sh
# check_sentences.sh: each test and each limit that the table of POSIX's
# sentences names exists, and each of its rows names one.
set -eu

cd "$top_srcdir"
table=tests/compat/signal/SENTENCES.md
rows=$(grep '^|' "$table" | grep -v -e '^|---' -e '^| section |')
[ -n "$rows" ] || { echo "$table has no rows"; exit 1; }

# What the last column names, one a line.
refs=$(printf '%s\n' "$rows" | sed 's/ *| *$//; s/.*| //; s/; /\n/g' | sort -u)
printf '%s\n' "$refs" | {
	failed=0
	while IFS= read -r ref; do
		case $ref in
		'needs fork')
			ok=yes
			;;
		LIM-*)
			ok=$(grep -c "^\*\*$ref:" LIMITATIONS.md || :)
			;;
		*': '*)
			file=${ref%%: *}.c
			ok=$(find tests -name "$file" -exec \
			    grep -l "START_TEST(${ref#*: })" {} + || :)
			;;
		*)
			ok=
			;;
		esac
		case $ok in
		'' | 0)
			echo "$table: \"$ref\" is no test, no limit"
			failed=1
			;;
		esac
	done
	exit $failed
}
