#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/util.h"
#include "support/main.h"

static const char *self;
static int a, b;

/* A child that takes the lock named, says so, and waits for a line. */
static int
be_holder(const char *file, const char *how)
{
	char line[8];
	int fd = open(file, O_RDWR);

	if (fd < 0 || flock(fd, strcmp(how, "ex") == 0 ? LOCK_EX : LOCK_SH))
		return 1;
	say("locked");
	return fgets(line, sizeof(line), stdin) == NULL ? 2 : 0;
}

static struct proc *
hold(const char *how)
{
	struct proc *p = child(self, "hold", "lock", how);

	said(p, "locked");
	return p;
}

/* flock(2), EWOULDBLOCK.  The file is empty on purpose. */
START_TEST(exclusive_lock_excludes)
{
	open_both(&a, &b);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	FAILS(flock(b, LOCK_SH | LOCK_NB), EAGAIN);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	close_both(a, b);
}
END_TEST

/* flock(2): "more than one process may hold a shared lock". */
START_TEST(shared_locks_share)
{
	open_both(&a, &b);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	ck_assert_int_eq(flock(b, LOCK_SH | LOCK_NB), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	close_both(a, b);
}
END_TEST

/* A lock that is held already, or not held at all, is no error. */
START_TEST(repetition_is_harmless)
{
	open_both(&a, &b);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(flock(a, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	close_both(a, b);
}
END_TEST

/* EX to SH lets other readers in and no writer. */
START_TEST(a_lock_can_be_converted)
{
	open_both(&a, &b);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(b, LOCK_SH | LOCK_NB), 0);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX | LOCK_NB), 0);
	FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	close_both(a, b);
}
END_TEST

/* flock(2): the lock belongs to the description; any duplicate unlocks it. */
START_TEST(duplicates_share_the_lock)
{
	int c;

	open_both(&a, &b);
	c = dup(a);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(flock(c, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(close(a), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(c, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	ck_assert_int_eq(flock(c, LOCK_EX), 0);
	a = c;
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	a = dup(b);
	close_both(a, b);
}
END_TEST

/* The lock is advisory: it hinders nobody's reads, writes or truncation. */
START_TEST(a_locked_file_can_be_written)
{
	char c;

	open_both(&a, &b);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(write(b, "x", 1), 1);
	ck_assert_int_eq(pread(b, &c, 1, 0), 1);
	ck_assert_int_eq(ftruncate(b, 100), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(ftruncate(b, 0), 0);
	close_both(a, b);
}
END_TEST

/* flock(2) needs no write access. */
START_TEST(a_read_only_file_can_be_locked)
{
	open_both(&a, &b);
	close_both(a, b);
	a = open("lock", O_RDONLY);
	b = open("lock", O_WRONLY);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	close_both(a, b);
}
END_TEST

/* flock(2), EBADF and EINVAL. */
START_TEST(nonsense_is_refused)
{
	open_both(&a, &b);
	FAILS(flock(a, 0), EINVAL);
	FAILS(flock(a, LOCK_SH | LOCK_EX), EINVAL);
	close_both(a, b);
	FAILS(flock(a, LOCK_EX), EBADF);
}
END_TEST

/* Between processes; the lock goes with the last descriptor. */
START_TEST(another_process_is_excluded)
{
	struct proc *p;

	open_both(&a, &b);
	p = hold("ex");
	FAILS(flock(a, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(proc_writeline(p, "go"), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	p = hold("sh");
	ck_assert_int_eq(flock(a, LOCK_SH | LOCK_NB), 0);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	FAILS(flock(a, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(proc_writeline(p, "go"), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	close_both(a, b);
}
END_TEST

/* The lock of a process that was killed is released. */
START_TEST(a_killed_holder_lets_go)
{
	struct proc *p;

	open_both(&a, &b);
	p = hold("ex");
	proc_kill(p);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(proc_wait(p), -1);
	close_both(a, b);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[12];
	int n = 0;

	if (argc == 4 && strcmp(argv[1], "hold") == 0)
		return be_holder(argv[2], argv[3]);
	self = argv[0];
	tests[n++] = exclusive_lock_excludes;
	tests[n++] = shared_locks_share;
	tests[n++] = repetition_is_harmless;
	tests[n++] = a_lock_can_be_converted;
	tests[n++] = duplicates_share_the_lock;
	tests[n++] = a_locked_file_can_be_written;
	tests[n++] = a_read_only_file_can_be_locked;
	tests[n++] = nonsense_is_refused;
	tests[n++] = another_process_is_excluded;
	tests[n++] = a_killed_holder_lets_go;
	return run_cases("flock", tests, n);
}
