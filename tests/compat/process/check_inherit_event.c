/*
 * An eventfd that several processes have is one counter (eventfd(2), NOTES);
 * a signalfd is of whoever reads it.
 */
#include <spawn.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
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
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/main.h"

#define MAX (UINT64_MAX - 1)

static char text[1000];

/* fd value times: write it so often. */
static int
role_add(char *argv[])
{
	uint64_t v = strtoull(argv[3], NULL, 0);
	int fd = atoi(argv[2]), n = argv[4] != NULL ? atoi(argv[4]) : 1;

	while (n-- > 0)
		if (write(fd, &v, sizeof(v)) != sizeof(v))
			return errno;
	return 0;
}

/* fd: read it, say what it was. */
static int
role_take(char *argv[])
{
	uint64_t v;

	if (read(atoi(argv[2]), &v, sizeof(v)) != sizeof(v))
		return errno;
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	kid_say(text);
	return 0;
}

/* fd: say "ready", and write and read it for ever. */
static int __attribute__((noreturn))
role_stir(char *argv[])
{
	uint64_t v = 1;
	int fd = atoi(argv[2]);

	kid_say("ready");
	(void)close(1);
	for (;;)
		if (write(fd, &v, sizeof(v)) != sizeof(v) ||
		    read(fd, &v, sizeof(v)) != sizeof(v))
			_exit(1);
}

/* fd: say "ready", read a signal, say its number. */
static int
role_signal(char *argv[])
{
	struct signalfd_siginfo info;

	kid_say("ready");
	if (read(atoi(argv[2]), &info, sizeof(info)) != sizeof(info))
		return errno;
	(void)snprintf(text, sizeof(text), " %u", info.ssi_signo);
	kid_say(text);
	return 0;
}

static const struct kid_role own[] = {
	{ "add", role_add }, { "take", role_take }, { "stir", role_stir },
	{ "signal", role_signal }, { NULL, NULL },
};

static const char *
decimal(int n)
{
	static char digits[4][16];
	static int next;

	next = (next + 1) % 4;
	(void)snprintf(digits[next], sizeof(digits[next]), "%d", n);
	return digits[next];
}

static uint64_t
get(int fd)
{
	uint64_t v = 0;

	ck_assert_int_eq(read(fd, &v, sizeof(v)), sizeof(v));
	return v;
}

static void
put(int fd, uint64_t v)
{
	ck_assert_int_eq(write(fd, &v, sizeof(v)), sizeof(v));
}

/* Its events, waiting for ms at most. */
static int
events(int fd, short wanted, int ms)
{
	struct pollfd p = { .fd = fd, .events = wanted };

	return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

START_TEST(the_counter_is_shared_both_ways)
{
	int fd = eventfd(3, 0);

	ck_assert_int_eq(kid_status(kid_start(NULL, "add", decimal(fd), "4",
	    NULL)), 0);
	ck_assert(get(fd) == 7);
	put(fd, 9);
	ck_assert_int_eq(kid_output(text, sizeof(text), "take", decimal(fd),
	    NULL), 0);
	ck_assert_str_eq(text, "9");
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	FAILS(read(fd, text, 8), EAGAIN);
	ck_assert_int_eq(kid_status(kid_start(NULL, "take", decimal(fd), NULL)),
	    EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* EFD_SEMAPHORE goes with it. */
START_TEST(a_semaphore_gives_one_to_each_process)
{
	int fd = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK), i;

	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(kid_output(text, sizeof(text), "take",
		    decimal(fd), NULL), 0);
		ck_assert_str_eq(text, "1");
	}
	ck_assert(get(fd) == 1);
	FAILS(read(fd, text, 8), EAGAIN);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Any number, those of the standard streams too; a child's child. */
START_TEST(it_can_have_any_number)
{
	posix_spawn_file_actions_t a;
	int fd = eventfd(0, EFD_CLOEXEC);

	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 0);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 2);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 60);
	ck_assert_int_eq(kid_status(kid_start(&a, "add", "0", "1", NULL)), 0);
	ck_assert_int_eq(kid_status(kid_start(&a, "add", "2", "10", NULL)), 0);
	ck_assert_int_eq(kid_status(kid_start(&a, "nest", "add", "60", "100",
	    NULL)), 0);
	ck_assert(get(fd) == 111);
	ck_assert_int_eq(kid_status(kid_start(NULL, "add", decimal(fd), "1",
	    NULL)), EBADF);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* read() waits for what another process writes, here and there. */
