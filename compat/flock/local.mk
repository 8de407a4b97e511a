# sources of compat/flock
libcompat_la_SOURCES += \
	compat/flock/flock.h \
	compat/flock/flock_nt.c
