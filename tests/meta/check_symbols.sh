#!/bin/sh
# check_symbols.sh: on NT, no object of the reactor, the programs and the
# tests leaves a descriptor call of the CRT or of Winsock undefined: each is
# compat_<name> there.  Then, that a planted call is found.
#
# Calls that know no descriptor (fopen, getaddrinfo, unlink...) may be the
# platform's own.
set -eu

crt='open openat sopen sopen_s wopen wsopen creat read write close lseek
    lseek64 lseeki64 tell telli64 dup dup2 dup3 pipe pipe2 isatty fstat
    fstat32 fstat64 fstat32i64 fstat64i32 fstati64 ftruncate ftruncate64
    chsize chsize_s commit locking eof filelength filelengthi64 setmode
    fileno fdopen get_osfhandle open_osfhandle fsync fcntl ioctl pread
    pwrite readv writev flock'
winsock='socket bind listen accept accept4 connect send sendto sendmsg recv
    recvfrom recvmsg shutdown select closesocket ioctlsocket getsockopt
    setsockopt getsockname getpeername socketpair poll WSAPoll WSAStartup
    WSASocketA WSASocketW WSASend WSASendTo WSARecv WSARecvFrom WSAIoctl
    WSAAccept WSAConnect'

# descriptor_calls FILE...: print FILE:NAME of each such undefined symbol.
descriptor_calls()
{
	${NM:-nm} -A -u "$@" | awk -v names="$crt $winsock" '
	BEGIN { n = split(names, a); for (i = 1; i <= n; i++) bad[a[i]] }
	{
		name = $NF
		sub(/^__imp_/, "", name)
		sub(/^_/, "", name)
		if (name in bad) {
			sub(/:.*/, "", $1)
			print $1 ": undefined " $NF
		}
	}'
}

cd "${top_builddir:-.}"
objects=$(find reactor programs tests -name '*.o' -type f ! -path '*/.libs/*' \
    ! -name 'libforeign*_la-*' ! -name 'plain-*')
[ -n "$objects" ] || { echo "check_symbols: there are no objects"; exit 1; }

status=0
# shellcheck disable=SC2086 # names of objects have no blanks
found=$(descriptor_calls $objects)
[ -z "$found" ] || { printf '%s\n' "$found"; status=1; }

# A static library shares one name space with its program: all that libcompat
# defines is compat_<name> (compat/fd/names.h).  What a weak name means when
# nobody defines it is .weak.<name>.compat_<name>.
own=$(${NM:-nm} -g --defined-only .libs/libcompat.a 2>/dev/null |
    awk 'NF == 3 && $3 !~ /^(compat_|\.refptr\.|\.weak\..*\.compat_)/ {
	print $3 }' | sort -u)
[ -z "$own" ] || {
	printf 'libcompat.a: defines %s\n' $own
	status=1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/planted.c" <<'END'
int close(int);
__declspec(dllimport) int send(unsigned long long, const char *, int, int);
int planted(void) { return close(3) + send(3, "", 1, 0); }
END
${CC:-cc} -c -o "$scratch/planted.o" "$scratch/planted.c"
for name in close __imp_send; do
	if ! descriptor_calls "$scratch/planted.o" | grep -q " $name\$"; then
		echo "check_symbols: did not see a planted call of $name"
		status=1
	fi
done
exit $status
