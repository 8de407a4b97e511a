# tests of compat/nt and of the drop-in headers
if OS_NT
dist_check_SCRIPTS += tests/compat/nt/check_headers.sh
check_PROGRAMS += tests/compat/nt/check_errmap
tests_compat_nt_check_errmap_SOURCES = tests/compat/nt/check_errmap.c
endif
EXTRA_DIST += tests/compat/nt/headers.c
