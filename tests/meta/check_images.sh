#!/bin/sh
# check_images.sh: the programs are hardened as the platform can: on NT
# their addresses are random in all 64 bits and their data is not executed,
# and they need no DLL but the system's, and none of the desktop's, which take
# longer to start than all the others; elsewhere relocations are read-only
# and the stack is not executed.
set -eu

[ -n "${HARDEN_LDFLAGS-}" ] || { echo "configured without"; exit 77; }
status=0

wrong()
{
	echo "check_images: $*"
	status=1
}

# HIGH_ENTROPY_VA, DYNAMIC_BASE and NX_COMPAT, a table of relocations to move
# the image by, and imports.
check_nt()
{
	$OBJDUMP -p "$1" >"$scratch/headers"
	bits=$(awk '$1 == "DllCharacteristics" { print $2 }' \
	    "$scratch/headers")
	[ $((0x$bits & 0x160)) -eq $((0x160)) ] ||
	    wrong "$1: DllCharacteristics $bits"
	grep -q 'Entry 5 [0-9a-f]* 0*[1-9a-f][0-9a-f]* Base Relocation' \
	    "$scratch/headers" || wrong "$1: cannot be moved"
	awk '$1 == "DLL" && $2 == "Name:" { print $3 }' "$scratch/headers" |
	    sort -u >"$scratch/dlls"
	grep -iE '^lib(gcc|winpthread|ssp|z|check)|^zlib|^(user|gdi)32' \
	    "$scratch/dlls" >"$scratch/bad" || return 0
	wrong "$1: needs $(tr '\n' ' ' <"$scratch/bad")"
}

check_elf()
{
	$OBJDUMP -p "$1" >"$scratch/headers"
	grep -q '^ *RELRO ' "$scratch/headers" || wrong "$1: no RELRO"
	grep -A 1 '^ *STACK ' "$scratch/headers" | grep -q 'flags rw-' ||
	    wrong "$1: the stack is executable"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$top_builddir"
images=$(find programs .libs -type f \( -name 'reactor-*' -o -name '*.dll' \) \
    ! -name '*.o' ! -name '*.[ch]' ! -name '*.a' ! -name '*.la' -perm -100)
[ -n "$images" ] || wrong "there are no programs"
for image in $images; do
	# libtool's wrappers are scripts, and on NT small programs.
	case $($OBJDUMP -f "$image" 2>/dev/null | grep 'file format') in
	*pei-x86-64*)
		[ ! -f "${image%/*}/.libs/${image##*/}" ] && check_nt "$image"
		;;
	*elf64*)
		check_elf "$image"
		;;
	esac
done
exit $status
