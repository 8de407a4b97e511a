/*
 * What a signal costs, in a process and between two, and what a call that
 * might block costs more when handlers are installed: rounds interleaved, in
 * one run, medians, and of ratios the median too.
 */
#include <sys/socket.h>

#include <compat.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/proc.h"

#define ROUNDS 21
#define LEAST 5			/* rounds, however slow the machine */
#define SECONDS 40
#define MS 1000000.0

struct op {
	const char *name;
	int (*fn)(int n);	/* 0, or -1 */
	int handlers;		/* are installed for all signals */
	int against;		/* the op that it is compared with, or -1 */
};

static atomic_int handled;
static atomic_int answered;
static atomic_int enough;
static volatile unsigned long worked;
static pthread_t other;
static pid_t peer;
static int pipes[2], sockets[2];

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

static void
on_answer(int signo)
{
	(void)signo;
	answered++;
}

static void
handle(int signo, void (*handler)(int))
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	act.sa_handler = handler;
	act.sa_flags = SA_RESTART;
	sigemptyset(&act.sa_mask);
	if (sigaction(signo, &act, NULL) != 0)
		abort();
}

/* Not for those that the operations themselves need. */
static void
handle_others(void (*handler)(int))
{
	static const int others[] = { SIGHUP, SIGINT, SIGTERM, SIGCHLD,
	    SIGALRM, SIGPIPE, SIGQUIT, SIGWINCH };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		handle(others[i], handler);
}

static void
mask(int how, int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	if (pthread_sigmask(how, &set, NULL) != 0)
		abort();
}

static int
do_raise(int n)
{
	while (n-- > 0)
		if (raise(SIGUSR1) != 0)
			return -1;
	return 0;
}

static int
do_kill_self(int n)
{
	while (n-- > 0)
		if (kill(getpid(), SIGUSR1) != 0)
			return -1;
	return 0;
}

static int
do_queue(int n)
{
	union sigval v = { .sival_int = 1 };
	sigset_t set;
	siginfo_t info;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	while (n-- > 0)
		if (sigqueue(getpid(), SIGRTMIN, v) != 0 ||
		    sigwaitinfo(&set, &info) != SIGRTMIN)
			return -1;
	return 0;
}

/* The other thread waits in sigsuspend(); until its handler has run. */
static int
do_thread(int n)
{
	int before;

	while (n-- > 0) {
		before = handled;
		if (pthread_kill(other, SIGUSR1) != 0)
			return -1;
		while (handled == before)
			(void)sched_yield();
	}
	return 0;
}

/* Wait for the other process's SIGUSR2; 0, or -1 if it could not be asked. */
static int
await_answer(int asked, int before)
{
	sigset_t mask_now;

	if (asked != 0 || pthread_sigmask(SIG_SETMASK, NULL, &mask_now) != 0)
		return -1;
	sigdelset(&mask_now, SIGUSR2);
	while (answered == before)
		(void)sigsuspend(&mask_now);
	return 0;
}

/* Its handler has run, and so has ours for its answer. */
static int
do_peer(int n)
{
	int before;

	while (n-- > 0) {
		before = answered;
		if (await_answer(kill(peer, SIGUSR1), before) != 0)
			return -1;
	}
	return 0;
}

/* As fast as they go; the last one, of a higher number, is answered. */
static int
do_queue_peer(int n)
{
	union sigval v = { .sival_int = 1 };
	int before = answered;

	while (n-- > 0)
		while (sigqueue(peer, SIGRTMIN, v) != 0)
			(void)sched_yield();
	return await_answer(sigqueue(peer, SIGRTMIN + 1, v), before);
}

static int
do_pipe(int n)
{
	char c = 0;

	while (n-- > 0)
		if (write(pipes[1], &c, 1) != 1 || read(pipes[0], &c, 1) != 1)
			return -1;
	return 0;
}

static int
do_socket(int n)
{
	char c = 0;

	while (n-- > 0)
		if (send(sockets[1], &c, 1, 0) != 1 ||
		    recv(sockets[0], &c, 1, 0) != 1)
			return -1;
	return 0;
}

static int
do_poll(int n)
{
	struct pollfd p = { .fd = sockets[1], .events = POLLOUT };

	while (n-- > 0)
		if (poll(&p, 1, -1) != 1)
			return -1;
	return 0;
}

static void *
compute(void *arg)
{
	while (!enough)
		worked++;
	return arg;
}

/* The other thread computes; nothing where it would not be interrupted. */
static int
do_computing(int n)
{
	pthread_t thread;
	int before;

	enough = 0;
	if (!compat_signal_interrupts(-1))
		return 0;
	if (pthread_create(&thread, NULL, compute, NULL) != 0)
		return -1;
	while (n-- > 0) {
		before = handled;
		if (pthread_kill(thread, SIGUSR1) != 0)
			return -1;
		while (handled == before)
			(void)sched_yield();
	}
	enough = 1;
	return pthread_join(thread, NULL) == 0 ? 0 : -1;
}

