# sources of compat/dlfcn
libcompat_la_SOURCES += \
	compat/dlfcn/dlfcn.c \
	compat/dlfcn/export_nt.c \
	compat/dlfcn/module.h \
	compat/dlfcn/module_nt.c
