# sources of compat/afunix
libcompat_la_SOURCES += \
	compat/afunix/dgram.c compat/afunix/dgram.h \
	compat/afunix/dgram_child.c \
	compat/afunix/emul.c \
	compat/afunix/getpeereid.c \
	compat/afunix/hello.c compat/afunix/hello.h \
	compat/afunix/listener.c compat/afunix/listener.h \
	compat/afunix/mailbox.c compat/afunix/mailbox.h \
	compat/afunix/mailbox_nt.c compat/afunix/mailbox_nt.h \
	compat/afunix/native.c \
	compat/afunix/native_nt.c compat/afunix/native_nt.h \
	compat/afunix/node.c compat/afunix/node.h \
	compat/afunix/node_nt.c \
	compat/afunix/pair.c \
	compat/afunix/peer.c \
	compat/afunix/service.h \
	compat/afunix/service_nt.c compat/afunix/service_nt.h \
	compat/afunix/unix.c compat/afunix/unix.h
