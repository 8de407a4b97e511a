# sources of compat/signal
libcompat_la_SOURCES += \
	compat/signal/abort_nt.c \
	compat/signal/action.c \
	compat/signal/altstack.c \
	compat/signal/block.c \
	compat/signal/block.h \
	compat/signal/channel.h \
	compat/signal/channel_nt.c \
	compat/signal/channel_nt.h \
	compat/signal/channel_send_nt.c \
	compat/signal/console_nt.c \
	compat/signal/context.h \
	compat/signal/context_nt.c \
	compat/signal/context_nt.h \
	compat/signal/deliver.c \
	compat/signal/fault_nt.c \
	compat/signal/forward.c \
	compat/signal/kill.c \
	compat/signal/map.h \
	compat/signal/open_nt.h \
	compat/signal/pending.c \
	compat/signal/preempt.h \
	compat/signal/preempt_nt.c \
	compat/signal/preempt_nt.h \
	compat/signal/process_nt.c \
	compat/signal/program_known_nt.c \
	compat/signal/program_text.h \
	compat/signal/program_text_nt.c \
	compat/signal/pthread_nt.c \
	compat/signal/retire.h \
	compat/signal/retire_nt.c \
	compat/signal/send.c \
	compat/signal/signal_map.c \
	compat/signal/signalfd.c \
	compat/signal/sig2str.c \
	compat/signal/sigprocmask.c \
	compat/signal/sigset.c \
	compat/signal/sigsuspend.c \
	compat/signal/sigwait.c \
	compat/signal/stack.h \
	compat/signal/stack_nt.c \
	compat/signal/state.h \
	compat/signal/strsignal.c \
	compat/signal/sysv.c \
	compat/signal/take.c \
	compat/signal/text_mark.h \
	compat/signal/thread_nt.c \
	compat/signal/trampoline_nt.c \
	compat/signal/wait.h \
	compat/signal/wait_nt.c

# What each program of the DLL has of its own: see program_text_nt.c.
if SHARED
lib_LIBRARIES += libcompat_program.a
libcompat_program_a_SOURCES = compat/signal/program_text.h \
	compat/signal/program_text_nt.c
libcompat_program_a_CPPFLAGS = $(libcompat_la_CPPFLAGS)
endif
