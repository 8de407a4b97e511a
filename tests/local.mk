EXTRA_DIST += tests/support/run-timed tests/support/valgrind.supp \
	tests/support/lsan.supp
libsupport_la_SOURCES =
include tests/support/local.mk
include tests/meta/local.mk
include tests/compat/fd/local.mk
include tests/compat/fileio/local.mk
include tests/compat/flock/local.mk
include tests/compat/mman/local.mk
include tests/compat/dlfcn/local.mk
include tests/compat/process/local.mk
include tests/compat/nt/local.mk
include tests/compat/signal/local.mk
include tests/compat/afunix/local.mk
include tests/compat/socket/local.mk
include tests/compat/poll/local.mk
include tests/compat/time/local.mk
include tests/reactor/local.mk
include tests/programs/local.mk
