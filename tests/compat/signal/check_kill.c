/* kill() and sigqueue() between processes. */
#include <sys/epoll.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"
#include "support/proc.h"
#include "target.h"

#define ROUNDS 201
#define MANY 1000

static struct proc *child;
static pid_t pid;
static char line[64];

/* Start a child that does what target.c has under that name. */
static void
start(const char *role)
{
	child = target_spawn(role, &pid);
}

static const char *
answer(void)
{
	ck_assert_int_ge(proc_readline(child, line, sizeof(line)), 0);
	return line;
}

static void
end(int status)
{
	ck_assert_int_eq(proc_wait(child), status);
}

/* kill(): "shall send a signal to a process". */
START_TEST(a_handler_runs_in_another_process)
{
	start("pause");
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	ck_assert_str_eq(answer(), "handled");
	end(0);
}
END_TEST

/* The file's owner is our user: what the files of this system call it. */
static long
our_uid(void)
{
	struct stat st;
	int fd = open("mine", O_CREAT | O_RDWR, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(close(fd), 0);
	return (long)st.st_uid;
}

/* <signal.h>: si_code, si_pid and si_uid of kill() and sigqueue(). */
START_TEST(the_sender_is_named)
{
	union sigval value = { .sival_int = 4711 };
	char want[64];

	start("info");
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	(void)snprintf(want, sizeof(want), "%d %ld %ld", SI_USER,
	    (long)getpid(), our_uid());
	ck_assert_str_eq(answer(), want);
	ck_assert_int_eq(sigqueue(pid, SIGUSR1, value), 0);
	(void)snprintf(want, sizeof(want), "%d %ld %ld 4711", SI_QUEUE,
	    (long)getpid(), our_uid());
	ck_assert_str_eq(answer(), want);
	end(0);
}
END_TEST

/* sigqueue(): values of one signal are delivered in the order queued. */
START_TEST(queued_values_arrive_in_order)
{
	struct timespec moment = { 0, 1000000 };
	union sigval value;
	int i, err;

	start("values");
	for (i = 0; i < TARGET_VALUES; i++) {
		value.sival_int = i;
		while ((err = sigqueue(pid, SIGRTMIN, value)) == -1 &&
		    errno == EAGAIN)
			(void)nanosleep(&moment, NULL);
		ck_assert_int_eq(err, 0);
	}
	ck_assert_str_eq(answer(), "in order");
	end(0);
}
END_TEST

/*
 * Linux counts what is queued for all processes of a user: another one may make
 * room for a few.
 */
static int
queue_until_full(union sigval value)
{
	int i;

	for (i = 0; i < 1000; i++)
		if (sigqueue(pid, SIGRTMIN, value) != 0)
			return -1;
	return 0;
}

/* sigqueue(), EAGAIN: "no resources are available to queue the signal". */
START_TEST(a_full_queue_is_eagain)
{
	union sigval value = { .sival_int = -1 };

	start("full");
	FAILS(queue_until_full(value), EAGAIN);
	FAILS(queue_until_full(value), EAGAIN);
	ck_assert_int_eq(proc_writeline(child, "drain"), 0);
	ck_assert_str_eq(answer(), "drained");
	ck_assert_int_eq(sigqueue(pid, SIGRTMIN, value), 0);
	ck_assert_str_eq(answer(), "-1");
	end(0);
}
END_TEST

/* kill(), ESRCH. */
START_TEST(a_dead_process_is_esrch)
{
	start("pause");
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	ck_assert_str_eq(answer(), "handled");
	end(0);
	FAILS(kill(pid, 0), ESRCH);
	FAILS(kill(pid, SIGUSR1), ESRCH);
	FAILS(kill(pid, SIGKILL), ESRCH);
	FAILS(kill(2000000001, SIGTERM), ESRCH);
}
END_TEST

/* kill(): "error checking is performed, but no signal is actually sent". */
START_TEST(signal_0_only_asks)
{
	start("pause");
	ck_assert_int_eq(kill(pid, 0), 0);
	ck_assert_int_eq(kill(pid, 0), 0);
	FAILS(kill(pid, 12345), EINVAL);
	FAILS(kill(pid, -1), EINVAL);
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	ck_assert_str_eq(answer(), "handled");
	end(0);
}
END_TEST

/* The status is -1 (a signal) on Linux, on NT one that ends so: LIM-SIG-7. */
static void
ended_by(int signo)
{
	int status = proc_wait(child);

	ck_assert(status == -1 || status == ENDED_BY(signo));
	FAILS(kill(pid, 0), ESRCH);
}

/* <signal.h>: SIGKILL cannot be caught or ignored. */
START_TEST(sigkill_ends_a_process)
{
	start("pause");
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ended_by(SIGKILL);
}
END_TEST

/* The default action; the process that it ends gives no answer. */
START_TEST(a_default_action_ends_a_process)
{
	start("default");
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ended_by(SIGTERM);
	start("default");
	ck_assert_int_eq(kill(pid, SIGCHLD), 0);
	ck_assert_int_eq(kill(pid, SIGRTMIN), 0);
	ended_by(SIGRTMIN);
}
END_TEST

/* A process that blocks the signal keeps it, and does not run its handler. */
START_TEST(a_blocked_signal_stays_pending)
{
	start("blocked");
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	ck_assert_int_eq(proc_writeline(child, "look"), 0);
	ck_assert_str_eq(answer(), "pending");
	ck_assert_str_eq(answer(), "1 handled");
	end(0);
}
END_TEST

/* Signal it until it tells us, by SIGUSR2, that its call has returned. */
static void
interrupt(const char *role)
{
	struct timespec moment = { 0, 50000000 };
	sigset_t set, before;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &before), 0);
	start(role);
	do {
		ck_assert_int_eq(kill(pid, SIGUSR1), 0);
		signo = sigtimedwait(&set, NULL, &moment);
	} while (signo == -1 && errno == EAGAIN);
	ck_assert_int_eq(signo, SIGUSR2);
	ck_assert_str_eq(answer(), "EINTR");
	end(0);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &before, NULL), 0);
}

