# sources of compat/afunix
libcompat_la_SOURCES += \
	compat/afunix/boxed.c compat/afunix/boxed.h \
	compat/afunix/boxed_child.c \
	compat/afunix/dgram.c compat/afunix/dgram.h \
	compat/afunix/emul.c \
	compat/afunix/getpeereid.c \
	compat/afunix/hangup.c compat/afunix/hangup.h \
	compat/afunix/hello.c compat/afunix/hello.h \
	compat/afunix/lane.c compat/afunix/lane.h \
	compat/afunix/lane_end.c \
	compat/afunix/lane_io.c \
	compat/afunix/lane_nt.c compat/afunix/lane_nt.h \
	compat/afunix/lane_shared.h \
	compat/afunix/listener.c compat/afunix/listener.h \
	compat/afunix/mailbox.c compat/afunix/mailbox.h \
	compat/afunix/mailbox_nt.c compat/afunix/mailbox_nt.h \
	compat/afunix/meet.c compat/afunix/meet.h \
	compat/afunix/native.c \
	compat/afunix/native_nt.c compat/afunix/native_nt.h \
	compat/afunix/node.c compat/afunix/node.h \
	compat/afunix/node_nt.c \
	compat/afunix/object_nt.c compat/afunix/object_nt.h \
	compat/afunix/pair.c \
	compat/afunix/peer.c \
	compat/afunix/rights.c compat/afunix/rights.h \
	compat/afunix/seqpacket.c compat/afunix/seqpacket.h \
	compat/afunix/service.h \
	compat/afunix/service_nt.c compat/afunix/service_nt.h \
	compat/afunix/unix.c compat/afunix/unix.h
