#!/bin/sh
# check_man.sh: mandoc has nothing to say about the manual pages.
set -eu

command -v mandoc >/dev/null || { echo "no mandoc here"; exit 77; }
cd "$top_srcdir"
pages=$(find man programs compat reactor -name '*.[1-8]' -type f)
[ -n "$pages" ] || { echo "there are no manual pages"; exit 1; }
# shellcheck disable=SC2086 # names of pages have no blanks
mandoc -T lint -W warning $pages
