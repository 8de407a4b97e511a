#!/bin/sh
# check_sentences.sh: each test and each limit that the table of POSIX's
# sentences names exists, and each of its rows names one.  In its last table,
# page by page, what is shown and what is not are all, with a reason.
set -eu

cd "$top_srcdir"
table=tests/compat/signal/SENTENCES.md
rows=$(sed '/^## Page by page/,$d' "$table" |
    grep '^|' | grep -v -e '^|---' -e '^| section |')
pages=$(sed '1,/^## Page by page/d' "$table" |
    grep '^|' | grep -v -e '^|---' -e '^| page |')
[ -n "$rows" ] || { echo "$table has no rows"; exit 1; }
[ -n "$pages" ] || { echo "$table has no pages"; exit 1; }

printf '%s\n' "$pages" | awk -F' *[|] *' -v table="$table" '
	$3 != $4 + $5 || ($5 > 0) != ($6 != "") {
		print table ": " $2 ": " $3 " are not " $4 " and " $5 \
		    ", or there is no reason"
		failed = 1
	}
	END { exit failed }'
limits=$(printf '%s\n' "$pages" | grep -o 'LIM-[A-Z]*-[0-9]*')

# What the last column names, one a line.
refs=$(printf '%s\n' "$rows" | sed 's/ *| *$//; s/.*| //; s/; /\n/g'
    printf '%s\n' "$limits")
refs=$(printf '%s\n' "$refs" | sort -u)
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
