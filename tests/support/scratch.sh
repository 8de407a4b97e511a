# A directory of its own for a test's script, and an end that leaves nothing of
# it.  Sourced by the lib.sh of tests/programs and ports/sqlite.

set -u
LC_ALL=C.UTF-8
export LC_ALL

top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
top_builddir=$(cd "${top_builddir:-.}" && pwd)
test_name=$(basename "$0" .sh)
scratch=$PWD/t.$test_name.$$

# What a script has started, and ends at the latest when it does.
pids=

cleanup() {
	status=$?
	trap - EXIT
	for pid in $pids; do
		kill -9 "$pid" 2>/dev/null
	done
	wait 2>/dev/null
	cd /
	rm -rf "$scratch"
	exit $status
}

# scratch_dir: work in a fresh directory that does not outlive the script.
scratch_dir() {
	trap cleanup EXIT
	trap 'exit 130' INT TERM HUP
	mkdir "$scratch" && cd "$scratch" || exit 99
}
