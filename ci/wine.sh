# This system's Wine and its prefix.  Sourced by bootstrap.

# use_wine: set what every NT program here is run with.
use_wine()
{
	export WINE=wine
	export WINEPREFIX="$cache/prefix-$(wine_version)"
	export WINEDEBUG=-all
	# A crash must not start a debugger; a prefix needs no .NET, no browser.
	export WINEDLLOVERRIDES='mscoree,mshtml=;winedbg.exe=d'
	# With LC_ALL=C Wine mangles arguments and file names.
	export LC_ALL=C.UTF-8
	unset DISPLAY WAYLAND_DISPLAY
}

wine_version()
{
	WINEDEBUG=-all wine --version 2>/dev/null |
	    sed 's/ .*//'
}

# make_prefix: a prefix costs ten seconds, so make one and keep it.
make_prefix()
{
	use_wine
	[ -f "$WINEPREFIX/.ready" ] && return 0
	say "making a Wine prefix, $WINEPREFIX"
	rm -rf "$WINEPREFIX"
	quietly "$builds/log/wineboot" timeout 300 wineboot -i 9>&- || return 1
	wineserver -w
	touch "$WINEPREFIX/.ready"
}

# start_wineserver: keep one server of our prefix for the whole run, so that
# a program starts in 30 ms and not in a second.  stop_wineserver ends it,
# and with it whatever a test left behind; other prefixes are not touched.
start_wineserver()
{
	wineserver_program -p 9>&- || true
	trap stop_wineserver EXIT
	trap 'exit 1' HUP INT TERM
}

stop_wineserver()
{
	wineserver_program -k || true
}

# Debian's wineserver is a wrapper that overrides -p.
wineserver_program()
{
	for server in /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver; do
		[ -x $server ] || continue
		$server "$@"
		return
	done
	wineserver "$@"
}
