# Words shared by bootstrap and the scripts in ci/.  Sourced, never run.
# The caller has set $top, the absolute name of the source tree.

cache=${LIBCOMPAT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/libcompat}
jobs=$(nproc 2>/dev/null || echo 2)

say()
{
	printf 'bootstrap: %s\n' "$*"
}

die()
{
	printf 'bootstrap: %s\n' "$*" >&2
	exit 1
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# can_root: may this user become root, perhaps after typing a password?
can_root()
{
	[ "$(id -u)" -eq 0 ] || have sudo
}

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -- "$@"
	fi
}

# quietly LOG COMMAND...: run COMMAND with its output in LOG; show the end of
# LOG when it fails.
quietly()
{
	quietly_log=$1
	shift
	mkdir -p "$(dirname "$quietly_log")"
	if "$@" >"$quietly_log" 2>&1 </dev/null 9>&-; then
		return 0
	else
		quietly_status=$?
	fi
	printf 'bootstrap: failed: %s\n' "$*" >&2
	tail -n 40 "$quietly_log" >&2
	printf 'bootstrap: the whole of it is in %s\n' "$quietly_log" >&2
	return $quietly_status
}

# seconds: the time now, to be subtracted from a later one.
seconds()
{
	date +%s
}

# fresh_dir DIR ARG...: make the build directory DIR; when one is there that
# was configured otherwise, or for other Makefiles, begin anew: objects do not
# depend on the flags they were compiled with.
fresh_dir()
{
	fresh=$1
	shift
	recipe=$(cat "$top/configure" "$top/Makefile.in" | cksum; echo "$*")
	[ "$(cat "$fresh/.recipe" 2>/dev/null)" = "$recipe" ] || rm -rf "$fresh"
	mkdir -p "$fresh"
	printf '%s\n' "$recipe" >"$fresh/.recipe"
}
