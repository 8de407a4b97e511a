/* Pipes, readiness and waiting when NT refuses: an errno, never a hang. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "compat/nt/fault_run.h"
#include "fd/names.h"
#include "fd/fdtable.h"
#include "poll/interest.h"

#define LONG_MS 5000

static struct epoll_event ev;

static void
pair(int fd[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
}

static void
unpair(int fd[2])
{
	ck_assert_int_eq(close(fd[0]), 0);
	ck_assert_int_eq(close(fd[1]), 0);
}

static int
new_epoll(void)
{
	int ep = epoll_create1(0);

	ck_assert_int_ge(ep, 0);
	return ep;
}

static int
ctl(int ep, int op, int fd, uint32_t events)
{
	ev.events = events;
	ev.data.fd = fd;
	return epoll_ctl(ep, op, fd, &ev);
}

static void
ck_event(int ep, int fd, uint32_t events)
{
	memset(&ev, 0, sizeof(ev));
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, LONG_MS), 1);
	ck_assert_int_eq(ev.data.fd, fd);
	ck_assert_uint_eq(ev.events, events);
}

/* Let every call that makes a pipe fail 200 times; how many handles more. */
static unsigned int
pipes_that_fail(void)
{
	static const struct {
		const char *call;
		unsigned int skip;
		uint32_t code;
		int err;
	} step[] = {
		{ "CreateEventW", 0, NO_RESOURCES, ENOBUFS },
		{ "CreateNamedPipeW", 0, 231, EAGAIN },	/* PIPE_BUSY */
		{ "CreateNamedPipeW", 0, 4, EMFILE },
		{ "CreateFileW", 0, DENIED, EACCES },
	};
	unsigned int before = fault_handles(), s, i;
	int fd[2];

	for (s = 0; s < sizeof(step) / sizeof(step[0]); s++)
		for (i = 0; i < 200; i++) {
			fault_reset();
			fault_set(step[s].call, step[s].skip, 1, step[s].code);
			fd[0] = fd[1] = 77;
			FAILS(pipe(fd), step[s].err);
			ck_assert_int_eq(fd[0], 77);
		}
	fault_reset();
	return fault_handles() - before;
}

/*
 * POSIX.1-2024 pipe().  NT's thread pool opens a handle when it likes, but not
 * each time; what is lost here is lost each time.
 */
START_TEST(failed_pipe_leaves_nothing)
{
	unsigned int more = 1, i;
	int fd[2], first[2];

	ck_assert_int_eq(pipe(first), 0);
	unpair(first);
	for (i = 0; i < 5 && more != 0; i++)
		more = pipes_that_fail();
	ck_assert_uint_eq(more, 0);
	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(fd[0], first[0]);
	ck_assert_int_eq(fd[1], first[1]);
	unpair(fd);
}
END_TEST

/* Numbers for none of the ends, or for one. */
START_TEST(pipe_without_numbers_leaves_nothing)
{
	int fd[2] = { 77, 77 }, n, i;
	unsigned int before;

	for (n = 0; n < 2; n++) {
		numbers_use_up(n);
		before = fault_handles();
		for (i = 0; i < 200; i++) {
			FAILS(pipe(fd), ENOBUFS);
			ck_assert_int_eq(fd[0], 77);
		}
		ck_assert_uint_eq(fault_handles(), before);
		fault_reset();
		numbers_free();
	}
}
END_TEST

START_TEST(pipe_that_cannot_wait_says_so)
{
	int fd[2];
	char c;

	ck_assert_int_eq(pipe(fd), 0);
	fault_set("ReadFile", 0, FOR_EVER, NO_RESOURCES);
	FAILS(read(fd[0], &c, 1), ENOBUFS);
	fault_reset();
	ck_assert_int_eq(write(fd[1], "x", 1), 1);
	fault_set("ReadFile", 0, FOR_EVER, 997);	/* ERROR_IO_PENDING */
	fault_set("GetOverlappedResult", 0, FOR_EVER, 1117);
	FAILS(read(fd[0], &c, 1), EIO);
	fault_reset();
	ck_assert_int_eq(read(fd[0], &c, 1), 1);
	unpair(fd);
}
END_TEST

/* NT has two codes for it, and one of them ends a read. */
START_TEST(broken_pipe_is_epipe_for_a_writer)
{
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	fault_set("WriteFile", 0, FOR_EVER, 109);	/* BROKEN_PIPE */
	FAILS(write(fd[1], "x", 1), EPIPE);
	fault_set("WriteFile", 0, FOR_EVER, 232);	/* NO_DATA */
	FAILS(write(fd[1], "x", 1), EPIPE);
	unpair(fd);
}
END_TEST

static void
ck_add_fails(int ep, int fd, int err)
{
	unsigned int before = fault_handles(), i;

	for (i = 0; i < 50; i++) {
		FAILS(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN), err);
		FAILS(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN), ENOENT);
	}
	ck_assert_uint_eq(fault_handles(), before);
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
}

/* epoll_ctl(2) has nothing of it; but better there than in epoll_wait(). */
START_TEST(unopenable_afd_fails_the_registration)
{
	int ep = new_epoll(), s[2];

	pair(s);
	fault_set("NtCreateFile", 0, FOR_EVER, S_NO_RESOURCES);
	ck_add_fails(ep, s[0], ENOBUFS);
	fault_set("NtCreateFile", 0, FOR_EVER, 0xC000011Fu);
	ck_add_fails(ep, s[0], EMFILE);
	/* No such device: not the ENOENT that means "not registered". */
	fault_set("NtCreateFile", 0, FOR_EVER, 0xC0000034u);
	ck_add_fails(ep, s[0], ENOSYS);
	fault_reset();
	fault_set("CreateIoCompletionPort", 0, FOR_EVER, NO_RESOURCES);
	ck_add_fails(ep, s[0], ENOBUFS);
	fault_reset();
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, s[0], EPOLLIN), 0);
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	ck_event(ep, s[0], EPOLLIN);
	ck_assert_int_eq(close(ep), 0);
	unpair(s);
}
END_TEST