/* read(), EINTR. */
START_TEST(a_blocked_read_is_interrupted)
{
	interrupt("read");
}
END_TEST

/* epoll_wait(2), EINTR. */
START_TEST(a_blocked_epoll_wait_is_interrupted)
{
	interrupt("epoll");
}
END_TEST

START_TEST(a_signalfd_gets_it)
{
	start("signalfd");
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	(void)snprintf(line, sizeof(line), "%d", SIGUSR1);
	ck_assert_str_eq(answer(), line);
	end(0);
}
END_TEST

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int64_t
now_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* There and back by signals alone: twice the time of one. */
START_TEST(a_signal_takes_less_than_10_ms)
{
	static int64_t took[ROUNDS];
	sigset_t set, before;
	int64_t begin;
	int i, signo;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &before), 0);
	start("echo");
	for (i = 0; i < ROUNDS; i++) {
		begin = now_us();
		ck_assert_int_eq(kill(pid, SIGUSR1), 0);
		ck_assert_int_eq(sigwait(&set, &signo), 0);
		took[i] = (now_us() - begin) / 2;
	}
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	end(0);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &before, NULL), 0);
	qsort(took, ROUNDS, sizeof(took[0]), by_time);
	(void)printf("one signal: median %ld us, worst %ld us\n",
	    (long)took[ROUNDS / 2], (long)took[ROUNDS - 1]);
	ck_assert_int_lt(took[ROUNDS / 2], 10000);
}
END_TEST

/* Two processes that signal each other do not wait for each other. */
START_TEST(processes_signal_each_other)
{
	int i;

	ck_assert(signal(SIGUSR2, SIG_IGN) != SIG_ERR);
	start("storm");
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_str_eq(answer(), "100 sent");
	end(0);
	ck_assert(signal(SIGUSR2, SIG_DFL) != SIG_ERR);
}
END_TEST

/* Neither with the receiver nor with the sender. */
START_TEST(a_thousand_signals_leave_nothing_behind)
{
	char before[sizeof(line)];
	int i, ours;

	start("handles");
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	(void)strcpy(before, answer());
	ours = host_handles();
	ck_assert_int_gt(ours, 0);
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(kill(pid, SIGUSR2), 0);
	ck_assert_int_eq(host_handles(), ours);
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	ck_assert_str_eq(answer(), before);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	end(0);
}
END_TEST

/* Our own group, and the one that a process is, by each name. */
START_TEST(a_group_can_be_signalled)
{
	FAILS(kill(-2000000001, SIGTERM), ESRCH);
	FAILS(killpg(2000000001, SIGTERM), ESRCH);
	FAILS(killpg(-2000000001, SIGTERM), EINVAL);
	ck_assert_int_eq(kill(0, 0), 0);
	ck_assert_int_eq(kill(-getpgrp(), 0), 0);
	ck_assert_int_eq(killpg(0, 0), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[20];
	int n = 0;

	if (argc == 2)
		return target_main(argv[1]);
	target_init(argv[0]);
	tests[n++] = a_handler_runs_in_another_process;
	tests[n++] = the_sender_is_named;
	tests[n++] = queued_values_arrive_in_order;
	tests[n++] = a_full_queue_is_eagain;
	tests[n++] = a_dead_process_is_esrch;
	tests[n++] = signal_0_only_asks;
	tests[n++] = sigkill_ends_a_process;
	tests[n++] = a_default_action_ends_a_process;
	tests[n++] = a_blocked_signal_stays_pending;
	tests[n++] = a_blocked_read_is_interrupted;
	tests[n++] = a_blocked_epoll_wait_is_interrupted;
	tests[n++] = a_signalfd_gets_it;
	tests[n++] = a_signal_takes_less_than_10_ms;
	tests[n++] = processes_signal_each_other;
	tests[n++] = a_thousand_signals_leave_nothing_behind;
	tests[n++] = a_group_can_be_signalled;
	return run_cases("kill", tests, n);
}
