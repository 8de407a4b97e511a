# tests of reactor
libsupport_la_SOURCES += tests/reactor/peer.c tests/reactor/peer.h
check_PROGRAMS += \
	tests/reactor/check_bye tests/reactor/check_close \
	tests/reactor/check_echo tests/reactor/check_frame \
	tests/reactor/check_hello tests/reactor/check_hostile \
	tests/reactor/check_pool tests/reactor/check_post \
	tests/reactor/check_table tests/reactor/check_text \
	tests/reactor/check_welcome
tests_reactor_check_bye_SOURCES = tests/reactor/check_bye.c
tests_reactor_check_close_SOURCES = tests/reactor/check_close.c
tests_reactor_check_echo_SOURCES = tests/reactor/check_echo.c
tests_reactor_check_frame_SOURCES = tests/reactor/check_frame.c
tests_reactor_check_hello_SOURCES = tests/reactor/check_hello.c
tests_reactor_check_hostile_SOURCES = tests/reactor/check_hostile.c
tests_reactor_check_pool_SOURCES = tests/reactor/check_pool.c
tests_reactor_check_post_SOURCES = tests/reactor/check_post.c
tests_reactor_check_table_SOURCES = tests/reactor/check_table.c
tests_reactor_check_text_SOURCES = tests/reactor/check_text.c
tests_reactor_check_welcome_SOURCES = tests/reactor/check_welcome.c
# These look inside: a shared libreactor shows only its interface.
tests_reactor_check_frame_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_reactor_check_table_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_reactor_check_text_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
