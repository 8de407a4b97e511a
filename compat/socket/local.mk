# sources of compat/socket
libcompat_la_SOURCES += \
	compat/socket/ahead.c compat/socket/ahead.h \
	compat/socket/close_abort.c \
	compat/socket/connect.c \
	compat/socket/control.c compat/socket/control.h \
	compat/socket/event_nt.c compat/socket/event_nt.h \
	compat/socket/handle.c \
	compat/socket/hostent.c \
	compat/socket/iface.c \
	compat/socket/iface_nt.c compat/socket/iface_nt.h \
	compat/socket/ifaddrs.c \
	compat/socket/inherit.c compat/socket/inherit.h \
	compat/socket/inet.c \
	compat/socket/inet_class.c \
	compat/socket/inet_text.c \
	compat/socket/io.c \
	compat/socket/kind_nt.c \
	compat/socket/listen.c \
	compat/socket/mmsg.c \
	compat/socket/msg_nt.c \
	compat/socket/multicast.c \
	compat/socket/name.c \
	compat/socket/netdb.c \
	compat/socket/netdb_nt.c compat/socket/netdb_nt.h \
	compat/socket/recv.c \
	compat/socket/send.c \
	compat/socket/services.c \
	compat/socket/services_nt.c \
	compat/socket/shutdown.c \
	compat/socket/sock.c compat/socket/sock.h \
	compat/socket/sockatmark.c \
	compat/socket/sock_nt.c compat/socket/sock_nt.h \
	compat/socket/socket.c \
	compat/socket/sockopt.c \
	compat/socket/sockopt_inet.c \
	compat/socket/wait.c
