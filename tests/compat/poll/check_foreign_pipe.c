/*
 * Pipes that another program made: on NT synchronous ones of no overlapped
 * I/O, as a shell gives them.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/poll/util.h"
#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

#define CHECK(yes) do { \
		if (!(yes)) \
			return __LINE__ % 100 + 1; \
	} while (0)

static char *self;

static int
say(const char *text)
{
	return write(1, text, strlen(text)) == (ssize_t)strlen(text);
}

/* Wait for what stdin has, with an eventfd beside it. */
static int
child_epoll(uint32_t flags)
{
	struct epoll_event ev = { .events = EPOLLIN | flags }, got[4];
	int ep = epoll_create1(0), e = eventfd(0, 0), i;
	char buf[64];

	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, 0, &ev) == 0);
	ev.data.fd = e;
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, e, &ev) == 0);
	CHECK(epoll_wait(ep, got, 4, 0) == 0);
	for (i = 0; i < 3; i++) {
		CHECK(say("waiting\n"));
		CHECK(epoll_wait(ep, got, 4, 20000) == 1);
		CHECK(got[0].data.fd == 0 && got[0].events == EPOLLIN);
		CHECK(read(0, buf, sizeof(buf)) == 6);
		CHECK(memcmp(buf, "hello\n", 6) == 0);
		CHECK(epoll_wait(ep, got, 4, 0) == 0);
	}
	CHECK(eventfd_write(e, 1) == 0);
	CHECK(epoll_wait(ep, got, 4, 20000) == 1);
	CHECK(got[0].data.fd == e);
	CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, e, NULL) == 0);
	CHECK(say("end\n"));
	CHECK(epoll_wait(ep, got, 4, 20000) == 1);
	CHECK(got[0].events == EPOLLHUP);
	CHECK(read(0, buf, sizeof(buf)) == 0);
	return 0;
}

static int
child_poll(void)
{
	struct pollfd p[2] = { { .fd = 0, .events = POLLIN },
	    { .fd = 1, .events = POLLOUT } };
	char buf[64];

	CHECK(fcntl(0, F_SETFL, O_NONBLOCK) == 0);
	CHECK(poll(p, 1, 0) == 0);
	errno = 0;
	CHECK(read(0, buf, 1) == -1 && errno == EAGAIN);
	CHECK(poll(p, 2, 20000) == 1 && p[1].revents == POLLOUT);
	CHECK(say("waiting\n"));
	CHECK(poll(p, 1, 20000) == 1 && p[0].revents == POLLIN);
	CHECK(read(0, buf, 3) == 3);
	CHECK(poll(p, 1, 20000) == 1 && p[0].revents == POLLIN);
	CHECK(read(0, buf, 64) == 3);
	CHECK(say("end\n"));
	CHECK(poll(p, 1, 20000) == 1 && p[0].revents == POLLHUP);
	return 0;
}

static struct proc *
start(const char *role)
{
	const char *argv[] = { self, role, NULL };
	struct proc *p;

	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	return p;
}

static void
feed(const char *role, int lines)
{
	struct proc *p = start(role);
	char line[64];

	for (; lines > 0; lines--) {
		ck_assert_int_gt(proc_readline(p, line, sizeof(line)), 0);
		ck_assert_str_eq(line, "waiting");
		ck_assert_int_eq(proc_writeline(p, "hello"), 0);
	}
	ck_assert_int_gt(proc_readline(p, line, sizeof(line)), 0);
	ck_assert_str_eq(line, "end");
	ck_assert_int_eq(proc_wait(p), 0);
}

/* pipe(7), epoll(7): the same as a pipe of our own. */
START_TEST(epoll_sees_what_another_program_writes)
{
	feed("epoll", 3);
	feed("edge", 3);
}
END_TEST

START_TEST(poll_sees_what_another_program_writes)
{
	feed("poll", 1);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { epoll_sees_what_another_program_writes,
	    poll_sees_what_another_program_writes };

	self = argv[0];
	if (argc > 1 && strcmp(argv[1], "epoll") == 0)
		return child_epoll(0);
	if (argc > 1 && strcmp(argv[1], "edge") == 0)
		return child_epoll(EPOLLET);
	if (argc > 1 && strcmp(argv[1], "poll") == 0)
		return child_poll();
	return run_cases("foreign pipe", tests, 2);
}