START_TEST(a_read_waits_for_another_process)
{
	posix_spawn_file_actions_t a;
	int fd = eventfd(0, 0), out[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	pid = kid_start(&a, "take", decimal(fd), NULL);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_eq(events(out[0], POLLIN, 100), 0);
	put(fd, 5);
	(void)kid_read(out[0], text, sizeof(text));
	ck_assert_str_eq(text, "5");
	ck_assert_int_eq(kid_status(pid), 0);
	pid = kid_start(NULL, "add", decimal(fd), "6", NULL);
	ck_assert(get(fd) == 6);
	ck_assert_int_eq(kid_status(pid), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(out[0]), 0);
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

/* Who waited before the child existed is woken by it. */
START_TEST(a_thread_that_waited_before_is_woken)
{
	int fd = eventfd(0, 0);
	pthread_t t;
	void *v;

	ck_assert_int_eq(pthread_create(&t, NULL, take_one, &fd), 0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "add", decimal(fd), "7",
	    NULL)), 0);
	ck_assert_int_eq(pthread_join(t, &v), 0);
	ck_assert_uint_eq((uintptr_t)v, 7);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* poll() in the child by us, and here by the child; again and again. */
START_TEST(poll_sees_what_another_process_writes)
{
	posix_spawn_file_actions_t a;
	int fd = eventfd(0, 0), out[2], i;
	pid_t pid;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	pid = kid_start(&a, "poll", decimal(fd), decimal(POLLIN), "20000",
	    NULL);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_eq(events(out[0], POLLIN, 100), 0);
	put(fd, 1);
	(void)kid_read(out[0], text, sizeof(text));
	ck_assert_str_eq(text, "in ");
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert(get(fd) == 1);
	for (i = 0; i < 3; i++) {
		pid = kid_start(NULL, "add", decimal(fd), "2", NULL);
		ck_assert_int_eq(events(fd, POLLIN, 20000), POLLIN);
		ck_assert(get(fd) == 2);
		ck_assert_int_eq(events(fd, POLLIN, 0), 0);
		ck_assert_int_eq(kid_status(pid), 0);
	}
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(out[0]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static int instance;

static void *
wait_event(void *arg)
{
	struct epoll_event ev = { 0 };

	(void)arg;
	if (epoll_wait(instance, &ev, 1, 20000) != 1)
		return NULL;
	return (void *)(uintptr_t)ev.events;
}

/* An epoll_wait() that began before the child existed. */
START_TEST(epoll_is_woken_by_a_later_child)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = eventfd(0, 0);
	pthread_t t;
	void *got;

	ck_assert_int_ge(instance = epoll_create1(EPOLL_CLOEXEC), 0);
	ck_assert_int_eq(epoll_ctl(instance, EPOLL_CTL_ADD, fd, &ev), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, wait_event, NULL), 0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "add", decimal(fd), "1",
	    NULL)), 0);
	ck_assert_int_eq(pthread_join(t, &got), 0);
	ck_assert_uint_eq((uintptr_t)got, EPOLLIN);
	ck_assert(get(fd) == 1);
	ck_assert_int_eq(close(instance), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* A full counter: the writer waits until another process has read. */
START_TEST(a_write_waits_for_another_process)
{
	posix_spawn_file_actions_t a;
	int fd = eventfd(0, 0);
	pid_t pid;

	put(fd, MAX);
	ck_assert_int_eq(events(fd, POLLOUT, 0), 0);
	pid = kid_start(NULL, "add", decimal(fd), "1", NULL);
	ck_assert(get(fd) == MAX);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert(get(fd) == 1);
	put(fd, MAX);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_addopen(&a, 1, "/dev/null", O_WRONLY,
	    0);
	pid = kid_start(&a, "take", decimal(fd), NULL);
	ck_assert_int_eq(events(fd, POLLOUT, 20000), POLLOUT);
	ck_assert_int_eq(kid_status(pid), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(events(fd, POLLIN, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* There is room, but not enough; two writers of different values. */
START_TEST(a_large_write_waits_for_enough_room)
{
	int fd = eventfd(0, EFD_SEMAPHORE), out[2], i;
	posix_spawn_file_actions_t a;
	pid_t five, two;

	put(fd, MAX - 1);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	five = kid_start(&a, "add", decimal(fd), "5", NULL);
	two = kid_start(&a, "add", decimal(fd), "2", NULL);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_eq(events(out[0], POLLIN, 100), 0);
	ck_assert(get(fd) == 1);
	ck_assert_int_eq(kid_status(two), 0);
	ck_assert_int_eq(events(fd, POLLOUT, 0), 0);
	for (i = 0; i < 5; i++)
		ck_assert(get(fd) == 1);
	ck_assert_int_eq(kid_status(five), 0);
	ck_assert_int_eq(events(fd, POLLOUT, 0), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(out[0]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* 4 processes write 2,500 times each while one reads: all of it comes. */
START_TEST(nothing_is_lost_or_counted_twice)
{
	int fd = eventfd(0, 0), i;
	uint64_t sum = 0;
	pid_t pid[4];

	for (i = 0; i < 4; i++)
		pid[i] = kid_start(NULL, "add", decimal(fd), "3", "2500",
		    NULL);
	while (sum < 30000)
		sum += get(fd);
	ck_assert(sum == 30000);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(kid_status(pid[i]), 0);
	ck_assert_int_eq(events(fd, POLLIN, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* SIGKILL in the middle of anything: the others go on. */
START_TEST(a_killed_process_leaves_it_usable)
{
	posix_spawn_file_actions_t a;
	int fd = eventfd(1, EFD_SEMAPHORE), out[2], i;
	pid_t pid;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	for (i = 0; i < 15; i++) {
		pid = kid_start(&a, "stir", decimal(fd), NULL);
		ck_assert_int_eq(read(out[0], text, 5), 5);
		put(fd, 1);
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		(void)kid_end(pid);
		ck_assert(get(fd) == 1);
	}
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	while (read(fd, text, 8) == 8)
		;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(events(fd, POLLIN | POLLOUT, 0), POLLOUT);
	ck_assert_int_eq(kid_status(kid_start(NULL, "add", decimal(fd), "1",
	    NULL)), 0);
	ck_assert_int_eq(events(fd, POLLIN, 20000), POLLIN);
	ck_assert(get(fd) == 1);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(out[0]), 0);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* signalfd(2), NOTES: a child's reads take the signals sent to the child. */
START_TEST(a_signalfd_reads_the_childs_signals)
{
	posix_spawn_file_actions_t a;
	int fd, out[2];
	sigset_t set;
	pid_t pid;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigaddset(&set, SIGUSR2);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	ck_assert_int_ge(fd = signalfd(-1, &set, SFD_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 50);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	pid = kid_start(&a, "signal", "50", NULL);
	ck_assert_int_eq(close(out[1]), 0);
	(void)kid_read(out[0], text, 6);
	ck_assert_int_eq(kill(pid, SIGUSR2), 0);
	(void)kid_read(out[0], text, sizeof(text));
	(void)snprintf(text + 500, 100, " %d", SIGUSR2);
	ck_assert_str_eq(text, text + 500);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(events(fd, POLLIN, 0), POLLIN);
	ck_assert_int_eq(read(fd, text, sizeof(text)),
	    (ssize_t)sizeof(struct signalfd_siginfo));
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(out[0]), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[16];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = the_counter_is_shared_both_ways;
	tests[n++] = a_semaphore_gives_one_to_each_process;
	tests[n++] = it_can_have_any_number;
	tests[n++] = a_read_waits_for_another_process;
	tests[n++] = a_thread_that_waited_before_is_woken;
	tests[n++] = poll_sees_what_another_process_writes;
	tests[n++] = epoll_is_woken_by_a_later_child;
	tests[n++] = a_write_waits_for_another_process;
	tests[n++] = a_large_write_waits_for_enough_room;
	tests[n++] = nothing_is_lost_or_counted_twice;
	tests[n++] = a_killed_process_leaves_it_usable;
	tests[n++] = a_signalfd_reads_the_childs_signals;
	return run_cases("inherit_event", tests, n);
}
