# sources of compat/signal
libcompat_la_SOURCES += \
	compat/signal/action.c \
	compat/signal/console_nt.c \
	compat/signal/deliver.c \
	compat/signal/map.h \
	compat/signal/pending.c \
	compat/signal/process_nt.c \
	compat/signal/send.c \
	compat/signal/signal_map.c \
	compat/signal/signalfd.c \
	compat/signal/state.h \
	compat/signal/take.c \
	compat/signal/thread_nt.c \
	compat/signal/wait.h \
	compat/signal/wait_nt.c
