/*
 * A writer among readers who overlap without end gets the lock.  For NT:
 * Linux lets readers in as long as there is one, and its writer starves.
 */
#include <sys/file.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "compat/flock/util.h"
#include "support/main.h"
#include "support/native.h"

#define READERS 4
#define SECOND 1000000000LL

static const char *self;

static long long
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

/* Holds it for 10 ms, and again at once; for 20 s at the most. */
static int
be_reader(const char *file)
{
	struct timespec hold = { .tv_nsec = 10000000 };
	long long end = now() + 20 * SECOND;
	int fd = open(file, O_RDONLY), n;
	char name[80];

	(void)snprintf(name, sizeof(name), "%s.stop", file);
	for (n = 0; now() < end && access(name, F_OK) != 0; n++) {
		if (flock(fd, LOCK_SH) != 0)
			return 1;
		if (n == 0)
			say("reading");
		(void)nanosleep(&hold, NULL);
		if (flock(fd, LOCK_UN) != 0)
			return 2;
	}
	return 0;
}

START_TEST(a_writer_gets_in_among_readers)
{
	struct proc *p[READERS];
	long long before;
	int fd, i, stop;

	fd = open("lock", O_RDWR | O_CREAT, 0644);
	ck_assert_int_ge(fd, 0);
	for (i = 0; i < READERS; i++)
		p[i] = child(self, "read", "lock", NULL);
	for (i = 0; i < READERS; i++)
		said(p[i], "reading");
	for (i = 0; i < 3; i++) {
		while (flock(fd, LOCK_EX | LOCK_NB) == 0)
			ck_assert_int_eq(flock(fd, LOCK_UN), 0);
		before = now();
		ck_assert_int_eq(flock(fd, LOCK_EX), 0);
		ck_assert_int_lt((now() - before) / SECOND, 5);
		ck_assert_int_eq(flock(fd, LOCK_UN), 0);
	}
	stop = creat("lock.stop", 0644);
	ck_assert_int_eq(close(stop), 0);
	for (i = 0; i < READERS; i++)
		ck_assert_int_eq(proc_wait(p[i]), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The byte that who waits for the lock has locked: see compat/flock/README. */
#define GATE 0x7FFFFFFFFFFFFF01ULL

static void
somebody_waits(const char *name)
{
	struct native *n;

	ck_assert_uint_eq(native_open(name, 1, &n), 0);
	while (native_lock(n, 1, GATE, 1) == 0) {
		ck_assert_uint_eq(native_unlock(n, GATE, 1), 0);
		nap();
	}
	native_close(n);
}

/* When it got the lock; 0 when it lost patience with others. */
static int
be_asker(const char *file, const char *how)
{
	int fd = open(file, O_RDWR), shared = strcmp(how, "sh") == 0;
	long long from, got;

	say("asking");
	from = now();
	if (flock(fd, shared ? LOCK_SH : LOCK_EX) != 0)
		return 1;
	got = now();
	(void)printf("%lld\n", shared && got - from >= SECOND ? 0 : got);
	return 0;
}

static struct proc *
ask(const char *how)
{
	struct proc *p = child(self, "ask", "lock", how);

	said(p, "asking");
	return p;
}

static long long
granted(struct proc *p)
{
	char line[32];

	ck_assert_int_gt(proc_readline(p, line, sizeof(line)), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	return strtoll(line, NULL, 10);
}

/* While there are readers; but one who has waited for a second gets in. */
START_TEST(a_reader_lets_a_writer_who_waits_go_first)
{
	struct proc *reader, *writer;
	long long reading, writing;
	int a, b, i;

	open_both(&a, &b);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(flock(a, LOCK_SH), 0);
		writer = ask("ex");
		somebody_waits("lock");
		reader = ask("sh");
		/* Time for it to get what it must not get. */
		nap();
		nap();
		ck_assert_int_eq(flock(a, LOCK_UN), 0);
		reading = granted(reader);
		writing = granted(writer);
		ck_assert(reading == 0 || reading > writing);
	}
	close_both(a, b);
}
END_TEST

/*
 * Manners end: who holds a shared lock by one description and asks for one by
 * another, while a writer waits, is not locked out for ever.
 */
START_TEST(two_shared_locks_of_one_process_go_together)
{
	struct proc *p;
	int a, b, c;

	open_both(&a, &b);
	c = open("lock", O_RDWR);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	p = child(self, "write", "lock", NULL);
	said(p, "go");
	ck_assert_int_eq(flock(b, LOCK_SH), 0);
	ck_assert_int_eq(flock(c, LOCK_SH | LOCK_NB), 0);
	close_both(a, b);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(proc_wait(p), 0);
}
END_TEST

static int
be_writer(const char *file)
{
	int fd = open(file, O_RDWR);

	say("go");
	return flock(fd, LOCK_EX) == 0 ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	static const TTest *tests[3];
	int n = 0;

	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return be_reader(argv[2]);
	if (argc == 3 && strcmp(argv[1], "write") == 0)
		return be_writer(argv[2]);
	if (argc == 4 && strcmp(argv[1], "ask") == 0)
		return be_asker(argv[2], argv[3]);
	self = argv[0];
	tests[n++] = a_writer_gets_in_among_readers;
	tests[n++] = a_reader_lets_a_writer_who_waits_go_first;
	tests[n++] = two_shared_locks_of_one_process_go_together;
	return run_cases("flock, whose turn", tests, n);
}
