/*
 * tripwire(3) in processes of their own: what asks them to end from outside,
 * how often, and what they leave.  The program starts itself again.
 */
#include <sys/socket.h>
#include <sys/wait.h>

#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/tripwire.h"
#include "support/main.h"
#include "support/proc.h"
#include "support/tmpdir.h"

static const char *self;

/*
 * The children.
 */

static void
say(const char *what)
{
	(void)printf("%s %ld\n", what, (long)getpid());
	(void)fflush(stdout);
}

static void
say_line(void *arg, const char *line)
{
	(void)arg;
	(void)printf("%s\n", line);
	(void)fflush(stdout);
}

static struct tripwire *
child_tripwire(int64_t deadline, int64_t stop_time)
{
	struct tripwire_options options;
	struct tripwire *tw;

	tripwire_options_init(&options);
	options.deadline = deadline;
	options.stop_time = stop_time;
	options.report = say_line;
	if (tripwire_open(&options, &tw) != 0)
		exit(99);
	return tw;
}

/* Wait to be told; say why; end as one that was told. */
static int
until_tripped(void)
{
	struct tripwire *tw = child_tripwire(TRIPWIRE_SEC(5), 0);
	struct tripwire_reason reason;

	if (tripwire_signals(tw, NULL, 0, 0) != 0 || tripwire_watch(tw, 0) != 0)
		return 98;
	say("ready");
	if (tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER) != TRIPWIRE_PREEMPTED ||
	    tripwire_drain(tw) != 0)
		return 97;
	tripwire_reason(tw, &reason);
	(void)printf("%d %d %u\n", (int)reason.cause, reason.signo,
	    reason.signals);
	return tripwire_exit_status(tw);
}

static int
orphan(void)
{
	struct tripwire *tw = child_tripwire(TRIPWIRE_SEC(5), 0);
	struct tripwire_reason reason;

	if (tripwire_watch_parent(tw) != 0)
		return 98;
	say("ready");
	(void)tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER);
	tripwire_reason(tw, &reason);
	(void)printf("%d\n", (int)reason.cause);
	tripwire_close(tw);
	return 0;
}

/* Starts the orphan, and is killed. */
static int
parent(void)
{
	char *argv[] = { (char *)self, (char *)"orphan", NULL };
	pid_t pid;

	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) != 0)
		return 98;
	(void)waitpid(pid, NULL, 0);
	return 97;
}

/* Its deadline passes: it says so, and does not end with 0. */
static int
stuck(void)
{
	struct tripwire *tw = child_tripwire(TRIPWIRE_SEC(1), 0);
	struct tripwire_task task;
	int err;

	if (tripwire_enter(tw, NULL, &task, "stuck") != 0)
		return 98;
	err = tripwire_drain(tw);
	tripwire_leave(&task);
	tripwire_close(tw);
	return err == ETIMEDOUT ? 2 : 0;
}

static void
tell(void *what)
{
	say(what);
}

/* Never done; told of each phase, in its own words. */
static int
stubborn(void)
{
	static char draining[] = "draining", stopping[] = "stopping";
	struct tripwire *tw = child_tripwire(TRIPWIRE_FOREVER,
	    TRIPWIRE_FOREVER);
	struct tripwire_task task;

	if (tripwire_signals(tw, NULL, 0, 0) != 0 ||
	    tripwire_enter(tw, NULL, &task, "stubborn") != 0 ||
	    tripwire_on(tw, TRIPWIRE_DRAINING, "draining", tell, draining,
	    TRIPWIRE_FOREVER) != 0 ||
	    tripwire_on(tw, TRIPWIRE_STOPPING, "stopping", tell, stopping,
	    TRIPWIRE_FOREVER) != 0)
		return 98;
	say("ready");
	(void)tripwire_wait(tw, -1, 0, TRIPWIRE_FOREVER);
	(void)tripwire_drain(tw);
	return 97;
}

/*
 * What blocks.
 */

static int
lock_it(void *arg)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(*(int *)arg, F_SETLKW, &lock);
}

static int
read_it(void *arg)
{
	char c;

	return (int)read(*(int *)arg, &c, 1);
}

static int
accept_it(void *arg)
{
	return accept(*(int *)arg, NULL, NULL);
}

static int
listener(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0 ||
	    listen(fd, 1) != 0)
		return -1;
	return fd;
}

/* Block in that call, or wait for its descriptor, and tell the outcome. */
static int
blocked(const char *how, const char *where)
{
	struct tripwire *tw = child_tripwire(TRIPWIRE_SEC(5), 0);
	int (*fn)(void *) = lock_it;
	enum tripwire_outcome outcome;
	int fd, result;

	if (strcmp(where, "accept") == 0) {
		fn = accept_it;
		fd = listener();
	} else if (strcmp(where, "read") == 0) {
		fn = read_it;
		fd = 0;
	} else {
		fd = open(where, O_RDWR);
	}
	if (fd == -1 || tripwire_signals(tw, NULL, 0, TRIPWIRE_RESTART) != 0)
		return 98;
	say("ready");
	if (strcmp(how, "call") == 0)
		outcome = tripwire_call(tw, fn, &fd, &result);
	else
		outcome = tripwire_wait(tw, fd, POLLIN, TRIPWIRE_FOREVER);
	(void)printf("%d\n", (int)outcome);
	return 0;
}

