#!/bin/sh
# compat/names.sh INCLUDE ARCHIVE: make an archive in which each function of
# the drop-in headers has its POSIX name: flock is a jump to compat_flock.
# Ports need none of it, because the headers rename their calls; configure does,
# which declares `char flock();` and looks whether that links.
#
# A name that the toolchain has itself (read, socket) is left alone, so that
# what was compiled without our headers gets what it means; and fork, which
# fails always, is not found.  One member each: a program's own function of
# such a name is not in the way.
# CC, LDFLAGS, AR and NT_LIBS come from the environment.
set -eu

include=$1
archive=$2
LC_ALL=C
export LC_ALL
dir=$(mktemp -d ./names.XXXXXX)
trap 'rm -rf "$dir"' EXIT

grep -rhoE 'COMPAT_SYM\([a-z_0-9]+\)' "$include" |
    sed 's/.*(\(.*\))/\1/' |
    grep -vxE 'name|fork|pthread_.*|in6addr_.*|sys_siglist|environ|exit_now' |
    sort -u >"$dir/all"

# What does not link without us is the toolchain's lack.
{
	echo 'typedef void f(void);'
	sed 's/.*/f &;/' "$dir/all"
	echo 'f *const all[] = {'
	sed 's/$/,/' "$dir/all"
	echo '}; int main(void) { return all[1] == all[0]; }'
} >"$dir/all.c"
# shellcheck disable=SC2086 # commands and lists of words
$CC -w -fno-builtin $LDFLAGS -o "$dir/all.exe" "$dir/all.c" $NT_LIBS \
    >"$dir/log" 2>&1 || :
sed -n -e "s/.*undefined reference to .\([a-z_0-9]*\).*/\1/p" \
    -e 's/.*undefined symbol: \([a-z_0-9]*\).*/\1/p' "$dir/log" |
    sort -u | comm -12 - "$dir/all" >"$dir/missing"
grep -qx flock "$dir/missing" || { cat "$dir/log" >&2; exit 1; }

while read -r name; do
	printf '\t.text\n\t.globl\t%s\n%s:\tjmp\tcompat_%s\n' \
	    "$name" "$name" "$name" >"$dir/$name.s"
	$CC -c -o "$dir/$name.o" "$dir/$name.s"
done <"$dir/missing"
rm -f "$archive"
$AR rcs "$archive" "$dir"/*.o
