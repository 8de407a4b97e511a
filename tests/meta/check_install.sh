#!/bin/sh
# check_install.sh: what make install leaves is all that a port needs: with
# nothing but pkg-config's flags, a program that asks _WIN32 before POSIX
# takes its POSIX road, and runs.
set -eu

scratch=$(mktemp -d "$top_builddir/install.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL
cd "$scratch"

"$MAKE" -C "$top_builddir" install DESTDIR="$scratch/stage" >install.log 2>&1 ||
    { cat install.log; exit 1; }

pc=$(find stage -name compat.pc)
[ -n "$pc" ] || { echo "no compat.pc was installed"; exit 1; }
prefix=$(sed -n 's/^prefix=//p' "$pc")
stage=$scratch/stage$prefix
sed -i "s|^prefix=.*|prefix=$stage|" "${pc%/*}"/*.pc
PKG_CONFIG_PATH=$scratch/${pc%/*}
export PKG_CONFIG_PATH

# port NAME PACKAGE EXTRA: compile, link and run NAME.c by PACKAGE's flags.
port()
{
	cflags=$($PKG_CONFIG --cflags "$2")
	libs=$($PKG_CONFIG --libs "$2")
	# shellcheck disable=SC2086 # lists of words
	$CC ${CFLAGS-} -Wall -Wextra -Werror $cflags -o "$1$EXEEXT" "$1.c" \
	    ${LDFLAGS-} $3 $libs || { echo "$1 does not build by $2"; exit 1; }
	# shellcheck disable=SC2086
	WINEPATH=$stage/bin timeout 60 ${EXEEXT:+$WINE} "./$1$EXEEXT" ||
	    { echo "$1 ends with $?"; exit 1; }
}

cat >port.c <<'END'
#ifdef _WIN32
#error "the port took its Windows road"
#else
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>
#endif
#include <compat.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(off_t) == 8, "64-bit off_t");
_Static_assert(sizeof(time_t) == 8, "64-bit time_t");
_Static_assert(sizeof(ino_t) == 8, "64-bit ino_t");

int
main(void)
{
	char got[4] = "";
	int fd, s;

	fd = open("port.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd == -1 || write(fd, "abcdef", 6) != 6 ||
	    pread(fd, got, 3, 2) != 3 || strcmp(got, "cde") != 0) {
		perror("port.data");
		return 1;
	}
	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s == -1 || compat_close_abort(s) == -1 || close(fd) == -1) {
		perror("socket");
		return 1;
	}
	return puts("ported") == EOF;
}
END
port port compat ''

cat >native.c <<'END'
#include <stdio.h>
#ifndef COMPAT_NATIVE
#error "compat-native says so"
#endif
int
main(void)
{
#if defined(COMPAT_NT) && !defined(_WIN32)
#error "the platform's macros are hidden"
#endif
	return puts("native") == EOF;
}
END
port native compat-native ''

# What configure scripts ask: a bare declaration, whether the name links.  Not
# fork, which fails always; and a program's own function is not in the way.
cat >probe.c <<'END'
char accept4(), clock_gettime(), epoll_create1(), flock(), getline(), poll();
char strsep(void);
char strsep(void) { return 0; }
int
main(void)
{
	char (*volatile all[])() = { accept4, clock_gettime, epoll_create1,
	    flock, getline, poll, strsep };
	return all[0] == 0;
}
END
# The threads' library of NT, where clock_gettime and the reactor's threads
# come from, need not be a DLL.
static=
[ -z "$EXEEXT" ] || [ ! -f "$stage/lib/libcompat.a" ] || static=-static
CFLAGS="${CFLAGS-} -w" port probe compat "$static"
if [ -n "$EXEEXT" ]; then
	echo 'char fork(); int main(void) { return fork(); }' >fork.c
	# shellcheck disable=SC2046 # lists of words
	! $CC -w $($PKG_CONFIG --cflags compat) -o fork.exe fork.c \
	    $($PKG_CONFIG --libs compat) 2>/dev/null ||
	    { echo "configure would find fork"; exit 1; }
fi

cat >react.c <<'END'
#include <reactor.h>
int
main(void)
{
	return 0;
}
END
port react reactor "$static"

cat >trip.c <<'END'
#include <tripwire.h>
int
main(void)
{
	struct tripwire *tw;

	if (tripwire_open(NULL, &tw) != 0 || tripwire_drain(tw) != 0)
		return 1;
	tripwire_close(tw);
	return 0;
}
END
port trip tripwire "$static"

# A program that computes is interrupted, whatever stands in front of libcompat
# in its link; so is one that does in a DLL of its own.
cat >compute.h <<'END'
#ifdef DLL
__declspec(dllexport)
#endif
void compute(volatile int *);
END
cat >compute.c <<'END'
#include "compute.h"
void
compute(volatile int *stop)
{
	while (!*stop)
		;
}
END
cat >interrupt.c <<'END'
#include <compat.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "compute.h"
#ifndef DLL
#include "compute.c"
#endif
static volatile int stop;
static void
end(int signo)
{
	stop = signo;
}
static void *
interrupt(void *main_thread)
{
	sigset_t all;

	sigfillset(&all);
	if (pthread_sigmask(SIG_BLOCK, &all, NULL) != 0 ||
	    pthread_kill(*(pthread_t *)main_thread, SIGUSR1) != 0)
		abort();
	return NULL;
}
int
main(void)
{
	pthread_t self = pthread_self(), other;

	if (!compat_signal_interrupts(-1) || signal(SIGUSR1, end) == SIG_ERR ||
	    pthread_create(&other, NULL, interrupt, &self) != 0)
		return 1;
	compute(&stop);
	return pthread_join(other, NULL);
}
END
CFLAGS="${CFLAGS-} -O2"
port interrupt compat "$static -pthread"
if [ -f "$stage/lib/compat/libpthread.a" ]; then
	port interrupt compat "$static -lpthread"
elif [ -n "$EXEEXT" ]; then
	echo "the linker takes no scripts (LIM-SIG-1): no -lpthread in front"
fi
if [ -f "$stage/bin/libcompat-0.dll" ]; then
	port interrupt compat ''
	port interrupt compat -lpthread
	# shellcheck disable=SC2046 # lists of words
	$CC -O2 -DDLL $($PKG_CONFIG --cflags compat) -shared \
	    -o "$stage/bin/compute.dll" compute.c $($PKG_CONFIG --libs compat)
	CFLAGS="$CFLAGS -DDLL"
	port interrupt compat "$stage/bin/compute.dll"
fi

for file in include/compat.h include/reactor.h include/tripwire.h \
    ${EXEEXT:+include/compat/posix.h include/compat/sys/socket.h}; do
	[ -f "$stage/$file" ] || { echo "$file is not installed"; exit 1; }
done
[ -n "$(find "$stage" -path '*/man/man*/*.[1-8]')" ] ||
    { echo "no manual page is installed"; exit 1; }
