#!/bin/sh
# check_headers.sh: each drop-in header compiles alone and as a port includes
# it; all of them together, in two orders, have POSIX's types and hide the
# platform; and the object calls nothing of the CRT's.  With every compiler for
# the host that is here.
set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
include=$top_srcdir/compat/include
gcc=${CC:-x86_64-w64-mingw32-gcc}
warn='-std=gnu11 -Wall -Wextra -Werror -Wshadow -Wwrite-strings'
warn="$warn -Wstrict-prototypes -I$include"
status=0

# compile NAME OPTION...: compile the text on stdin, name what fails.
compile()
{
	name=$1
	shift
	if ! $cc $warn "$@" -c -xc - -o "$dir/t.o" 2>"$dir/log"; then
		echo "check_headers: $cc: $name ($*):"
		sed 5q "$dir/log"
		status=1
	fi
}

all()
{
	headers=$(cd "$include" && find . -name '*.h' | sed 's,^\./,,' |
	    grep -vE '^(bits/|ftw\.h|posix\.h|winsock2?\.h)' | sort)
	for h in $headers math.h ctype.h assert.h stdatomic.h complex.h \
	    strings.h float.h stdbool.h immintrin.h; do
		echo "#include <$h>" | compile "$h" -O0
		echo "#include <$h>" | compile "$h" -include posix.h -O2 \
		    -D_FORTIFY_SOURCE=2 -D_FILE_OFFSET_BITS=64 -D_GNU_SOURCE
	done
	for order in ORDERED REVERSED; do
		for level in '-O0' '-O2 -D_FORTIFY_SOURCE=2' \
		    '-O2 -D_FORTIFY_SOURCE=2 -D_FILE_OFFSET_BITS=32'; do
			compile headers.c -include posix.h -D$order $level \
			    <"$top_srcdir/tests/compat/nt/headers.c"
			[ $status -ne 0 ] || crt_free
		done
		compile headers.c -include posix.h -D$order -DCOMPAT_NATIVE \
		    <"$top_srcdir/tests/compat/nt/headers.c"
	done
	hidden
	unmixed
	alone
}

# The platform's names are hidden from a port, and seen by a native one.
hidden()
{
	names='WIN32|_WIN32|__WIN32|__WIN32__|WIN64|_WIN64|__WIN64|__WIN64__'
	names="$names|WINNT|__WINNT|__WINNT__|__MINGW32__|__MINGW64__"
	echo '#include <unistd.h>' >"$dir/t.c"
	if $cc $warn -include posix.h -dM -E "$dir/t.c" |
	    grep -E "^#define ($names) "; then
		echo "check_headers: $cc: visible"
		status=1
	fi
	if ! $cc $warn -include posix.h -DCOMPAT_NATIVE -dM -E "$dir/t.c" |
	    grep -q '^#define _WIN32 '; then
		echo "check_headers: $cc: hidden from a native program"
		status=1
	fi
}

# refused HEADER HEADER: the second after the first is an error in a sentence.
refused()
{
	printf '#include <%s>\n#include <%s>\n' "$1" "$2" >"$dir/t.c"
	if $cc $warn -E -o "$dir/t.i" "$dir/t.c" 2>"$dir/log" ||
	    ! grep -q 'error.*a file' "$dir/log"; then
		echo "check_headers: $cc: $1 and $2 can be mixed"
		sed 5q "$dir/log"
		status=1
	fi
}

# POSIX sockets and Winsock's cannot be mixed; without them Winsock is as it was.
unmixed()
{
	for ours in sys/socket.h sys/select.h poll.h; do
		refused $ours winsock2.h
		refused winsock2.h $ours
	done
	refused netdb.h windows.h
	refused windows.h netdb.h
	for theirs in ws2tcpip.h windows.h; do
		printf '#include <compat.h>\n#include <%s>\nSOCKET s;\n' \
		    $theirs | compile "$theirs after compat.h" \
		    -I"$top_srcdir/compat"
	done
	printf '#define WIN32_LEAN_AND_MEAN\n#include <sys/socket.h>\n%s' \
	    '#include <windows.h>' | compile "windows.h, lean" -O0
}

# Headers of sockets drag no header of Windows in.
alone()
{
	for h in sys/socket.h netinet/in.h netinet/tcp.h arpa/inet.h netdb.h \
	    net/if.h ifaddrs.h sys/un.h sys/uio.h sys/ioctl.h poll.h; do
		echo "#include <$h>"
	done >"$dir/t.c"
	if $cc $warn -M "$dir/t.c" |
	    grep -E '(winsock2?|ws2tcpip|windows|windef|winbase)\.h'; then
		echo "check_headers: $cc: one of them includes Windows"
		status=1
	fi
}

# Everything undefined in the object is ours.
crt_free()
{
	if ${NM:-x86_64-w64-mingw32-nm} -u "$dir/t.o" |
	    grep -vE ' (compat_|__stack_chk|__chkstk|___chkstk)'; then
		echo "check_headers: $cc: not ours"
		status=1
	fi
}

cc=$gcc
all
case $gcc in
*clang*) ;;
*)
	cc="clang --target=x86_64-w64-mingw32"
	case $gcc in
	*ucrt*) cc= ;;
	esac
	if [ -n "$cc" ] && command -v clang >/dev/null; then
		all
	else
		echo "check_headers: no Clang for this host: GCC only"
	fi
	;;
esac
exit $status
