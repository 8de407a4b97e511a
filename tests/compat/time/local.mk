# tests of compat/time, and of the waits that take a signal mask
timing = tests/compat/time/timing.c tests/compat/time/timing.h \
	tests/compat/time/tfd.h \
	tests/compat/poll/util.c tests/compat/poll/util.h
check_PROGRAMS += \
	tests/compat/time/check_gmtime \
	tests/compat/time/check_cputime \
	tests/compat/time/check_itimer \
	tests/compat/time/check_nanosleep \
	tests/compat/time/check_posix_timer \
	tests/compat/time/check_posix_timer_ends \
	tests/compat/time/check_pwait \
	tests/compat/time/check_timerfd \
	tests/compat/time/check_timerfd_poll
tests_compat_time_check_gmtime_SOURCES = tests/compat/time/check_gmtime.c
tests_compat_time_check_cputime_SOURCES = \
	tests/compat/time/check_cputime.c $(timing)
tests_compat_time_check_itimer_SOURCES = \
	tests/compat/time/check_itimer.c $(timing)
tests_compat_time_check_nanosleep_SOURCES = \
	tests/compat/time/check_nanosleep.c $(timing)
tests_compat_time_check_posix_timer_SOURCES = \
	tests/compat/time/check_posix_timer.c tests/compat/time/ptimer.c \
	tests/compat/time/ptimer.h $(timing)
tests_compat_time_check_posix_timer_ends_SOURCES = \
	tests/compat/time/check_posix_timer_ends.c tests/compat/time/ptimer.c \
	tests/compat/time/ptimer.h $(timing)
tests_compat_time_check_pwait_SOURCES = \
	tests/compat/time/check_pwait.c $(timing)
tests_compat_time_check_timerfd_SOURCES = \
	tests/compat/time/check_timerfd.c $(timing)
tests_compat_time_check_timerfd_poll_SOURCES = \
	tests/compat/time/check_timerfd_poll.c $(timing)
if OS_NT
check_PROGRAMS += \
	tests/compat/time/check_limits \
	tests/compat/time/check_timer_fallback
tests_compat_time_check_limits_SOURCES = \
	tests/compat/time/check_limits.c $(timing)
tests_compat_time_check_timer_fallback_SOURCES = \
	tests/compat/time/check_timer_fallback.c \
	tests/compat/time/timer_fault.h $(timing)
tests_compat_time_check_timer_fallback_LDADD = libtimerfault_nt.la $(LDADD)
# What replaces an NT call must see the platform.
check_LTLIBRARIES += libtimerfault_nt.la
libtimerfault_nt_la_SOURCES = tests/compat/time/timer_fault_nt.c
libtimerfault_nt_la_CPPFLAGS = $(libcompat_la_CPPFLAGS) -I$(top_srcdir)/tests
endif

EXTRA_DIST += compat/time/README.md
