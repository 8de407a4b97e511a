# sources of compat/flock
libcompat_la_SOURCES += \
	compat/flock/advisory.c \
	compat/flock/flock.h \
	compat/flock/flock_nt.c \
	compat/flock/record.c \
	compat/flock/record.h
