# sources of compat/process
libcompat_la_SOURCES += \
	compat/process/getpid_nt.c \
	compat/process/identity.c \
	compat/process/identity.h \
	compat/process/owner.c
