# sources of compat/poll
libcompat_la_SOURCES += \
	compat/poll/alarm.h \
	compat/poll/alarm_nt.c \
	compat/poll/afd.h \
	compat/poll/afd_nt.c \
	compat/poll/check.c \
	compat/poll/detach.h \
	compat/poll/epoll.c \
	compat/poll/eventfd.c \
	compat/poll/eventfd.h \
	compat/poll/features.c \
	compat/poll/group.c \
	compat/poll/interest.c \
	compat/poll/interest.h \
	compat/poll/nest.c \
	compat/poll/nest.h \
	compat/poll/nest_nt.c \
	compat/poll/poll.c \
	compat/poll/poller.h \
	compat/poll/pool.c \
	compat/poll/port.h \
	compat/poll/port_nt.c \
	compat/poll/ready.c \
	compat/poll/select.c \
	compat/poll/sockwait.h \
	compat/poll/sockwait_nt.c \
	compat/poll/wait.c \
	compat/poll/watch.c \
	compat/poll/watch.h
