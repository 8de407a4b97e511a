# sources of compat/poll
libcompat_la_SOURCES += \
	compat/poll/afd.h \
	compat/poll/afd_nt.c \
	compat/poll/detach.h \
	compat/poll/sockwait.h \
	compat/poll/sockwait_nt.c \
	compat/poll/watch.c \
	compat/poll/watch.h
