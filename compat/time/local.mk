# sources of compat/time
libcompat_la_SOURCES += \
	compat/time/clock.c \
	compat/time/clock.h \
	compat/time/clock_nt.c \
	compat/time/convert.h \
	compat/time/expiry.h \
	compat/time/expiry_nt.c \
	compat/time/gettimeofday.c \
	compat/time/gmtime.c \
	compat/time/itimer.c \
	compat/time/nanosleep.c \
	compat/time/notify.h \
	compat/time/notify_nt.c \
	compat/time/posix_timer.c \
	compat/time/sleep.c \
	compat/time/sleep.h \
	compat/time/timer_nt.c \
	compat/time/timer_nt.h \
	compat/time/timerfd.c \
	compat/time/timerfd.h \
	compat/time/until_nt.h
