# sources of compat/flock
libcompat_la_SOURCES += \
	compat/flock/advisory.c \
	compat/flock/asking.h \
	compat/flock/asking_nt.c \
	compat/flock/flock.c \
	compat/flock/flock.h \
	compat/flock/journal.c \
	compat/flock/journal.h \
	compat/flock/lockf.c \
	compat/flock/pools.h \
	compat/flock/held.c \
	compat/flock/held.h \
	compat/flock/mandatory.c \
	compat/flock/mandatory.h \
	compat/flock/mandatory_io.c \
	compat/flock/range.h \
	compat/flock/range_nt.c \
	compat/flock/ranges.c \
	compat/flock/record.c \
	compat/flock/record.h \
	compat/flock/shared.h \
	compat/flock/shared_nt.c \
	compat/flock/shared_nt.h \
	compat/flock/table.c \
	compat/flock/table.h \
	compat/flock/turn.h \
	compat/flock/turn_nt.c \
	compat/flock/waits.c \
	compat/flock/wake_nt.c
