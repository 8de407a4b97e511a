# sources of compat/fd
libcompat_la_SOURCES += \
	compat/fd/adopt.h \
	compat/fd/crt.h \
	compat/fd/crt_hook_nt.c \
	compat/fd/crt_hook_nt.h \
	compat/fd/crt_io.c \
	compat/fd/crt_io.h \
	compat/fd/crt_nt.c \
	compat/fd/crt_stdio.h \
	compat/fd/crt_table.h \
	compat/fd/fdtable.c \
	compat/fd/fdtable.h \
	compat/fd/file.c \
	compat/fd/file.h \
	compat/fd/lock.h \
	compat/fd/lock_nt.c \
	compat/fd/numbers.c \
	compat/fd/numbers.h \
	compat/fd/placeholder_nt.c \
	compat/fd/placeholder_nt.h \
	compat/fd/result.h \
	compat/fd/share.h \
	compat/fd/share_nt.c \
	compat/fd/slot.c \
	compat/fd/slot.h \
	compat/fd/standard.h \
	compat/fd/standard_nt.c \
	compat/fd/take.c \
	compat/fd/take.h
