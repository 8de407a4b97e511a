/*
 * One scenario, again and again: the first time its first call of NT fails,
 * then its second, until none is left.  Whichever it is, the call of POSIX
 * that it broke says so, and afterwards all handles and numbers are free.
 */
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "compat/nt/fault_run.h"

#define LONG_MS 5000

static int failures;

/* Did it work?  If not, it must look like it. */
static int
works(const char *what, long got, long want)
{
	if (got == want)
		return 1;
	ck_assert_msg(got == -1 && errno != 0, "%s: %ld, errno %d after %s",
	    what, got, errno, fault_name());
	failures++;
	errno = 0;
	return 0;
}

/* As works(), for a new descriptor. */
static int
opens(const char *what, int fd)
{
	return works(what, fd >= 0 ? 0 : fd, 0);
}

static void
shut(int fd)
{
	ck_assert_int_eq(close(fd), 0);
}

static void
use_file(void)
{
	char buf[5];
	int fd = open("f", O_RDWR | O_CREAT, 0644);

	if (!opens("open", fd))
		return;
	(void)works("flock", flock(fd, LOCK_EX | LOCK_NB), 0);
	if (works("write", write(fd, "hello", 5), 5))
		(void)works("pread", pread(fd, buf, 5, 0), 5);
	(void)works("fsync", fsync(fd), 0);
	(void)works("ftruncate", ftruncate(fd, 2), 0);
	shut(fd);
	(void)works("rename", rename("f", "g"), 0);
	if (access("f", F_OK) == 0)
		(void)works("unlink", unlink("f"), 0);
	if (access("g", F_OK) == 0)
		(void)works("unlink", unlink("g"), 0);
	errno = 0;
}

static void
use_pipe(void)
{
	struct pollfd p;
	char c;
	int fd[2];

	if (!works("pipe", pipe(fd), 0))
		return;
	if (works("pipe write", write(fd[1], "x", 1), 1)) {
		p.fd = fd[0];
		p.events = POLLIN;
		(void)works("poll", poll(&p, 1, LONG_MS), 1);
		(void)works("pipe read", read(fd[0], &c, 1), 1);
	}
	shut(fd[0]);
	shut(fd[1]);
}

static void
wait_for(int ep, int s[2])
{
	struct epoll_event ev = { .events = EPOLLIN };
	char c;

	if (works("epoll_ctl", epoll_ctl(ep, EPOLL_CTL_ADD, s[0], &ev), 0)) {
		if (works("send", send(s[1], "x", 1, 0), 1) &&
		    works("epoll_wait", epoll_wait(ep, &ev, 1, LONG_MS), 1))
			(void)works("recv", recv(s[0], &c, 1, 0), 1);
	}
}

static void
use_sockets(void)
{
	int s[2], ep;

	if (!works("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0))
		return;
	ep = epoll_create1(0);
	if (opens("epoll_create1", ep)) {
		wait_for(ep, s);
		shut(ep);
	}
	shut(s[0]);
	shut(s[1]);
}

static void
scenario(void)
{
	failures = 0;
	errno = 0;
	use_file();
	use_pipe();
	use_sockets();
}

/* Neither a number nor a file was left behind. */
static void
ck_clean(int lowest, unsigned int handles, unsigned int n)
{
	int fd = open("f", O_RDWR | O_CREAT | O_EXCL, 0644);

	ck_assert_msg(fd == lowest, "call %u: descriptor %d, errno %d", n, fd,
	    errno);
	shut(fd);
	ck_assert_int_eq(unlink("f"), 0);
	ck_assert_msg(fault_handles() <= handles, "call %u: %u handles of %u",
	    n, fault_handles(), handles);
}

START_TEST(every_call_may_fail)
{
	unsigned int n, handles, told = 0;
	int lowest;

	/* What is kept for later is there after two rounds. */
	scenario();
	ck_assert_int_eq(failures, 0);
	scenario();
	ck_assert_int_ge(lowest = open("h", O_RDWR | O_CREAT, 0644), 0);
	shut(lowest);
	handles = fault_handles();
	for (n = 1;; n++) {
		fault_reset();
		fault_nth(n);
		scenario();
		if (fault_hits() == 0)
			break;
		told += failures > 0;
		fault_reset();
		(void)unlink("f");
		(void)unlink("g");
		ck_clean(lowest, handles, n);
	}
	ck_assert_int_eq(failures, 0);
	printf("%u calls of NT, %u of them told of\n", n - 1, told);
	ck_assert_uint_ge(n, 50);
	ck_assert_uint_ge(told, n / 2);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { every_call_may_fail };

	return fault_run("each fault", tests, 1);
}
