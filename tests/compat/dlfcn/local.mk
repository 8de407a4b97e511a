# tests of compat/dlfcn
check_PROGRAMS += tests/compat/dlfcn/check_dlfcn
tests_compat_dlfcn_check_dlfcn_SOURCES = tests/compat/dlfcn/check_dlfcn.c \
	$(dlfcn_util)
dlfcn_util = tests/compat/dlfcn/images.c tests/compat/dlfcn/images.h
if OS_NT
check_PROGRAMS += tests/compat/dlfcn/check_dlfcn_limits
tests_compat_dlfcn_check_dlfcn_limits_SOURCES = \
	tests/compat/dlfcn/check_dlfcn_limits.c $(dlfcn_util)
endif

# Images as a port builds them, with nothing of libcompat in them.
EXTRA_DIST += tests/compat/dlfcn/plugin.c
dlfcn_pic =
if !OS_NT
# NT's images never use another's symbols for their own.
dlfcn_pic += -fPIC -Wl,-Bsymbolic
endif
dlfcn_images = tests/compat/dlfcn/plugin_local.so \
	tests/compat/dlfcn/plugin_global.so
check_DATA += $(dlfcn_images)
CLEANFILES += $(dlfcn_images)
$(dlfcn_images): $(srcdir)/tests/compat/dlfcn/plugin.c
	$(AM_V_CCLD)$(MKDIR_P) tests/compat/dlfcn && \
	name=`basename $@ .so` && $(CC) $(CFLAGS) $(dlfcn_pic) $(LDFLAGS) \
	    -shared -DNAME=only_$${name#plugin_} -o $@ \
	    $(srcdir)/tests/compat/dlfcn/plugin.c
