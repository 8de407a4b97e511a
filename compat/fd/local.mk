# sources of compat/fd
libcompat_la_SOURCES += \
	compat/fd/adopt.h \
	compat/fd/crt.h \
	compat/fd/crt_nt.c \
	compat/fd/fdtable.c \
	compat/fd/fdtable.h \
	compat/fd/file.c \
	compat/fd/file.h \
	compat/fd/lock.h \
	compat/fd/lock_nt.c \
	compat/fd/result.h \
	compat/fd/share.h \
	compat/fd/share_nt.c
