# What has to be installed, and how.  Sourced by bootstrap.

# system_kind: print debian (Ubuntu too) or msys2.
system_kind()
{
	case $(uname -s) in
	MINGW* | MSYS*)
		[ "${MSYSTEM-}" = UCRT64 ] ||
		    die "start this from MSYS2's UCRT64 shell"
		echo msys2
		;;
	Linux)
		have apt-get ||
		    die "this is no Debian or Ubuntu; install the packages" \
		    "named in ci/packages.sh by hand, then use ./configure"
		echo debian
		;;
	*)
		die "$(uname -s) is not supported"
		;;
	esac
}

# wanted_debian SET: lines of PROBE|PACKAGE|WHY.  The package is missing when
# PROBE, a command or a file, is not there.
wanted_debian()
{
	case $1 in
	build)
		cat <<-'END'
		gcc|gcc|compiles for Linux
		/usr/include/stdio.h|libc6-dev|the C library's headers
		make|make|runs the build
		autoconf|autoconf|makes ./configure
		automake|automake|makes Makefile.in
		libtoolize|libtool|makes libraries
		pkg-config|pkg-config|finds libraries
		/usr/include/check.h|check|the tests are written with it
		/usr/include/jansson.h|libjansson-dev|JSON in the programs
		/usr/include/zlib.h|zlib1g-dev|crc32 in the programs
		x86_64-w64-mingw32-gcc|gcc-mingw-w64-x86-64-win32|compiles for NT
		dpkg-source|dpkg-dev|unpacks the sources of Check, jansson, zlib and SQLite
		wine|wine|runs NT programs here
		/usr/lib/wine/wine64|wine64|the 64-bit half of it
		/etc/hosts|netbase|says what address localhost has
		ps|procps|lets the demo look at its servers
		END
		;;
	check)
		cat <<-'END'
		clang|clang|the second compiler that must be content
		x86_64-w64-mingw32-g++-posix|g++-mingw-w64-x86-64-posix|C++ programs must like the headers
		valgrind|valgrind|one of the test runs
		/usr/lib/debug/.build-id|libc6-dbg|Valgrind reads it
		mandoc|mandoc|checks the manual pages
		tclsh|tcl|puts SQLite's source together, which is one of the tests
		debootstrap|debootstrap|makes the Debian 13 root for Wine 10
		/usr/share/keyrings/debian-archive-keyring.gpg|debian-archive-keyring|proves what debootstrap fetches
		END
		;;
	esac
}

wanted_msys2()
{
	[ "$1" = build ] || return 0
	cat <<-'END'
	gcc|mingw-w64-ucrt-x86_64-gcc|compiles
	/ucrt64/include/check.h|mingw-w64-ucrt-x86_64-check|the tests are written with it
	/ucrt64/include/jansson.h|mingw-w64-ucrt-x86_64-jansson|JSON in the programs
	/ucrt64/include/zlib.h|mingw-w64-ucrt-x86_64-zlib|crc32 in the programs
	pkg-config|mingw-w64-ucrt-x86_64-pkgconf|finds libraries
	autoconf|autoconf|makes ./configure
	automake|automake|makes Makefile.in
	libtoolize|libtool|makes libraries
	make|make|runs the build
	END
}

# install_missing SET...: install the packages of the sets that are not there.
install_missing()
{
	missing=
	reasons=$(for set; do "wanted_$system" "$set"; done | not_there)
	[ -n "$reasons" ] || return 0

	say "to be installed:"
	printf '%s\n' "$reasons" | while IFS='|' read -r package why; do
		printf '    %-30s %s\n' "$package" "$why"
	done
	missing=$(printf '%s\n' "$reasons" | sed 's/|.*//')
	# shellcheck disable=SC2086 # a list of words
	"install_$system" $missing
}

# not_there: of the lines PROBE|PACKAGE|WHY read, print PACKAGE|WHY of those
# whose probe finds nothing.
not_there()
{
	while IFS='|' read -r probe package why; do
		case $probe in
		/*) [ -e "$probe" ] && continue ;;
		*) have "$probe" && continue ;;
		esac
		printf '%s|%s\n' "$package" "$why"
	done
}

install_debian()
{
	can_root || die "only root can install packages, and there is no sudo;" \
	    "as root: apt-get install --no-install-recommends $*"
	[ "$(id -u)" -eq 0 ] || say "sudo may ask for your password"
	quietly "$builds/log/apt-update" as_root apt-get -q update || exit 1
	quietly "$builds/log/apt-install" as_root env LC_ALL=C.UTF-8 \
	    DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
	    --no-install-recommends "$@" || exit 1
}

install_msys2()
{
	pacman -S --needed --noconfirm "$@"
}
