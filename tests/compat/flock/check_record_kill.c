/*
 * Processes that are killed while they hold record locks, or are at it: 100
 * here, 1,000 in check-long.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/agent.h"
#include "compat/flock/need.h"
#include "support/main.h"

#ifndef KILLS
#define KILLS 100
#endif
#define LIVE 4			/* hammers at a time */
#define MINE 1000		/* a byte that no hammer touches */

static const char *self;
static int fd;

static int
lock(int cmd, int type, off_t at, off_t len)
{
	struct flock fl = { .l_type = (short)type, .l_whence = SEEK_SET,
	    .l_start = at, .l_len = len };

	return fcntl(fd, cmd, &fl);
}

static struct agent *
hammer(unsigned int seed)
{
	struct agent *a = agent_start(self);

	agent_open(a, 0, "f");
	agent_hammer(a, 0, seed);
	return a;
}

static void
begin(void)
{
	fd = open("f", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ck_assert_int_ge(fd, 0);
}

/*
 * Some work of our own, so that the kill comes at any moment of the other's:
 * one that is never refused, and one that may be.
 */
static void
work(int rounds)
{
	int i;

	for (i = 0; i < rounds; i++) {
		NEED(lock(F_SETLK, F_WRLCK, MINE + i % 7, 1 + i % 3) == 0);
		NEED(lock(F_SETLK, F_UNLCK, MINE, 100) == 0);
		NEED(lock(F_SETLK, F_RDLCK, i % 200, 1) == 0 ||
		    errno == EAGAIN);
	}
	NEED(lock(F_SETLK, F_UNLCK, 0, 0) == 0);
}

/*
 * One after the other is killed while all lock and unlock: the survivors go
 * on, and when all are dead, every byte is free.
 */
START_TEST(a_killed_process_leaves_a_whole_table)
{
	struct agent *a[LIVE];
	int i, k;

	begin();
	for (k = 0; k < LIVE; k++)
		a[k] = hammer((unsigned int)k);
	for (i = 0; i < KILLS; i++) {
		k = i % LIVE;
		work(1 + i * 37 % 50);
		agent_kill(a[k]);
		work(3);
		NEED(agent_end(a[k]) == -1);
		a[k] = hammer((unsigned int)(i + LIVE));
	}
	for (k = 0; k < LIVE; k++) {
		agent_kill(a[k]);
		NEED(agent_end(a[k]) == -1);
	}
	ck_assert_int_eq(lock(F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(lock(F_OFD_SETLK, F_RDLCK, 0, 0), -1);
	ck_assert_int_eq(lock(F_SETLK, F_UNLCK, 0, 0), 0);
	ck_assert_int_eq(lock(F_OFD_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[1];

	if (argc == 2 && strcmp(argv[1], "agent") == 0)
		return agent_main();
	self = argv[0];
	tests[0] = a_killed_process_leaves_a_whole_table;
	return run_cases("record_kill", tests, 1);
}
