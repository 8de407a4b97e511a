# sources of compat/nt
libcompat_la_SOURCES += \
	compat/nt/access_nt.c \
	compat/nt/access_nt.h \
	compat/nt/calls_nt.c \
	compat/nt/calls_nt.h \
	compat/nt/errmap.h \
	compat/nt/errmap_nt.c \
	compat/nt/init.h \
	compat/nt/init_nt.c \
	compat/nt/nt.h \
	compat/nt/path.h \
	compat/nt/path_nt.c \
	compat/nt/perthread.h \
	compat/nt/perthread_nt.c \
	compat/nt/pool.h \
	compat/nt/pool_nt.c \
	compat/nt/private_nt.c \
	compat/nt/private_nt.h \
	compat/nt/random.h \
	compat/nt/random_nt.c \
	compat/nt/winsock_nt.c
