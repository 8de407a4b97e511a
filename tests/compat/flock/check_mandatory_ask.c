/*
 * F_GETLK of mandatory locks, which can only try: processes that ask at the
 * same time must not take each other for somebody who holds a lock.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/util.h"
#include "support/main.h"
#include "support/proc.h"

#define ASKERS 3
#define TIMES 3000

static const char *self;

/*
 * Says "ready", and asks on a "go" who has a byte that nobody has, in the file
 * and behind its end.
 */
static int
be_asker(const char *file)
{
	struct flock fl = { .l_type = F_UNLCK };
	int fd = open(file, O_RDWR), i;
	char line[8];

	if (fcntl(fd, F_LCK_MANDATORY, 1) != 0)
		return 2;
	say("ready");
	if (fgets(line, sizeof(line), stdin) == NULL)
		return 2;
	for (i = 0; i < TIMES && fl.l_type == F_UNLCK; i++) {
		fl = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET,
		    .l_start = i % 2 == 0 ? 10 : 1000, .l_len = 1 };
		if (fcntl(fd, F_GETLK, &fl) != 0)
			return 3;
	}
	return fl.l_type == F_UNLCK ? 0 : 1;
}

/*
 * LIM-MAND-2.  SQLite asks so for a writer when it finds a journal, and does
 * not roll it back while there is one.
 */
START_TEST(who_asks_is_not_taken_for_a_holder)
{
	struct proc *p[ASKERS];
	int fd, i;

	ck_assert_int_ge(fd = open("data", O_RDWR | O_CREAT, 0644), 0);
	ck_assert_int_eq(ftruncate(fd, 100), 0);
	for (i = 0; i < ASKERS; i++) {
		p[i] = child(self, "asker", "data", NULL);
		said(p[i], "ready");
	}
	for (i = 0; i < ASKERS; i++)
		ck_assert_int_eq(proc_writeline(p[i], "go"), 0);
	for (i = 0; i < ASKERS; i++)
		ck_assert_int_eq(proc_wait(p[i]), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("data"), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { who_asks_is_not_taken_for_a_holder };

	if (argc >= 3 && strcmp(argv[1], "asker") == 0)
		return be_asker(argv[2]);
	self = argv[0];
	return run_cases("asking for mandatory locks", tests, 1);
}
