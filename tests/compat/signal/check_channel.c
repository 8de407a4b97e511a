/*
 * The channel of a process, against those who misuse it, and processes that
 * have none.  Built for NT only.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"
#include "signal/channel.h"
#include "support/fails.h"
#include "support/main.h"
#include "support/proc.h"
#include "target.h"

#define FEW 12
#define FULL 16

static struct proc *child;
static pid_t pid;

/* A good message; each test spoils it in its own way. */
static struct channel_message
message(void)
{
	struct channel_message m = {
		.version = CHANNEL_VERSION,
		.signo = SIGUSR1,
		.code = SI_USER,
		.pid = 4711,
	};

	return m;
}

static void
expect(int code)
{
	char line[64], want[64];

	(void)snprintf(want, sizeof(want), code == SI_QUEUE ? "%d %ld 0 7" :
	    "%d %ld 0", code, (long)getpid());
	ck_assert_int_gt(proc_readline(child, line, sizeof(line)), 0);
	ck_assert_str_eq(line, want);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Return how long a signal takes, in ms, with so many that say nothing. */
static int64_t
signal_among_silent(int n)
{
	union sigval value = { .sival_int = 7 };
	uintptr_t silent[FULL];
	int64_t took;
	int i;

	child = target_spawn("info", &pid);
	for (i = 0; i < n; i++) {
		silent[i] = hostile_open(pid);
		ck_assert(silent[i] != 0);
	}
	took = -now_ms();
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	took += now_ms();
	expect(SI_USER);
	ck_assert_int_eq(sigqueue(pid, SIGUSR1, value), 0);
	expect(SI_QUEUE);
	ck_assert_int_eq(proc_wait(child), 0);
	for (i = 0; i < n; i++)
		hostile_close(silent[i]);
	return took;
}

START_TEST(silent_clients_hold_up_nobody)
{
	ck_assert_int_lt(signal_among_silent(FEW), 1000);
}
END_TEST

/* All places are taken: they are cut off, which takes the server's patience. */
START_TEST(silent_clients_are_cut_off)
{
	ck_assert_int_lt(signal_among_silent(FULL), 5000);
}
END_TEST

/* Each must be cut off, without an answer and without a signal. */
static void
refused(const void *buf, size_t len)
{
	uintptr_t h = hostile_open(pid);

	ck_assert(h != 0);
	hostile_write(h, buf, len);
	ck_assert_int_eq(hostile_is_answered(h), 0);
	hostile_close(h);
}

static void
refuse_bad_messages(void)
{
	static const int signos[] = { 0, -1, SIGKILL, SIGSTOP, NSIG, 1 << 30 };
	struct channel_message m;
	size_t i;

	for (i = 0; i < sizeof(signos) / sizeof(signos[0]); i++) {
		m = message();
		m.signo = signos[i];
		refused(&m, sizeof(m));
	}
	m = message();
	m.version++;
	refused(&m, sizeof(m));
	m = message();
	m.code = SI_KERNEL;
	refused(&m, sizeof(m));
	m.code = CHANNEL_ASK;
	refused(&m, sizeof(m));
	m.code = CHANNEL_MOVED;
	refused(&m, sizeof(m));
	m = message();
	refused(&m, 1);
	refused(&m, sizeof(m) - 1);
}

START_TEST(garbage_is_cut_off)
{
	union sigval value = { .sival_int = 7 };
	static char junk[100000];

	memset(junk, 0xA5, sizeof(junk));
	child = target_spawn("info", &pid);
	refuse_bad_messages();
	refused(junk, 8);
	refused(junk, sizeof(struct channel_message));
	refused(junk, sizeof(junk));
	refused("", 0);
	ck_assert_int_eq(kill(pid, SIGUSR1), 0);
	expect(SI_USER);
	ck_assert_int_eq(sigqueue(pid, SIGUSR1, value), 0);
	expect(SI_QUEUE);
	ck_assert_int_eq(proc_wait(child), 0);
}
END_TEST

/* The message says 4711; the target says who it really was. */
START_TEST(a_sender_cannot_lie_about_itself)
{
	struct channel_message m = message();
	uintptr_t h;
	int i;

	child = target_spawn("info", &pid);
	h = hostile_open(pid);
	ck_assert(h != 0);
	for (i = 0; i < 2; i++) {
		hostile_write(h, &m, sizeof(m));
		ck_assert_int_eq(hostile_is_answered(h), 1);
		expect(SI_USER);
	}
	hostile_close(h);
	ck_assert_int_eq(proc_wait(child), 0);
}
END_TEST

/* Who is no child of the target changes nothing by saying where he is. */
START_TEST(only_a_child_tells_of_its_group)
{
	struct channel_message m = message();
	pid_t group;
	uintptr_t h;

	child = target_spawn("default", &pid);
	group = getpgid(pid);
	ck_assert_int_gt(group, 0);
	h = hostile_open(pid);
	ck_assert(h != 0);
	m.signo = 0;
	m.code = CHANNEL_MOVED;
	m.value = 4711;
	hostile_write(h, &m, sizeof(m));
	ck_assert_int_eq(hostile_is_answered(h), 1);
	hostile_close(h);
	ck_assert_int_eq(getpgid(pid), group);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(proc_wait(child), ENDED_BY(SIGKILL));
}
END_TEST

START_TEST(only_the_owner_and_the_system_may_connect)
{
	uintptr_t h;

	child = target_spawn("default", &pid);
	h = hostile_open(pid);
	ck_assert(h != 0);
	ck_assert_int_eq(hostile_count_allowed(h), 2);
	hostile_close(h);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(proc_wait(child), ENDED_BY(SIGKILL));
}
END_TEST

/* LIM-SIG-2.  Never a silent success. */
START_TEST(a_native_program_can_only_be_killed)
{
	static const int signos[] = { SIGHUP, SIGINT, SIGTERM, SIGUSR1,
	    SIGCHLD, SIGRTMIN };
	uintptr_t process;
	int64_t native = hostile_native_start(&process);
	size_t i;

	ck_assert(native != 0);
	for (i = 0; i < sizeof(signos) / sizeof(signos[0]); i++)
		FAILS(kill((pid_t)native, signos[i]), EPERM);
	ck_assert_int_eq(kill((pid_t)native, 0), 0);
	ck_assert_int_eq(kill((pid_t)native, SIGKILL), 0);
	ck_assert_uint_eq(hostile_native_wait(process), ENDED_BY(SIGKILL));
	FAILS(kill((pid_t)native, 0), ESRCH);
}
END_TEST

/* Who takes a process's name for a pipe does not get its signals. */
START_TEST(a_pipe_of_another_process_is_refused)
{
	uintptr_t process, squatter;
	int64_t native = hostile_native_start(&process);

	ck_assert(native != 0);
	squatter = hostile_squat(native);
	ck_assert(squatter != 0);
	FAILS(kill((pid_t)native, SIGTERM), EPERM);
	hostile_close(squatter);
	ck_assert_int_eq(kill((pid_t)native, SIGKILL), 0);
	ck_assert_uint_eq(hostile_native_wait(process), ENDED_BY(SIGKILL));
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	if (argc == 2)
		return target_main(argv[1]);
	target_init(argv[0]);
	tests[n++] = silent_clients_hold_up_nobody;
	tests[n++] = silent_clients_are_cut_off;
	tests[n++] = garbage_is_cut_off;
	tests[n++] = a_sender_cannot_lie_about_itself;
	tests[n++] = only_a_child_tells_of_its_group;
	tests[n++] = only_the_owner_and_the_system_may_connect;
	tests[n++] = a_native_program_can_only_be_killed;
	tests[n++] = a_pipe_of_another_process_is_refused;
	return run_cases("channel", tests, n);
}
