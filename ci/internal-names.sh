#!/bin/sh
# ci/internal-names.sh LIBCOMPAT_A: print compat/fd/names.h for the functions
# and objects that the library has now.  Run it after adding one:
#	ci/internal-names.sh build/nt/.libs/libcompat.a >names.h &&
#	    mv names.h compat/fd/names.h
set -eu

cat <<'END'
/*
 * The library's own functions and objects, by the names that the linker sees.
 * A static library has one name space with the program it is linked into, and
 * a port may well have a lock_read() or a file_open() of its own: so what is
 * not POSIX's gets a prefix, in all of the library and in nothing else.
 *
 * Every source of the library is compiled with -include fd/names.h.  Made by
 * ci/internal-names.sh; tests/meta/check_symbols.sh tells what is missing.
 */
#ifndef FD_NAMES_H
#define FD_NAMES_H

END
${NM:-x86_64-w64-mingw32-nm} -g --defined-only "$1" 2>/dev/null |
    awk 'NF == 3 { print $3 }' |
    sed -n -e 's/^compat__//p' -e '/^compat_/d' -e '/^[a-z]/p' |
    LC_ALL=C sort -u | sed 's/.*/#define & compat__&/'
printf '\n#endif\n'
