# tests of compat/poll
check_PROGRAMS += \
	tests/compat/poll/check_epoll_basic
tests_compat_poll_check_epoll_basic_SOURCES = \
	tests/compat/poll/check_epoll_basic.c $(poll_util)
poll_util = tests/compat/poll/util.c tests/compat/poll/util.h
