/*
 * A timerfd that several processes have is one timer: what it is set to, and
 * each expiration once (timerfd_create(2), NOTES, fork()).
 */
#include <spawn.h>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/main.h"

#define MS 1000000L
#define HOUR 3600000L		/* ms */

static char text[1000];

static struct timespec
time_of(long ms)
{
	return (struct timespec){ .tv_sec = ms / 1000,
	    .tv_nsec = ms % 1000 * MS };
}

static int
set(int fd, long ms, long interval)
{
	struct itimerspec t = { .it_value = time_of(ms),
	    .it_interval = time_of(interval) };

	return timerfd_settime(fd, 0, &t, NULL);
}

/* fd ms interval: set it. */
static int
role_set(char *argv[])
{
	return set(atoi(argv[2]), atol(argv[3]), atol(argv[4])) == 0 ? 0 :
	    errno;
}

/* fd: to the wall clock's next second but one. */
static int
role_set_wall(char *argv[])
{
	struct itimerspec t = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &t.it_value);
	t.it_value.tv_sec++;
	return timerfd_settime(atoi(argv[2]), TFD_TIMER_ABSTIME, &t,
	    NULL) == 0 ? 0 : errno;
}

/* fd times: say "ready", read it so often, say what that was in all. */
static int
role_take(char *argv[])
{
	int fd = atoi(argv[2]), n = atoi(argv[3]);
	uint64_t v, sum = 0;

	for (kid_say("ready"); n > 0; n--, sum += v)
		if (read(fd, &v, sizeof(v)) != sizeof(v))
			return errno;
	(void)snprintf(text, sizeof(text), " %llu", (unsigned long long)sum);
	kid_say(text);
	return 0;
}

/* fd: say how it is set: is the time left more than half an hour? */
static int
role_tell(char *argv[])
{
	struct itimerspec t;

	if (timerfd_gettime(atoi(argv[2]), &t) != 0)
		return errno;
	(void)snprintf(text, sizeof(text), "%d %ld",
	    t.it_value.tv_sec > HOUR / 2000, (long)t.it_interval.tv_sec);
	kid_say(text);
	return 0;
}

/* fd: say "ready", and set and read it for ever. */
static int __attribute__((noreturn))
role_stir(char *argv[])
{
	int fd = atoi(argv[2]);
	uint64_t v;

	kid_say("ready");
	(void)close(1);
	for (;;)
		if (set(fd, 1, 1) != 0 || read(fd, &v, sizeof(v)) < 0 ||
		    set(fd, 0, 0) != 0)
			_exit(1);
}

static const struct kid_role own[] = {
	{ "set", role_set }, { "wall", role_set_wall }, { "take", role_take },
	{ "tell", role_tell }, { "stir", role_stir }, { NULL, NULL },
};

static int
new_timer(clockid_t clock)
{
	int fd = timerfd_create(clock, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, 50), 50);
	ck_assert_int_eq(close(fd), 0);
	return 50;
}

static uint64_t
get(int fd)
{
	uint64_t v = 0;

	ck_assert_int_eq(read(fd, &v, sizeof(v)), sizeof(v));
	return v;
}