static const struct op ops[] = {
	{ "raise, handler", do_raise, 0, -1 },
	{ "kill of self, handler", do_kill_self, 0, -1 },
	{ "sigqueue, sigwaitinfo", do_queue, 0, -1 },
	{ "pthread_kill, handler there", do_thread, 0, -1 },
	{ "kill, answered by kill", do_peer, 0, -1 },
	{ "sigqueue, handled there", do_queue_peer, 0, -1 },
	{ "write, read of a pipe", do_pipe, 0, -1 },
	{ "the same with handlers", do_pipe, 1, 6 },
	{ "send, recv of a socket", do_socket, 0, -1 },
	{ "the same with handlers", do_socket, 1, 8 },
	{ "poll of a ready socket", do_poll, 0, -1 },
	{ "the same with handlers", do_poll, 1, 10 },
	{ "pthread_kill, it computes", do_computing, 0, -1 },
};
#define OPS ((int)(sizeof(ops) / sizeof(ops[0])))

static double ns[OPS][ROUNDS];
static int counts[OPS], rounds;

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static double
call(const struct op *op, int n)
{
	double start;

	handle_others(op->handlers ? on_signal : SIG_DFL);
	start = now();
	if (op->fn(n) != 0) {
		perror(op->name);
		exit(EXIT_FAILURE);
	}
	return now() - start;
}

/* As many as take some 5 ms. */
static int
calibrate(const struct op *op)
{
	int n = 16;

	while (n < 1 << 20 && call(op, n) < 5 * MS)
		n *= 2;
	return n;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const double *values)
{
	double sorted[ROUNDS];

	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, (size_t)rounds, sizeof(sorted[0]), compare);
	return sorted[rounds / 2];
}

/* Of each round's: what disturbs one op disturbs its neighbour. */
static double
ratio(int i)
{
	double ratios[ROUNDS] = { 0 };
	int k;

	for (k = 0; k < rounds; k++)
		ratios[k] = ns[i][k] / ns[ops[i].against][k];
	return median(ratios);
}

static void
report(void)
{
	int i;

	(void)printf("%-29s %9s %11s %8s\n", "", "ns", "per second",
	    "ratio");
	for (i = 0; i < OPS; i++) {
		(void)printf("%-29s %9.0f %11.0f", ops[i].name, median(ns[i]),
		    1e9 / median(ns[i]));
		if (ops[i].against >= 0)
			(void)printf(" %8.2f", ratio(i));
		(void)printf("\n");
	}
}

static void *__attribute__((noreturn))
wait_for_signals(void *arg)
{
	sigset_t none;

	(void)arg;
	sigemptyset(&none);
	sigaddset(&none, SIGUSR2);
	sigaddset(&none, SIGRTMIN);
	for (;;)
		(void)sigsuspend(&none);
}

static void
answer(int signo)
{
	(void)signo;
	if (kill(peer, SIGUSR2) != 0)
		_exit(1);
}

/* The other process: it answers SIGUSR1, and ends by SIGTERM. */
static int __attribute__((noreturn))
be_peer(void)
{
	peer = getppid();
	handle(SIGUSR1, answer);
	handle(SIGRTMIN, on_signal);
	handle(SIGRTMIN + 1, answer);
	mask(SIG_UNBLOCK, SIGRTMIN);
	(void)printf("%ld\n", (long)getpid());
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}

static struct proc *
begin(const char *self)
{
	const char *argv[] = { self, "peer", NULL };
	struct proc *p;
	char line[32];

	handle(SIGUSR1, on_signal);
	handle(SIGUSR2, on_answer);
	mask(SIG_BLOCK, SIGRTMIN);
	mask(SIG_BLOCK, SIGUSR2);
	if (proc_spawn(argv, &p) != 0 ||
	    proc_readline(p, line, sizeof(line)) <= 0 || pipe(pipes) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) {
		perror("bench/signal");
		exit(EXIT_FAILURE);
	}
	peer = (pid_t)strtol(line, NULL, 10);
	mask(SIG_BLOCK, SIGUSR1);
	if (pthread_create(&other, NULL, wait_for_signals, NULL) != 0)
		exit(EXIT_FAILURE);
	mask(SIG_UNBLOCK, SIGUSR1);
	return p;
}

int
main(int argc, char *argv[])
{
	struct proc *p;
	double end;
	int i;

	if (argc > 1)
		return be_peer();
	p = begin(argv[0]);
	for (i = 0; i < OPS; i++)
		counts[i] = calibrate(&ops[i]);
	end = now() + SECONDS * 1000 * MS;
	for (; rounds < ROUNDS && (rounds < LEAST || now() < end); rounds++)
		for (i = 0; i < OPS; i++)
			ns[i][rounds] = call(&ops[i], counts[i]) / counts[i];
	report();
	(void)kill(peer, SIGTERM);
	(void)proc_wait(p);
	return EXIT_SUCCESS;
}
