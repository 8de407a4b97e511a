libsupport_la_SOURCES += tests/support/tmpdir.c tests/support/tmpdir.h
