/*
 * flock of directories, as spoolers and package managers do it.
 */
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/util.h"
#include "support/main.h"

static const char *self;
static int a, b;

static void
open_dirs(void)
{
	(void)mkdir("spool", 0755);
	a = open("spool", O_RDONLY);
	b = open("spool/../spool", O_RDONLY | O_DIRECTORY);
	ck_assert(a >= 0 && b >= 0);
}

/* Locks, says so, and waits for a line. */
static int
be_holder(const char *dir, const char *how)
{
	char line[8];
	int fd = open(dir, O_RDONLY);

	if (flock(fd, strcmp(how, "ex") == 0 ? LOCK_EX : LOCK_SH) != 0)
		return 1;
	say("locked");
	return fgets(line, sizeof(line), stdin) == NULL ? 2 : 0;
}

static struct proc *
hold(const char *how)
{
	struct proc *p = child(self, "hold", "spool", how);

	said(p, "locked");
	return p;
}

/* flock(2), EWOULDBLOCK. */
START_TEST(exclusive_excludes_and_shared_shares)
{
	open_dirs();
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(flock(a, LOCK_EX | LOCK_NB), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(a, LOCK_SH | LOCK_NB), 0);
	ck_assert_int_eq(flock(b, LOCK_SH | LOCK_NB), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	close_both(a, b);
}
END_TEST

/* flock(2): who cannot have another lock at once loses the one it had. */
START_TEST(a_refused_conversion_loses_the_lock)
{
	int c;

	open_dirs();
	c = open("spool", O_RDONLY);
	ck_assert_int_eq(flock(a, LOCK_SH), 0);
	ck_assert_int_eq(flock(b, LOCK_SH), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(c, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(close(c), 0);
	close_both(a, b);
}
END_TEST

/* flock(2): the description's, and gone with its last descriptor. */
START_TEST(duplicates_share_the_lock)
{
	int c;

	open_dirs();
	c = dup(a);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(flock(c, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(close(a), 0);
	a = open("spool", O_RDONLY);
	ck_assert_int_eq(close(a), 0);
	FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* Another directory, what is in it, and record locks have nothing to do. */
START_TEST(only_the_directory_itself_is_locked)
{
	int c, d;

	open_dirs();
	c = open(".", O_RDONLY);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(flock(c, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(set(b, F_SETLK, F_RDLCK, 0, 0), 0);
	ck_assert_int_eq(set(a, F_OFD_SETLK, F_RDLCK, 0, 0), 0);
	ck_assert_int_eq(set(a, F_OFD_SETLK, F_UNLCK, 0, 0), 0);
	FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	d = open("spool/job", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(flock(d, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(unlink("spool/job"), 0);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(close(d), 0);
	ck_assert_int_eq(close(c), 0);
	close_both(a, b);
}
END_TEST

/* open(2), O_PATH: neither flock nor a record lock; EBADF. */
START_TEST(what_is_only_named_cannot_be_locked)
{
	int c;

	open_dirs();
	c = open("spool", O_PATH | O_DIRECTORY);
	ck_assert_int_ge(c, 0);
	FAILS(flock(c, LOCK_SH), EBADF);
	FAILS(set(c, F_SETLK, F_RDLCK, 0, 0), EBADF);
	FAILS(flock(a, LOCK_SH | LOCK_EX), EINVAL);
	ck_assert_int_eq(close(c), 0);
	close_both(a, b);
}
END_TEST

START_TEST(another_process_is_excluded_and_waited_for)
{
	struct proc *p;

	open_dirs();
	p = hold("ex");
	FAILS(flock(a, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(proc_writeline(p, "go"), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	p = hold("sh");
	ck_assert_int_eq(flock(a, LOCK_SH | LOCK_NB), 0);
	FAILS(flock(a, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(proc_writeline(p, "go"), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	close_both(a, b);
}
END_TEST

/* The lock of a process that was killed is released. */
START_TEST(a_killed_holder_lets_go)
{
	struct proc *p;
	int i;

	open_dirs();
	for (i = 0; i < 5; i++) {
		p = hold("ex");
		proc_kill(p);
		ck_assert_int_eq(flock(a, LOCK_EX), 0);
		ck_assert_int_eq(proc_wait(p), -1);
		ck_assert_int_eq(flock(a, LOCK_UN), 0);
	}
	close_both(a, b);
}
END_TEST

/* flock(2), EINTR; signal(7): restarted with SA_RESTART. */
START_TEST(a_signal_ends_the_wait_or_restarts_it)
{
	struct proc *p;

	open_dirs();
	handle(0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	pester();
	FAILS(flock(b, LOCK_EX), EINTR);
	FAILS(flock(b, LOCK_SH), EINTR);
	leave_alone();
	close_both(a, b);
	open_dirs();
	handle(SA_RESTART);
	p = hold("ex");
	pester();
	ck_assert_int_eq(proc_writeline(p, "go"), 0);
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	leave_alone();
	FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(proc_wait(p), 0);
	close_both(a, b);
}
END_TEST

static void *
convert_b(void *arg)
{
	(void)arg;
	return flock(b, LOCK_EX) == 0 && flock(b, LOCK_UN) == 0 ? NULL : &b;
}

/* Two readers who both want to write give way; neither waits for ever. */
START_TEST(two_conversions_do_not_lock_each_other_out)
{
	pthread_t other;
	void *failed;
	int i;

	open_dirs();
	for (i = 0; i < 50; i++) {
		ck_assert_int_eq(flock(a, LOCK_SH), 0);
		ck_assert_int_eq(flock(b, LOCK_SH), 0);
		ck_assert_int_eq(pthread_create(&other, NULL, convert_b, NULL),
		    0);
		ck_assert_int_eq(flock(a, LOCK_EX), 0);
		ck_assert_int_eq(flock(a, LOCK_UN), 0);
		ck_assert_int_eq(pthread_join(other, &failed), 0);
		ck_assert_ptr_null(failed);
	}
	close_both(a, b);
}
END_TEST

START_TEST(a_locked_directory_can_be_removed)
{
	open_dirs();
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(rmdir("spool"), 0);
	FAILS(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	close_both(a, b);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[10];
	int n = 0;

	if (argc == 4 && strcmp(argv[1], "hold") == 0)
		return be_holder(argv[2], argv[3]);
	self = argv[0];
	tests[n++] = exclusive_excludes_and_shared_shares;
	tests[n++] = a_refused_conversion_loses_the_lock;
	tests[n++] = duplicates_share_the_lock;
	tests[n++] = only_the_directory_itself_is_locked;
	tests[n++] = what_is_only_named_cannot_be_locked;
	tests[n++] = another_process_is_excluded_and_waited_for;
	tests[n++] = a_killed_holder_lets_go;
	tests[n++] = a_signal_ends_the_wait_or_restarts_it;
	tests[n++] = two_conversions_do_not_lock_each_other_out;
	tests[n++] = a_locked_directory_can_be_removed;
	return run_cases("flock of directories", tests, n);
}
