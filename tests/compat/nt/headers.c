/*
 * What the drop-in headers promise, at compile time.  check_headers.sh compiles
 * this as a port would be, with both compilers, fortified or not.
 */
#ifdef REVERSED
#include <wctype.h>
#include <wchar.h>
#include <utime.h>
#include <time.h>
#include <sys/uio.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <string.h>
#include <stdlib.h>
#include <stdio.h>
#include <signal.h>
#include <setjmp.h>
#include <pthread.h>
#include <process.h>
#include <math.h>
#include <locale.h>
#include <io.h>
#include <inttypes.h>
#include <direct.h>
#endif
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <io.h>
#include <libgen.h>
#include <locale.h>
#include <math.h>
#include <poll.h>
#include <process.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <wchar.h>
#include <netdb.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#define SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), "size of " #type)
SIZE(off_t, 8);
SIZE(ino_t, 8);
SIZE(dev_t, 8);
SIZE(time_t, 8);
SIZE(blkcnt_t, 8);
SIZE(size_t, 8);
SIZE(ssize_t, 8);
SIZE(pid_t, 4);
SIZE(mode_t, 4);
SIZE(struct timespec, 16);
SIZE(struct itimerspec, 32);
SIZE(struct timeval, 16);
SIZE(((struct timeval *)0)->tv_sec, 8);
SIZE(((struct stat *)0)->st_size, 8);
SIZE(((struct stat *)0)->st_ino, 8);

_Static_assert(EWOULDBLOCK == EAGAIN, "EWOULDBLOCK");

/* The functions have the types that POSIX gives them. */
#define IS(name, ...) \
	_Static_assert(_Generic(&name, __VA_ARGS__: 1, default: 0), #name)
IS(read, ssize_t (*)(int, void *, size_t));
IS(write, ssize_t (*)(int, const void *, size_t));
IS(lseek, off_t (*)(int, off_t, int));
IS(open, int (*)(const char *, int, ...));
IS(close, int (*)(int));
IS(mkdir, int (*)(const char *, mode_t));
IS(getcwd, char *(*)(char *, size_t));
IS(getpid, pid_t (*)(void));
IS(mmap, void *(*)(void *, size_t, int, int, int, off_t));
IS(mlock, int (*)(const void *, size_t));
IS(fstat, int (*)(int, struct stat *));
IS(fseeko, int (*)(FILE *, off_t, int));

/* Members and variables may have the names of functions. */
struct ops {
	int (*open)(void);
	int (*close)(int);
	int (*read)(int);
	int (*stat)(void);
};

int use_them(struct ops *, char *);

int
use_them(struct ops *o, char *buf)
{
	int (*closer)(int) = &close;
	struct stat st;

	return o->open() + o->close(1) + o->read(2) + o->stat() +
	    open(buf, O_RDONLY) + (int)read(0, buf, 1) +
	    (int)write(1, buf, 1) + stat(buf, &st) + closer(3) + unlink(buf) +
	    access(buf, F_OK) + (int)lseek(0, 0, SEEK_SET) + dup(1) + rmdir(buf);
}
