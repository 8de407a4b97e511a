libreactor_la_SOURCES = \
	reactor/address.c reactor/channel.c reactor/connect.c \
	reactor/engine.c reactor/frame.c reactor/group.c reactor/list.h \
	reactor/listen.c reactor/loop.c reactor/message.c reactor/pool.c \
	reactor/post.c reactor/private.h reactor/protocol.c reactor/queue.h \
	reactor/receive.c reactor/resolve.c reactor/send.c reactor/sock.c \
	reactor/status.c reactor/table.c reactor/text.c reactor/timer.c
libreactor_la_LDFLAGS = $(SHLIB_FLAGS) -version-info 0:0:0 \
	-export-symbols-regex "^reactor_"
libreactor_la_LIBADD = libcompat.la
include_HEADERS += reactor/reactor.h
dist_man_MANS += man/reactor.3 man/reactor.7
EXTRA_DIST += reactor/README.md
