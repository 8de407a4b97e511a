libreactor_la_SOURCES =
libreactor_la_LDFLAGS = $(SHLIB_FLAGS) -version-info 0:0:0
libreactor_la_LIBADD = libcompat.la