START_TEST(unopenable_port_fails_the_instance)
{
	unsigned int before = fault_handles(), i;

	for (i = 0; i < 50; i++) {
		fault_set("CreateIoCompletionPort", 0, 1, NO_RESOURCES);
		FAILS(epoll_create1(0), ENOBUFS);
	}
	ck_assert_uint_eq(fault_handles(), before);
}
END_TEST

START_TEST(refused_request_is_epollerr)
{
	int ep = new_epoll(), s[2];

	pair(s);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, s[0], EPOLLIN), 0);
	fault_set("NtDeviceIoControlFile", 0, FOR_EVER, S_NO_RESOURCES);
	ck_event(ep, s[0], EPOLLERR);
	fault_reset();
	ck_assert_int_eq(epoll_wait(ep, &ev, 1, 0), 0);
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	ck_event(ep, s[0], EPOLLIN);
	ck_assert_int_eq(close(ep), 0);
	unpair(s);
}
END_TEST

START_TEST(request_that_fails_later_is_epollerr)
{
	int ep = new_epoll(), s[2];

	pair(s);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, s[0], EPOLLIN), 0);
	fault_later(FOR_EVER, S_NO_RESOURCES);
	ck_event(ep, s[0], EPOLLERR);
	fault_reset();
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	ck_event(ep, s[0], EPOLLIN);
	ck_assert_int_eq(close(ep), 0);
	unpair(s);
}
END_TEST

START_TEST(poll_tells_of_a_failed_request)
{
	struct pollfd p;
	int s[2];

	pair(s);
	p.fd = s[0];
	p.events = POLLIN;
	fault_set("NtDeviceIoControlFile", 0, FOR_EVER, S_NO_RESOURCES);
	ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
	ck_assert_int_eq(p.revents, POLLERR);
	fault_reset();
	fault_later(FOR_EVER, S_NO_RESOURCES);
	ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
	ck_assert_int_eq(p.revents, POLLERR);
	fault_reset();
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	unpair(s);
}
END_TEST

START_TEST(call_that_cannot_wait_says_so)
{
	int s[2];
	char c;

	pair(s);
	fault_set("NtDeviceIoControlFile", 0, FOR_EVER, S_NO_RESOURCES);
	FAILS(recv(s[0], &c, 1, 0), ENOBUFS);
	fault_reset();
	fault_later(FOR_EVER, S_NO_RESOURCES);
	FAILS(recv(s[0], &c, 1, 0), ENOBUFS);
	fault_reset();
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	ck_assert_int_eq(recv(s[0], &c, 1, 0), 1);
	unpair(s);
}
END_TEST

START_TEST(failed_wait_loses_no_event)
{
	int ep = new_epoll(), s[2];

	pair(s);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, s[0], EPOLLIN), 0);
	fault_set("NtRemoveIoCompletionEx", 0, FOR_EVER, S_NO_RESOURCES);
	FAILS(epoll_wait(ep, &ev, 1, LONG_MS), ENOBUFS);
	ck_assert_int_eq(send(s[1], "x", 1, 0), 1);
	FAILS(epoll_wait(ep, &ev, 1, LONG_MS), ENOBUFS);
	fault_reset();
	ck_event(ep, s[0], EPOLLIN);
	ck_assert_int_eq(close(ep), 0);
	unpair(s);
}
END_TEST

static int waited;

static void *
waiter(void *arg)
{
	struct epoll_event got;

	waited = epoll_wait(*(int *)arg, &got, 1, 500);
	return NULL;
}

/* The packet that wakes a waiting thread cannot be posted. */
START_TEST(failed_wake_loses_no_event)
{
	int ep = new_epoll(), e = eventfd(0, 0);
	uint64_t one = 1;
	struct file *f;
	pthread_t t;

	ck_assert_int_ge(e, 0);
	ck_assert_int_eq(ctl(ep, EPOLL_CTL_ADD, e, EPOLLIN), 0);
	ck_assert_int_eq(fd_get(ep, &f), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, waiter, &ep), 0);
	while (!ep_has_waiters((struct epoll *)f))
		(void)sched_yield();
	fault_set("NtSetIoCompletion", 0, FOR_EVER, S_NO_RESOURCES);
	ck_assert_int_eq(write(e, &one, sizeof(one)), (int)sizeof(one));
	ck_assert_uint_ge(fault_hits(), 1);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	file_put(f);
	/* It may have looked once more when its time was over. */
	ck_assert_int_ge(waited, 0);
	ck_event(ep, e, EPOLLIN);
	fault_reset();
	ck_assert_int_eq(close(e), 0);
	ck_assert_int_eq(close(ep), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		failed_pipe_leaves_nothing,
		pipe_without_numbers_leaves_nothing,
		pipe_that_cannot_wait_says_so,
		broken_pipe_is_epipe_for_a_writer,
		unopenable_afd_fails_the_registration,
		unopenable_port_fails_the_instance,
		refused_request_is_epollerr,
		request_that_fails_later_is_epollerr,
		poll_tells_of_a_failed_request,
		call_that_cannot_wait_says_so,
		failed_wait_loses_no_event,
		failed_wake_loses_no_event,
	};

	return fault_run("faults of waiting", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
