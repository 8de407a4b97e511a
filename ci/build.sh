# Builds, each in a directory of its own below ./build, and the demo.
# Sourced by bootstrap.

# configure_in NAME ARG...: configure in ./build/NAME.
configure_in()
{
	dir=$builds/$1
	shift
	(fresh_dir "$dir" "$@" && cd "$dir" &&
	    { [ -f config.status ] ||
	    "$top/configure" --enable-werror "$@"; })
}

# build_in NAME ARG...: configure and make in ./build/NAME.
build_in()
{
	configure_in "$@" && make -j"$jobs" -C "$builds/$1"
}

# with_nt_libraries COMMAND...: run COMMAND so that pkg-config finds the
# cross-built libraries and never this machine's own.
with_nt_libraries()
{
	PKG_CONFIG=pkg-config \
	PKG_CONFIG_LIBDIR="$cache/$nt_host/lib/pkgconfig" \
	    "$@"
}

build_linux()
{
	build_in linux
}

build_nt()
{
	if [ "$system" = msys2 ]; then
		build_in nt
	else
		with_nt_libraries build_in nt --host="$nt_host" WINE=wine
	fi
}

run_demo()
{
	[ "$system" != msys2 ] ||
	    die "the demo runs Linux against NT; on MSYS2 use ./bootstrap check"
	for name in linux nt; do
		say "building for $name"
		quietly "$builds/log/build-$name" "build_$name" || exit 1
	done
	start_wineserver
	BUILD_LINUX=$builds/linux BUILD_NT=$builds/nt \
	    sh "$top/programs/demo.sh" 9>&-
}
