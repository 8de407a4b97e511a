#!/bin/sh
# Ten minutes of processes with native and with POSIX locks in one database:
# five in each journal mode that matters.  Not part of make check.
. "$(dirname "$0")/lib.sh"
. "$here/hammer.sh"

need_programs
scratch_dir
hammer_all 300
