# sources of compat/time
libcompat_la_SOURCES += \
	compat/time/clock.c \
	compat/time/clock.h \
	compat/time/clock_nt.c \
	compat/time/gettimeofday.c \
	compat/time/sleep.c
