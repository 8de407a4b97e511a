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

#include "support/main.h"
#include "support/proc.h"

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
		if (n == 0) {
			(void)printf("reading\n");
			(void)fflush(stdout);
		}
		(void)nanosleep(&hold, NULL);
		if (flock(fd, LOCK_UN) != 0)
			return 2;
	}
	return 0;
}

START_TEST(a_writer_gets_in_among_readers)
{
	char here[64], path[80], line[16];
	const char *argv[] = { self, "read", path, NULL };
	struct proc *p[READERS];
	long long before;
	int fd, i, stop;

	fd = open("lock", O_RDWR | O_CREAT, 0644);
	ck_assert_int_ge(fd, 0);
	(void)snprintf(here, sizeof(here), "scratch.%ld", (long)getpid());
	(void)snprintf(path, sizeof(path), "%s/lock", here);
	ck_assert_int_eq(chdir(".."), 0);
	for (i = 0; i < READERS; i++)
		ck_assert_int_eq(proc_spawn(argv, &p[i]), 0);
	ck_assert_int_eq(chdir(here), 0);
	for (i = 0; i < READERS; i++)
		ck_assert_int_gt(proc_readline(p[i], line, sizeof(line)), 0);
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

/*
 * Manners end: who holds a shared lock by one description and asks for one by
 * another, while a writer waits, is not locked out for ever.
 */
START_TEST(two_shared_locks_of_one_process_go_together)
{
	char here[64], path[80];
	const char *argv[] = { self, "write", path, NULL };
	struct proc *p;
	int a, b, c;

	a = open("twice", O_RDWR | O_CREAT, 0644);
	b = open("twice", O_RDWR);
	c = open("twice", O_RDWR);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	(void)snprintf(here, sizeof(here), "scratch.%ld", (long)getpid());
	(void)snprintf(path, sizeof(path), "%s/twice", here);
	ck_assert_int_eq(chdir(".."), 0);
	ck_assert_int_eq(proc_spawn(argv, &p), 0);
	ck_assert_int_eq(chdir(here), 0);
	ck_assert_int_eq(proc_readline(p, path, sizeof(path)), 2);
	ck_assert_int_eq(flock(b, LOCK_SH), 0);
	ck_assert_int_eq(flock(c, LOCK_SH | LOCK_NB), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(proc_wait(p), 0);
}
END_TEST

static int
be_writer(const char *file)
{
	int fd = open(file, O_RDWR);

	(void)printf("go\n");
	(void)fflush(stdout);
	return flock(fd, LOCK_EX) == 0 ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	static const TTest *tests[2];
	int n = 0;

	if (argc == 3 && strcmp(argv[1], "read") == 0)
		return be_reader(argv[2]);
	if (argc == 3 && strcmp(argv[1], "write") == 0)
		return be_writer(argv[2]);
	self = argv[0];
	tests[n++] = a_writer_gets_in_among_readers;
	tests[n++] = two_shared_locks_of_one_process_go_together;
	return run_cases("flock, whose turn", tests, n);
}
