# sources of compat/signal
libcompat_la_SOURCES += \
	compat/signal/abort_nt.c \
	compat/signal/action.c \
	compat/signal/block.c \
	compat/signal/block.h \
	compat/signal/channel.h \
	compat/signal/channel_nt.c \
	compat/signal/channel_nt.h \
	compat/signal/channel_send_nt.c \
	compat/signal/console_nt.c \
	compat/signal/deliver.c \
	compat/signal/kill.c \
	compat/signal/map.h \
	compat/signal/pending.c \
	compat/signal/process_nt.c \
	compat/signal/pthread_nt.c \
	compat/signal/send.c \
	compat/signal/signal_map.c \
	compat/signal/signalfd.c \
	compat/signal/sig2str.c \
	compat/signal/sigprocmask.c \
	compat/signal/sigset.c \
	compat/signal/sigsuspend.c \
	compat/signal/sigwait.c \
	compat/signal/state.h \
	compat/signal/strsignal.c \
	compat/signal/sysv.c \
	compat/signal/take.c \
	compat/signal/thread_nt.c \
	compat/signal/wait.h \
	compat/signal/wait_nt.c
