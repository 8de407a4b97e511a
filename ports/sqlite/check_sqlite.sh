#!/bin/sh
# SQLite's unix VFS, unchanged, in short: that it locks the bytes that SQLite
# locks elsewhere, that several processes leave a database whole, native ones
# among them, and that its own programs find no fault.  The long form is make
# ports-sqlite.
. "$(dirname "$0")/lib.sh"
. "$here/maps.sh"
. "$here/hammer.sh"
. "$here/mptest.sh"
. "$here/programs.sh"

need_programs
scratch_dir
cp "$(sh "$here/source.sh" where)"/*test . || exit 99
maps_all
hammer_all 2
as_on_linux kvtests 20
as_on_linux speedtest 1 wal
as_on_linux mptest multiwrite01.test --journalmode wal
