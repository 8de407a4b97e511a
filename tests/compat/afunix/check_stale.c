/*
 * Nodes that a dead server left behind.  Linux leaves it to the program to
 * remove them, which is safe under a lock only; libcompat takes them over in
 * bind(2), LIM-UNIX-4.  The tests ask which of the two it is and then claim the
 * same of both: one starter gets the name, and a live server is never displaced.
 */
#include <sys/socket.h>
#include <sys/stat.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "support/proc.h"
#include "support/tmpdir.h"
#include "uds.h"

#define PATH "s"
#define STARTERS 20
#define ROUNDS 3

static const char *self;
static int bind_takes_over;

/* The name by bind alone, or as a program has to do it on Linux. */
static int
take_name(int plainly)
{
	int fd, lock;

	if (plainly)
		return uds_try_bind(PATH);
	/* Held until the process ends: as long as it is bound. */
	lock = open("lock", O_RDWR | O_CREAT, 0600);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
		errno = EADDRINUSE;
		return -1;
	}
	if ((fd = uds_try_bind(PATH)) >= 0 || errno != EADDRINUSE)
		return fd;
	(void)unlink(PATH);
	return uds_try_bind(PATH);
}

/* The child: bind, listen, say what came of it, wait for the end of stdin. */
static int
serve(int plainly)
{
	int fd = take_name(plainly);
	char c;

	if (fd >= 0 && listen(fd, 5) != 0)
		fd = -1;
	printf("%s\n", fd >= 0 ? "bound" : strerror(errno));
	(void)fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}

static struct proc *
start(void)
{
	const char *const argv[] = { self,
	    bind_takes_over ? "serve" : "serve-locked", NULL };
	struct proc *p;

	ck_assert_int_eq(proc_spawn(argv, &p), 0);
	return p;
}

static int
is_bound(struct proc *p)
{
	char line[128];

	ck_assert_int_ge(proc_readline(p, line, sizeof(line)), 0);
	return strcmp(line, "bound") == 0;
}

static void
setup(void)
{
	int fd;

	ck_assert_int_eq(close(uds_listen(PATH, 1)), 0);
	if ((fd = uds_try_bind(PATH)) >= 0)
		(void)close(fd);
	bind_takes_over = fd >= 0;
	ck_assert_int_eq(unlink(PATH), 0);
}

static void
teardown(void)
{
	(void)unlink(PATH);
	(void)unlink("lock");
}

START_TEST(a_node_of_a_killed_server_is_taken_over)
{
	struct proc *p = start();
	struct stat st;
	int fd;

	ck_assert(is_bound(p));
	ck_assert_int_eq(close(uds_connect(PATH)), 0);
	ck_assert_int_eq(uds_try_bind(PATH), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	proc_kill(p);
	(void)proc_wait(p);
	ck_assert_int_eq(stat(PATH, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(uds_try_connect(PATH, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	fd = take_name(bind_takes_over);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(close(uds_connect(PATH)), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Of any number that start at once over a stale node, one gets the name. */
START_TEST(of_twenty_starters_one_wins)
{
	struct proc *p[STARTERS];
	int i, round, winners;

	for (round = 0; round < ROUNDS; round++) {
		p[0] = start();
		ck_assert(is_bound(p[0]));
		proc_kill(p[0]);
		(void)proc_wait(p[0]);
		for (i = 0; i < STARTERS; i++)
			p[i] = start();
		winners = 0;
		for (i = 0; i < STARTERS; i++)
			winners += is_bound(p[i]);
		ck_assert_int_eq(winners, 1);
		ck_assert_int_eq(close(uds_connect(PATH)), 0);
		for (i = 0; i < STARTERS; i++) {
			proc_kill(p[i]);
			(void)proc_wait(p[i]);
		}
	}
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *s = suite_create("stale");
	TCase *tc = tcase_create("stale");
	static char path[4096];
	SRunner *sr;
	int failed;

	if (argc > 1)
		return serve(strcmp(argv[1], "serve") == 0);
	self = argv[0];
	/* The tests run in a directory of their own. */
	if (self[0] != '/' && self[1] != ':' &&
	    getcwd(path, sizeof(path) / 2) != NULL) {
		(void)strcat(strcat(path, "/"), argv[0]);
		self = path;
	}
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_node_of_a_killed_server_is_taken_over);
	tcase_add_test(tc, of_twenty_starters_one_wins);
	suite_add_tcase(s, tc);
	tmpdir_enter();
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	tmpdir_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
