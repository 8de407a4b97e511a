# libev on libcompat, by Debian's source; see README.md.
EXTRA_DIST += ports/libev/README.md ports/libev/api.c ports/libev/exceptions \
	ports/libev/run.sh
ports-libev: all
	$(SHELL) $(srcdir)/ports/debian.sh libev
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/ports/libev/run.sh
ports: ports-libev
.PHONY: ports-libev
