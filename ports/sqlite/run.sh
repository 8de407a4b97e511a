#!/bin/sh
# make ports-sqlite: all that is here.
. "$(dirname "$0")/lib.sh"
failed=
for script in maps.sh 'hammer.sh 30' programs.sh mptest.sh 'programs.sh long' \
    speed.sh; do
	# shellcheck disable=SC2086 # a script and its argument
	sh "$here"/$script
	status=$?
	case $status in
	0 | 77) ;;
	*) failed="$failed $script" ;;
	esac
done
[ -z "$failed" ] || fail "failed:$failed"
say "all passed"
