/*
 * What every kind of descriptor answers to fstat, isatty, fcntl and ioctl.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include <signal.h>
#include <stdint.h>
#include <time.h>

#include "util.h"

#define N(a) (int)(sizeof(a) / sizeof((a)[0]))

/* Pipes and sockets bring their other end. */
struct opened {
	int fd;
	int peer;
};

static struct opened
alone(int fd)
{
	struct opened o = { fd, -1 };

	ck_assert_int_ge(fd, 0);
	return o;
}

static struct opened
open_file(void)
{
	return alone(file_with("kind", "12345"));
}

static struct opened
open_dir(void)
{
	return alone(open(".", O_RDONLY | O_DIRECTORY));
}

static struct opened
open_null(void)
{
	return alone(open("/dev/null", O_RDWR));
}

static struct opened
open_pipe(void)
{
	struct opened o;
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	o.fd = p[0];
	o.peer = p[1];
	return o;
}

static struct opened
open_pipe_to_write(void)
{
	struct opened o;
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	o.fd = p[1];
	o.peer = p[0];
	return o;
}

static struct opened
open_pair(void)
{
	struct opened o;
	int p[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
	o.fd = p[0];
	o.peer = p[1];
	return o;
}

static struct opened
open_inet(void)
{
	return alone(socket(AF_INET, SOCK_STREAM, 0));
}

static struct opened
open_eventfd(void)
{
	return alone(eventfd(0, 0));
}

static struct opened
open_timerfd(void)
{
	return alone(timerfd_create(CLOCK_MONOTONIC, 0));
}

static struct opened
open_signalfd(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	return alone(signalfd(-1, &set, 0));
}

static struct opened
open_epoll(void)
{
	return alone(epoll_create1(0));
}

static struct opened
open_memfd(void)
{
	return alone(memfd_create("kind", 0));
}

static const struct kind {
	const char *name;
	struct opened (*open)(void);
	unsigned int type;	/* of fstat; 0 for what has no file */
	int access;		/* of F_GETFL */
	int fionread;		/* 0, or the errno */
} kinds[] = {
	{ "file", open_file, S_IFREG, O_RDWR, 0 },
	{ "directory", open_dir, S_IFDIR, O_RDONLY, -1 },
	{ "null", open_null, S_IFCHR, O_RDWR, ENOTTY },
	{ "pipe", open_pipe, S_IFIFO, O_RDONLY, 0 },
	{ "pipe to write", open_pipe_to_write, S_IFIFO, O_WRONLY, 0 },
	{ "pair", open_pair, S_IFSOCK, O_RDWR, 0 },
	{ "inet", open_inet, S_IFSOCK, O_RDWR, 0 },
	{ "eventfd", open_eventfd, 0, O_RDWR, ENOTTY },
	{ "timerfd", open_timerfd, 0, O_RDWR, ENOTTY },
	{ "signalfd", open_signalfd, 0, O_RDWR, ENOTTY },
	{ "epoll", open_epoll, 0, O_RDWR, ENOTTY },
	{ "memfd", open_memfd, S_IFREG, O_RDWR, 0 },
};

static void
shut(struct opened o)
{
	ck_assert_int_eq(close(o.fd), 0);
	if (o.peer >= 0)
		ck_assert_int_eq(close(o.peer), 0);
}

static void
each(void (*check)(const struct kind *, int fd))
{
	struct opened o;
	int i;

	for (i = 0; i < N(kinds); i++) {
		o = kinds[i].open();
		check(&kinds[i], o.fd);
		shut(o);
	}
}

static void
check_type(const struct kind *k, int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_msg((st.st_mode & S_IFMT) == k->type, "%s: mode %o",
	    k->name, (unsigned int)st.st_mode);
	if (k->type != S_IFDIR)
		ck_assert_int_eq(st.st_size,
		    strcmp(k->name, "file") == 0 ? 5 : 0);
}

/* fstat(): st_mode tells the kind; what is no file has none. */
START_TEST(fstat_tells_every_kind)
{
	struct stat st;

	each(check_type);
	FAILS(fstat(-1, &st), EBADF);
	FAILS(fstat(1999, &st), EBADF);
}
END_TEST

/* Linux from 6.9 on has requests of epoll's own, and EINVAL for others. */
static int
refuses(const struct kind *k, int err)
{
	return err == ENOTTY ||
	    (err == EINVAL && strcmp(k->name, "epoll") == 0);
}

static void
check_not_a_terminal(const struct kind *k, int fd)
{
	errno = 0;
	ck_assert_msg(isatty(fd) == 0 && refuses(k, errno), "%s: errno %d",
	    k->name, errno);
}

/* isatty(): 0 and ENOTTY. */
START_TEST(no_kind_is_a_terminal)
{
	each(check_not_a_terminal);
	errno = 0;
	ck_assert_int_eq(isatty(1999), 0);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

static void
check_cloexec(const struct kind *k, int fd)
{
	int other = dup(fd);

	ck_assert_msg(fcntl(fd, F_GETFD) == 0, "%s", k->name);
	ck_assert_int_eq(ioctl(fd, FIOCLEX), 0);
	ck_assert_msg(fcntl(fd, F_GETFD) == FD_CLOEXEC, "%s", k->name);
	ck_assert_msg(fcntl(other, F_GETFD) == 0, "%s: shared", k->name);
	ck_assert_int_eq(ioctl(fd, FIONCLEX), 0);
	ck_assert_msg(fcntl(fd, F_GETFD) == 0, "%s", k->name);
	ck_assert_int_eq(close(other), 0);
}

/* ioctl(2): FIOCLEX and FIONCLEX are F_SETFD, of the descriptor alone. */
START_TEST(fioclex_is_the_descriptor_s)
{
	each(check_cloexec);
	FAILS(ioctl(1999, FIOCLEX), EBADF);
	FAILS(ioctl(-1, FIONCLEX), EBADF);
}
END_TEST

static void
check_flags(const struct kind *k, int fd)
{
	int other = dup(fd), flags = fcntl(fd, F_GETFL);

	ck_assert_msg((flags & O_ACCMODE) == k->access, "%s: flags %o",
	    k->name, (unsigned int)flags);
	ck_assert_int_eq(flags & (O_NONBLOCK | O_APPEND), 0);
	/* The access mode is not for change, and no error either. */
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK | (k->access ^ 1)), 0);
	ck_assert_msg((fcntl(other, F_GETFL) & (O_ACCMODE | O_NONBLOCK)) ==
	    (k->access | O_NONBLOCK), "%s", k->name);
	ck_assert_int_eq(fcntl(other, F_SETFL, 0), 0);
	ck_assert_msg((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0, "%s", k->name);
	ck_assert_int_eq(close(other), 0);
}

/* fcntl(): F_SETFL is the description's, and leaves the access mode. */
START_TEST(status_flags_are_the_description_s)
{
	each(check_flags);
	FAILS(fcntl(1999, F_GETFL), EBADF);
	FAILS(fcntl(1999, F_SETFL, 0), EBADF);
}
END_TEST

static void
check_fionbio(const struct kind *k, int fd)
{
	int on = 1, off = 0;

	ck_assert_int_eq(ioctl(fd, FIONBIO, &on), 0);
	ck_assert_msg(fcntl(fd, F_GETFL) & O_NONBLOCK, "%s", k->name);
	ck_assert_int_eq(ioctl(fd, FIONBIO, &off), 0);
	ck_assert_msg((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0, "%s", k->name);
}

/* ioctl(2): FIONBIO is O_NONBLOCK. */
START_TEST(fionbio_sets_o_nonblock)
{
	int on = 1;

	each(check_fionbio);
	FAILS(ioctl(1999, FIONBIO, &on), EBADF);
}
END_TEST

static void
check_fionread(const struct kind *k, int fd)
{
	int n = -1, r;

	if (k->fionread < 0)
		return;		/* differs between file systems */
	errno = 0;
	r = ioctl(fd, FIONREAD, &n);
	if (strcmp(k->name, "inet") == 0)
		return;		/* not connected: 0 or EINVAL */
	if (k->fionread == 0) {
		ck_assert_msg(r == 0, "%s: errno %d", k->name, errno);
		ck_assert_msg(n == (strcmp(k->name, "file") == 0 ? 5 : 0),
		    "%s: %d", k->name, n);
	} else {
		ck_assert_msg(r == -1 && refuses(k, errno),
		    "%s: %d, errno %d", k->name, r, errno);
	}
}

/* ioctl(2): how much can be read now, of what has data. */
START_TEST(fionread_counts_what_can_be_read)
{
	struct opened o;
	int n = -1;

	each(check_fionread);
	o = open_pair();
	ck_assert_int_eq(write(o.peer, "abc", 3), 3);
	ck_assert_int_eq(ioctl(o.fd, FIONREAD, &n), 0);
	ck_assert_int_eq(n, 3);
	shut(o);
	o = open_pipe();
	ck_assert_int_eq(write(o.peer, "abcd", 4), 4);
	ck_assert_int_eq(ioctl(o.fd, FIONREAD, &n), 0);
	ck_assert_int_eq(n, 4);
	shut(o);
	FAILS(ioctl(1999, FIONREAD, &n), EBADF);
}
END_TEST

int
main(void)
{
	static const TTest *tests[8];
	int n = 0;

	tests[n++] = fstat_tells_every_kind;
	tests[n++] = no_kind_is_a_terminal;
	tests[n++] = fioclex_is_the_descriptor_s;
	tests[n++] = status_flags_are_the_description_s;
	tests[n++] = fionbio_sets_o_nonblock;
	tests[n++] = fionread_counts_what_can_be_read;
	return run_cases("kinds", tests, n);
}
