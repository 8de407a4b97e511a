# epoll-shim's tests on libcompat; see README.md.
EXTRA_DIST += ports/epoll-shim/README.md ports/epoll-shim/exceptions \
	ports/epoll-shim/real_close.c ports/epoll-shim/run.sh \
	ports/epoll-shim/source.sh
ports-epoll-shim: all
	$(SHELL) $(srcdir)/ports/epoll-shim/source.sh
	$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/ports/epoll-shim/run.sh
ports: ports-epoll-shim
.PHONY: ports-epoll-shim
