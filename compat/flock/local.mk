# sources of compat/flock
libcompat_la_SOURCES += \
	compat/flock/advisory.c \
	compat/flock/flock.c \
	compat/flock/flock.h \
	compat/flock/range.h \
	compat/flock/range_nt.c \
	compat/flock/record.c \
	compat/flock/record.h \
	compat/flock/turn.h \
	compat/flock/turn_nt.c
