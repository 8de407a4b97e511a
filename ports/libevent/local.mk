# libevent on libcompat, by Debian's source; see README.md.
EXTRA_DIST += ports/libevent/README.md ports/libevent/exceptions \
	ports/libevent/run.sh
ports-libevent: all
	$(SHELL) $(srcdir)/ports/debian.sh libevent
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/ports/libevent/run.sh
ports: ports-libevent
.PHONY: ports-libevent
