# The drop-in headers, installed under $(includedir)/compat.
compat_HEADERS = \
	compat/include/cstdlib \
	compat/include/direct.h \
	compat/include/dirent.h \
	compat/include/dlfcn.h \
	compat/include/err.h \
	compat/include/errno.h \
	compat/include/fcntl.h \
	compat/include/ftw.h \
	compat/include/getopt.h \
	compat/include/grp.h \
	compat/include/ifaddrs.h \
	compat/include/inttypes.h \
	compat/include/io.h \
	compat/include/libgen.h \
	compat/include/limits.h \
	compat/include/locale.h \
	compat/include/malloc.h \
	compat/include/netdb.h \
	compat/include/poll.h \
	compat/include/posix.h \
	compat/include/process.h \
	compat/include/pthread.h \
	compat/include/pwd.h \
	compat/include/sched.h \
	compat/include/search.h \
	compat/include/semaphore.h \
	compat/include/setjmp.h \
	compat/include/signal.h \
	compat/include/spawn.h \
	compat/include/stdio.h \
	compat/include/stdlib.h \
	compat/include/string.h \
	compat/include/syslog.h \
	compat/include/time.h \
	compat/include/ucontext.h \
	compat/include/unistd.h \
	compat/include/utime.h \
	compat/include/wchar.h \
	compat/include/wctype.h \
	compat/include/winsock.h \
	compat/include/winsock2.h

compatsysdir = $(compatdir)/sys
compatsys_HEADERS = \
	compat/include/sys/epoll.h \
	compat/include/sys/eventfd.h \
	compat/include/sys/file.h \
	compat/include/sys/inotify.h \
	compat/include/sys/ioctl.h \
	compat/include/sys/mman.h \
	compat/include/sys/param.h \
	compat/include/sys/poll.h \
	compat/include/sys/pidfd.h \
	compat/include/sys/prctl.h \
	compat/include/sys/random.h \
	compat/include/sys/sendfile.h \
	compat/include/sys/signalfd.h \
	compat/include/sys/resource.h \
	compat/include/sys/select.h \
	compat/include/sys/socket.h \
	compat/include/sys/stat.h \
	compat/include/sys/statfs.h \
	compat/include/sys/statvfs.h \
	compat/include/sys/syslog.h \
	compat/include/sys/time.h \
	compat/include/sys/timeb.h \
	compat/include/sys/timerfd.h \
	compat/include/sys/times.h \
	compat/include/sys/types.h \
	compat/include/sys/ucontext.h \
	compat/include/sys/uio.h \
	compat/include/sys/un.h \
	compat/include/sys/utime.h \
	compat/include/sys/utsname.h \
	compat/include/sys/vfs.h \
	compat/include/sys/wait.h

compatbitsdir = $(compatdir)/bits
compatbits_HEADERS = \
	compat/include/bits/crt.h \
	compat/include/bits/hide.h \
	compat/include/bits/ids.h \
	compat/include/bits/iovec.h \
	compat/include/bits/mingw_begin.h \
	compat/include/bits/mingw_end.h \
	compat/include/bits/printf.h \
	compat/include/bits/show.h \
	compat/include/bits/sigset.h \
	compat/include/bits/std_abs.h \
	compat/include/bits/sym.h \
	compat/include/bits/timespec.h \
	compat/include/bits/ucontext.h

compatarpadir = $(compatdir)/arpa
compatarpa_HEADERS = compat/include/arpa/inet.h
compatnetdir = $(compatdir)/net
compatnet_HEADERS = compat/include/net/if.h
compatnetinetdir = $(compatdir)/netinet
compatnetinet_HEADERS = \
	compat/include/netinet/in.h \
	compat/include/netinet/tcp.h