/*
 * The parent's side.
 */

static struct proc *
begin(const char *what, const char *how, const char *where, pid_t *pid)
{
	const char *const argv[] = { self, what, how, where, NULL };
	struct proc *p;
	char line[200];
	long id;

	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	ck_assert_int_ne(proc_readline(p, line, sizeof(line)), -1);
	ck_assert_int_eq(sscanf(line, "ready %ld", &id), 1);
	*pid = (pid_t)id;
	return p;
}

static void
expect(struct proc *p, const char *text)
{
	char line[200];

	ck_assert_int_ne(proc_readline(p, line, sizeof(line)), -1);
	ck_assert_str_eq(line, text);
}

START_TEST(each_signal_trips_once_and_is_the_reason)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct proc *p;
	char want[40];
	size_t i;
	pid_t pid;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		p = begin("until_tripped", NULL, NULL, &pid);
		ck_assert_int_eq(kill(pid, signals[i]), 0);
		(void)snprintf(want, sizeof(want), "%d %d 1",
		    TRIPWIRE_SIGNAL, signals[i]);
		expect(p, want);
		ck_assert_int_eq(proc_wait(p), 128 + signals[i]);
	}
}
END_TEST

START_TEST(the_end_of_the_parents_pipe_trips)
{
	struct proc *p;
	pid_t pid;

	p = begin("until_tripped", NULL, NULL, &pid);
	/* This closes the pipe. */
	ck_assert_int_eq(proc_wait(p), 0);
}
END_TEST

START_TEST(the_end_of_the_parent_trips)
{
	struct proc *p;
	pid_t pid;
	char want[20];

	p = begin("parent", NULL, NULL, &pid);
	proc_kill(p);
	(void)snprintf(want, sizeof(want), "%d", TRIPWIRE_PARENT);
	expect(p, want);
	ck_assert_int_eq(proc_wait(p), -1);
}
END_TEST

START_TEST(a_passed_deadline_is_no_success)
{
	const char *const argv[] = { self, "stuck", NULL };
	struct proc *p;
	char line[300];

	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	ck_assert_int_ne(proc_readline(p, line, sizeof(line)), -1);
	ck_assert_ptr_nonnull(strstr(line, "task stuck ("));
	ck_assert_ptr_nonnull(strstr(line, "check_tripwire_process.c:"));
	ck_assert_int_eq(proc_wait(p), 2);
}
END_TEST

START_TEST(the_second_signal_stops_and_the_third_ends)
{
	struct proc *p;
	pid_t pid;
	char want[40];

	p = begin("stubborn", NULL, NULL, &pid);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	(void)snprintf(want, sizeof(want), "draining %ld", (long)pid);
	expect(p, want);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	(void)snprintf(want, sizeof(want), "stopping %ld", (long)pid);
	expect(p, want);
	ck_assert_int_eq(kill(pid, SIGINT), 0);
	ck_assert_int_eq(proc_wait(p), 128 + SIGINT);
}
END_TEST

/* However long it takes until it blocks: the signal is not lost. */
static void
preempts(const char *how, const char *where)
{
	struct proc *p;
	pid_t pid;
	char want[20];

	p = begin("blocked", how, where, &pid);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	(void)snprintf(want, sizeof(want), "%d", TRIPWIRE_PREEMPTED);
	expect(p, want);
	ck_assert_int_eq(proc_wait(p), 0);
}

START_TEST(a_trip_ends_what_blocks)
{
	char path[300];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/locked", tmpdir_name());
	fd = open("locked", O_RDWR | O_CREAT, 0600);
	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(lock_it(&fd), 0);
	preempts("call", path);
	(void)close(fd);
	preempts("call", "accept");
	preempts("wait", "accept");
	preempts("wait", "read");
}
END_TEST

int
main(int argc, char **argv)
{
	const TTest *const tests[] = {
		each_signal_trips_once_and_is_the_reason,
		the_end_of_the_parents_pipe_trips,
		the_end_of_the_parent_trips,
		a_passed_deadline_is_no_success,
		the_second_signal_stops_and_the_third_ends,
		a_trip_ends_what_blocks,
	};

	self = argv[0];
	if (argc < 2)
		return run_cases("tripwire's processes", tests,
		    sizeof(tests) / sizeof(tests[0]));
	if (strcmp(argv[1], "until_tripped") == 0)
		return until_tripped();
	if (strcmp(argv[1], "orphan") == 0)
		return orphan();
	if (strcmp(argv[1], "parent") == 0)
		return parent();
	if (strcmp(argv[1], "stuck") == 0)
		return stuck();
	if (strcmp(argv[1], "stubborn") == 0)
		return stubborn();
	return blocked(argv[2], argv[3]);
}
