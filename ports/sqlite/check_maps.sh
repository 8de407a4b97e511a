#!/bin/sh
# SQLite's unix VFS, unchanged, locks the bytes that SQLite locks elsewhere,
# as seen by other programs of libcompat and, in mandatory mode, by native
# ones.  What NT's own VFS locks is not asked: libcompat has no part in it.
. "$(dirname "$0")/lib.sh"
. "$here/maps.sh"

need_programs
scratch_dir
maps unix unix
[ $nt = no ] || maps mandatory native
