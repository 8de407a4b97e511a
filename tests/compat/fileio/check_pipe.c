#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "support/fails.h"
#include "support/main.h"

static char big[100000];

/* pipe(): bytes in order; end of file when the last writer is gone. */
START_TEST(a_pipe_ends_with_its_writers)
{
	struct stat st;
	char buf[16];
	int p[2], w, n = 0;

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(fstat(p[0], &st), 0);
	ck_assert(S_ISFIFO(st.st_mode));
	w = dup(p[1]);
	ck_assert_int_eq(write(p[1], "abc", 3), 3);
	ck_assert_int_eq(write(w, "de", 2), 2);
	ck_assert_int_eq(ioctl(p[0], FIONREAD, &n), 0);
	ck_assert_int_eq(n, 5);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(read(p[0], buf, 4), 4);
	ck_assert_mem_eq(buf, "abcd", 4);
	ck_assert_int_eq(close(w), 0);
	ck_assert_int_eq(read(p[0], buf, 16), 1);
	ck_assert_int_eq(read(p[0], buf, 16), 0);
	ck_assert_int_eq(read(p[0], buf, 16), 0);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

/* write(), EPIPE; SIGPIPE is ignored here. */
START_TEST(writing_without_readers_is_epipe)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(write(p[1], "abc", 3), 3);
	ck_assert_int_eq(close(p[0]), 0);
	FAILS(write(p[1], "abc", 3), EPIPE);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* pipe(): an end is for one direction, and has no offset. */
START_TEST(ends_are_one_way)
{
	char c = 0;
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	FAILS(write(p[0], &c, 1), EBADF);
	FAILS(read(p[1], &c, 1), EBADF);
	FAILS(lseek(p[0], 0, SEEK_SET), ESPIPE);
	FAILS(pread(p[0], &c, 1, 0), ESPIPE);
	FAILS(fsync(p[1]), EINVAL);
	ck_assert_int_eq(fcntl(p[0], F_GETFD), FD_CLOEXEC);
	FAILS(pipe2(p, 0x40000000), EINVAL);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* write(), O_NONBLOCK: what fits of a long one, all or nothing of PIPE_BUF. */
START_TEST(a_full_pipe_refuses)
{
	ssize_t n, total = 0;
	char buf[4096];
	int p[2];

	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	FAILS(read(p[0], buf, 1), EAGAIN);
	while ((n = write(p[1], big, sizeof(big))) > 0)
		total += n;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_ge(total, 4096);
	FAILS(write(p[1], big, 4096), EAGAIN);
	ck_assert_int_eq(read(p[0], buf, 4096), 4096);
	ck_assert_int_eq(write(p[1], big, 4096), 4096);
	FAILS(write(p[1], big, 1), EAGAIN);
	ck_assert_int_eq(fcntl(p[0], F_SETFL, 0), 0);
	while (total > 0) {
		n = read(p[0], big, sizeof(big));
		ck_assert_int_gt(n, 0);
		total -= n;
	}
	ck_assert_int_eq(fcntl(p[0], F_SETFL, O_NONBLOCK), 0);
	FAILS(read(p[0], buf, 1), EAGAIN);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

static void *
writer(void *arg)
{
	int fd = *(int *)arg, i;

	for (i = 0; i < 10; i++)
		if (write(fd, big, sizeof(big)) != (ssize_t)sizeof(big))
			return arg;
	(void)close(fd);
	return NULL;
}

/* A blocking writer waits for room, a blocking reader for data. */
START_TEST(both_ends_wait_for_each_other)
{
	static char buf[7777];
	pthread_t t;
	ssize_t n, total = 0;
	void *failed;
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, writer, &p[1]), 0);
	while ((n = read(p[0], buf, sizeof(buf))) > 0)
		total += n;
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(total, 10 * (ssize_t)sizeof(big));
	ck_assert_int_eq(pthread_join(t, &failed), 0);
	ck_assert_ptr_null(failed);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

static uint32_t
ready(int ep)
{
	struct epoll_event e = { 0, { 0 } };

	return epoll_wait(ep, &e, 1, 0) == 1 ? e.events : 0;
}

static int
watched(int fd, uint32_t events)
{
	struct epoll_event e = { events, { 0 } };
	int ep = epoll_create1(0);

	ck_assert_int_ge(ep, 0);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), 0);
	return ep;
}

/* epoll(7): a pipe is readable, writable, hung up (pipe(7)). */
START_TEST(epoll_sees_both_ends)
{
	struct epoll_event e;
	int p[2], in, out;

	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	in = watched(p[0], EPOLLIN);
	out = watched(p[1], EPOLLOUT);
	ck_assert_int_eq(ready(in), 0);
	ck_assert_int_eq(ready(out), EPOLLOUT);
	while (write(p[1], big, 4096) == 4096)
		;
	ck_assert_int_eq(ready(out), 0);
	ck_assert_int_eq(ready(in), EPOLLIN);
	while (read(p[0], big, 4096) == 4096)
		;
	ck_assert_int_eq(ready(in), 0);
	ck_assert_int_eq(epoll_wait(out, &e, 1, 1000), 1);
	ck_assert_int_eq(e.events, EPOLLOUT);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(epoll_wait(in, &e, 1, 1000), 1);
	ck_assert_int_eq(e.events, EPOLLHUP);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(in), 0);
	ck_assert_int_eq(close(out), 0);
}
END_TEST

/* pipe(7), poll(2): who has gone is told beside what is left, or has no room. */
START_TEST(epoll_tells_who_has_gone)
{
	int p[2], in, out;

	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	in = watched(p[0], EPOLLIN);
	ck_assert_int_eq(write(p[1], "abc", 3), 3);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(ready(in), EPOLLIN | EPOLLHUP);
	ck_assert_int_eq(read(p[0], big, sizeof(big)), 3);
	ck_assert_int_eq(ready(in), EPOLLHUP);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(in), 0);

	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	out = watched(p[1], EPOLLOUT);
	while (write(p[1], big, 4096) == 4096)
		;
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(ready(out), EPOLLERR);
	FAILS(write(p[1], "x", 1), EPIPE);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(close(out), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[8];
	int n = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	tests[n++] = a_pipe_ends_with_its_writers;
	tests[n++] = writing_without_readers_is_epipe;
	tests[n++] = ends_are_one_way;
	tests[n++] = a_full_pipe_refuses;
	tests[n++] = both_ends_wait_for_each_other;
	tests[n++] = epoll_sees_both_ends;
	tests[n++] = epoll_tells_who_has_gone;
	return run_cases("pipe", tests, n);
}
