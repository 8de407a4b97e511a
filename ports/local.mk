# other people's programs, built against libcompat; a target for each
include ports/sqlite/local.mk
include ports/epoll-shim/local.mk
include ports/libev/local.mk
include ports/libevent/local.mk
EXTRA_DIST += ports/debian.sh ports/lib.sh