static pid_t
start_with(int out, const char *role, const char *a, const char *b)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, out, 1);
	pid = kid_start(&actions, role, "50", a, b, NULL);
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* All that read it together count what the clock counts. */
START_TEST(each_expiration_is_counted_once)
{
	int fd = new_timer(CLOCK_MONOTONIC), p[2], i;
	int64_t first, last, from, to;
	uint64_t sum = 0;
	pid_t pid[3];
	char *s;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	from = now_ns();
	ck_assert_int_eq(set(fd, 5, 5), 0);
	to = now_ns();
	for (i = 0; i < 3; i++)
		pid[i] = start_with(p[1], "take", "20", NULL);
	ck_assert_int_eq(close(p[1]), 0);
	for (i = 0; i < 20; i++)
		sum += get(fd);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(kid_status(pid[i]), 0);
	(void)kid_read(p[0], text, sizeof(text));
	for (s = text; (s = strchr(s, ' ')) != NULL; s++)
		sum += strtoull(s, NULL, 10);
	first = now_ns();
	sum += get(fd);
	last = now_ns();
	/* A read that finds nothing waits for the next. */
	ck_assert_uint_ge(sum, (uint64_t)((first - to) / (5 * MS)));
	ck_assert_uint_le(sum, (uint64_t)((last - from) / (5 * MS)));
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(a_child_sees_how_it_is_set)
{
	int fd = new_timer(CLOCK_MONOTONIC);
	struct itimerspec t;

	ck_assert_int_eq(set(fd, HOUR, 7000), 0);
	ck_assert_int_eq(kid_output(text, sizeof(text), "tell", "50", NULL),
	    0);
	ck_assert_str_eq(text, "1 7");
	ck_assert_int_eq(kid_status(kid_start(NULL, "set", "50", "0", "0",
	    NULL)), 0);
	ck_assert_int_eq(timerfd_gettime(fd, &t), 0);
	ck_assert_int_eq(t.it_value.tv_sec, 0);
	ck_assert_int_eq(t.it_value.tv_nsec, 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	FAILS(read(fd, text, 8), EAGAIN);
	ck_assert_int_eq(kid_status(kid_start(NULL, "take", "50", "1", NULL)),
	    EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* read() waits for a timer that another process sets, here and there. */
START_TEST(a_read_waits_for_what_another_sets)
{
	int fd = new_timer(CLOCK_MONOTONIC), p[2];
	pid_t pid;

	ck_assert_int_eq(kid_status(kid_start(NULL, "set", "50", "20", "0",
	    NULL)), 0);
	ck_assert_uint_eq(get(fd), 1);
	pid = kid_start(NULL, "set", "50", "20", "0", NULL);
	ck_assert_uint_eq(get(fd), 1);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	/* It is set to too late a time first. */
	ck_assert_int_eq(set(fd, HOUR, 0), 0);
	pid = start_with(p[1], "take", "1", NULL);
	ck_assert_int_eq(close(p[1]), 0);
	(void)kid_read(p[0], text, 6);
	ck_assert_int_eq(set(fd, 20, 0), 0);
	(void)kid_read(p[0], text, sizeof(text));
	ck_assert_str_eq(text, " 1");
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void *
take_one(void *arg)
{
	uint64_t v = 0;

	(void)!read(*(int *)arg, &v, sizeof(v));
	return (void *)(uintptr_t)v;
}

START_TEST(a_thread_that_waited_before_is_woken)
{
	int fd = new_timer(CLOCK_REALTIME);
	pthread_t t;
	void *v;

	ck_assert_int_eq(set(fd, HOUR, 0), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, take_one, &fd), 0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "wall", "50", NULL)), 0);
	ck_assert_int_eq(pthread_join(t, &v), 0);
	ck_assert_int_eq((int)(uintptr_t)v, 1);
	ck_assert_int_eq(kid_status(kid_start(NULL, "set", "50", "1", "0",
	    NULL)), 0);
	ck_assert_uint_eq(get(fd), 1);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* What is read elsewhere is not readable; what is set elsewhere will be. */
START_TEST(poll_and_epoll_see_what_another_does)
{
	struct epoll_event e = { .events = EPOLLIN };
	int fd = new_timer(CLOCK_MONOTONIC), ep, i;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_ge(ep = epoll_create1(EPOLL_CLOEXEC), 0);
	ck_assert_int_eq(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e), 0);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(epoll_wait(ep, &e, 1, 0), 0);
		ck_assert_int_eq(kid_status(kid_start(NULL, "set", "50", "30",
		    "0", NULL)), 0);
		ck_assert_int_eq(epoll_wait(ep, &e, 1, 20000), 1);
		ck_assert_int_eq(poll(&p, 1, 20000), 1);
		ck_assert_int_eq(p.revents, POLLIN);
		ck_assert_int_eq(kid_output(text, sizeof(text), "take", "50",
		    "1", NULL), 0);
		ck_assert_str_eq(text, "ready 1");
		ck_assert_int_eq(poll(&p, 1, 0), 0);
	}
	ck_assert_int_eq(set(fd, 1, 0), 0);
	(void)snprintf(text + 500, 16, "%d", POLLIN);
	ck_assert_int_eq(kid_output(text, 500, "poll", "50", text + 500,
	    "20000", NULL), 0);
	ck_assert_str_eq(text, "in ");
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* SIGKILL in the middle of anything: the others go on. */
START_TEST(a_killed_process_leaves_it_usable)
{
	int fd = new_timer(CLOCK_MONOTONIC), p[2], i;
	pid_t pid;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	for (i = 0; i < 10; i++) {
		pid = start_with(p[1], "stir", NULL, NULL);
		ck_assert_int_eq(read(p[0], text, 5), 5);
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		(void)kid_end(pid);
		ck_assert_int_eq(set(fd, 1, 0), 0);
		ck_assert_uint_eq(get(fd), 1);
	}
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { each_expiration_is_counted_once,
	    a_child_sees_how_it_is_set, a_read_waits_for_what_another_sets,
	    a_thread_that_waited_before_is_woken,
	    poll_and_epoll_see_what_another_does,
	    a_killed_process_leaves_it_usable };

	kid_main_with(argc, argv, own);
	return run_cases("inherit_timer", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
