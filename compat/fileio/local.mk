# sources of compat/fileio
libcompat_la_SOURCES += \
	compat/fileio/adopt_nt.c \
	compat/fileio/console.h \
	compat/fileio/dir.c \
	compat/fileio/dir.h \
	compat/fileio/dir_nt.c \
	compat/fileio/dirfile.c \
	compat/fileio/disk.c \
	compat/fileio/disk.h \
	compat/fileio/displace_nt.h \
	compat/fileio/dup.c \
	compat/fileio/dup.h \
	compat/fileio/fcntl.c \
	compat/fileio/fd.c \
	compat/fileio/handle_nt.c \
	compat/fileio/io.h \
	compat/fileio/io_nt.c \
	compat/fileio/iov.c \
	compat/fileio/iov.h \
	compat/fileio/names.c \
	compat/fileio/names.h \
	compat/fileio/names_nt.c \
	compat/fileio/open.c \
	compat/fileio/open.h \
	compat/fileio/open_nt.c \
	compat/fileio/path_nt.c \
	compat/fileio/path_nt.h \
	compat/fileio/remove_nt.c \
	compat/fileio/rename_nt.c \
	compat/fileio/rw.c \
	compat/fileio/stat.h \
	compat/fileio/stat_nt.c \
	compat/fileio/stat_nt.h \
	compat/fileio/stdio.c \
	compat/fileio/stdlib.c \
	compat/fileio/stream_nt.c \
	compat/fileio/strerror.c
