/*
 * F_LCK_MANDATORY: record locks that native programs see.  NT's rules are put
 * upon Wine (support/strict.h), or half of this would pass by itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "compat/flock/util.h"
#include "support/main.h"
#include "support/native.h"
#include "support/strict.h"

static const char *self;
static struct native *other;
static int a, b;

static void
open_all(void)
{
	a = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
	b = open("data", O_RDWR);
	ck_assert(a >= 0 && b >= 0);
	ck_assert_int_eq(fcntl(a, F_LCK_MANDATORY, 1), 0);
	ck_assert_int_eq(fcntl(b, F_LCK_MANDATORY, 1), 0);
	ck_assert_int_eq(ftruncate(a, 200), 0);
	ck_assert_uint_eq(native_open("data", 1, &other), 0);
}

static void
close_all(void)
{
	native_close(other);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}

/* What a native program sees of n bytes: '.' free, 'r' shared, 'W' not. */
static const char *
map(off_t at, int n)
{
	static char text[64];
	int i;

	for (i = 0; i < n; i++) {
		text[i] = 'W';
		if (native_lock(other, 1, (uint64_t)(at + i), 1) == 0)
			text[i] = '.';
		else if (native_lock(other, 0, (uint64_t)(at + i), 1) == 0)
			text[i] = 'r';
		if (text[i] != 'W')
			ck_assert_uint_eq(native_unlock(other,
			    (uint64_t)(at + i), 1), 0);
	}
	text[n] = '\0';
	return text;
}

/* Each side's lock is in the other's way, as LockFileEx has it. */
START_TEST(a_native_program_and_a_port_exclude_each_other)
{
	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 10, 2), 0);
	ck_assert_str_eq(map(8, 6), "..WW..");
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 10, 2), 0);
	ck_assert_str_eq(map(8, 6), "..rr..");
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 10, 2), 0);
	ck_assert_str_eq(map(8, 6), "......");
	ck_assert_uint_eq(native_lock(other, 1, 20, 5), 0);
	FAILS(set(a, F_SETLK, F_RDLCK, 24, 10), EAGAIN);
	FAILS(set(a, F_SETLK, F_WRLCK, 0, 0), EAGAIN);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 25, 1), 0);
	ck_assert_uint_eq(native_unlock(other, 20, 5), 0);
	ck_assert_uint_eq(native_lock(other, 0, 20, 5), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 20, 5), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 24, 1), EAGAIN);
	ck_assert_str_eq(map(23, 3), "rrW");
	close_all();
}
END_TEST

/* fcntl(): a part can be unlocked or changed; NT knows only whole ranges. */
START_TEST(locks_split_and_merge)
{
	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 10), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 4, 2), 0);
	ck_assert_str_eq(map(0, 11), "WWWW..WWWW.");
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 1, 2), 0);
	ck_assert_str_eq(map(0, 11), "WrrW..WWWW.");
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 11), 0);
	ck_assert_str_eq(map(0, 12), "WWWWWWWWWWW.");
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 0, 11), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 5, 1), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 9, 0), 0);
	ck_assert_str_eq(map(0, 12), "rrrrr.rrrWWW");
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 0, 0), 0);
	ck_assert_str_eq(map(0, 12), "............");
	close_all();
}
END_TEST

/* A request is granted as a whole, or nothing of it. */
START_TEST(a_refused_request_changes_nothing)
{
	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 0, 4), 0);
	ck_assert_uint_eq(native_lock(other, 0, 2, 1), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 0, 8), EAGAIN);
	ck_assert_str_eq(map(0, 9), "rrrr.....");
	ck_assert_uint_eq(native_unlock(other, 2, 1), 0);
	ck_assert_uint_eq(native_lock(other, 0, 6, 1), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 0, 8), EAGAIN);
	ck_assert_uint_eq(native_unlock(other, 6, 1), 0);
	ck_assert_str_eq(map(0, 9), "rrrr.....");
	/* Two of its own, and only the second cannot be had. */
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 1, 1), 0);
	ck_assert_uint_eq(native_lock(other, 0, 3, 1), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 0, 4), EAGAIN);
	ck_assert_uint_eq(native_unlock(other, 3, 1), 0);
	ck_assert_str_eq(map(0, 9), "r.rr.....");
	/* In whatever order. */
	ck_assert_uint_eq(native_lock(other, 0, 0, 1), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 0, 4), EAGAIN);
	ck_assert_uint_eq(native_unlock(other, 0, 1), 0);
	ck_assert_str_eq(map(0, 9), "r.rr.....");
	close_all();
}
END_TEST

/* fcntl(): the owner is the process, by whatever descriptor; any close ends. */
START_TEST(the_process_owns_its_locks)
{
	int c;

	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 4), 0);
	ck_assert_int_eq(set(b, F_SETLK, F_WRLCK, 2, 4), 0);
	ck_assert_int_eq(set(b, F_SETLK, F_RDLCK, 0, 1), 0);
	ck_assert_str_eq(map(0, 7), "rWWWWW.");
	ck_assert_int_eq(set(b, F_SETLK, F_UNLCK, 1, 2), 0);
	ck_assert_str_eq(map(0, 7), "r..WWW.");
	c = open("data", O_RDONLY);
	ck_assert_int_eq(close(c), 0);
	ck_assert_str_eq(map(0, 7), ".......");
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 4), 0);
	c = dup(a);
	ck_assert_int_eq(close(c), 0);
	ck_assert_str_eq(map(0, 4), "....");
	close_all();
}
END_TEST

/* fcntl(2), OFD: the description owns them, and another one is a stranger. */
START_TEST(a_description_owns_its_ofd_locks)
{
	int c;

	open_all();
	ck_assert_int_eq(set(a, F_OFD_SETLK, F_WRLCK, 0, 4), 0);
	FAILS(set(b, F_OFD_SETLK, F_RDLCK, 3, 1), EAGAIN);
	FAILS(set(a, F_SETLK, F_RDLCK, 3, 1), EAGAIN);
	c = dup(a);
	ck_assert_int_eq(close(c), 0);
	ck_assert_str_eq(map(0, 5), "WWWW.");
	ck_assert_int_eq(close(a), 0);
	ck_assert_str_eq(map(0, 5), ".....");
	a = dup(b);
	close_all();
}
END_TEST

/* F_GETLK: what and where; NT does not tell who: l_pid is -1. */
START_TEST(getlk_finds_a_native_lock)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
	    .l_start = 0, .l_len = 50 };

	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 10), 0);
	ck_assert_int_eq(fcntl(a, F_GETLK, &fl), 0);
	ck_assert_int_eq(fl.l_type, F_UNLCK);
	ck_assert_uint_eq(native_lock(other, 0, 20, 5), 0);
	fl.l_type = F_RDLCK;
	ck_assert_int_eq(fcntl(a, F_GETLK, &fl), 0);
	ck_assert_int_eq(fl.l_type, F_UNLCK);
	fl.l_type = F_WRLCK;
	ck_assert_int_eq(fcntl(a, F_GETLK, &fl), 0);
	ck_assert_int_eq(fl.l_type, F_RDLCK);
	ck_assert_int_eq(fl.l_pid, -1);
	ck_assert(fl.l_start <= 20 && fl.l_start + fl.l_len >= 25);
	ck_assert_uint_eq(native_unlock(other, 20, 5), 0);
	ck_assert_uint_eq(native_lock(other, 1, 20, 5), 0);
	fl = (struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_SET };
	ck_assert_int_eq(fcntl(b, F_GETLK, &fl), 0);
	ck_assert_int_eq(fl.l_type, F_WRLCK);
	ck_assert_str_eq(map(0, 3), "WWW");
	/* LIM-MAND-2: behind the end only an exclusive one is seen. */
	ck_assert_uint_eq(native_lock(other, 0, 200, 5), 0);
	fl = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET,
	    .l_start = 200, .l_len = 5 };
	ck_assert_int_eq(fcntl(a, F_GETLK, &fl), 0);
	ck_assert_int_eq(fl.l_type, F_UNLCK);
	ck_assert_uint_eq(native_unlock(other, 200, 5), 0);
	ck_assert_uint_eq(native_lock(other, 1, 200, 5), 0);
	fl.l_type = F_WRLCK;
	ck_assert_int_eq(fcntl(a, F_GETLK, &fl), 0);
	ck_assert_int_eq(fl.l_type, F_WRLCK);
	close_all();
}
END_TEST

/*
 * The process reads and writes under its own locks by any descriptor, though
 * NT refuses a file object what another one has locked.
 */
START_TEST(own_exclusive_locks_are_in_nobodys_way)
{
	unsigned int before;
	char buf[32];

	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 4, 4), 0);
	ck_assert_int_eq(set(b, F_SETLK, F_WRLCK, 12, 4), 0);
	before = strict_refusals();
	ck_assert_int_eq(pwrite(b, "0123456789abcdefghij", 20, 0), 20);
	ck_assert_int_eq(pread(a, buf, 20, 0), 20);
	ck_assert_int_eq(memcmp(buf, "0123456789abcdefghij", 20), 0);
	ck_assert_int_eq(pread(b, buf, 8, 198), 2);
	ck_assert_uint_gt(strict_refusals(), before);
	close_all();
}
END_TEST

/* LIM-MAND-3: NT lets nobody write under a shared lock, its holder neither. */
START_TEST(own_shared_locks_bar_writing)
{
	char c;

	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 4, 4), 0);
	FAILS(pwrite(a, "x", 1, 4), EBUSY);
	ck_assert_int_eq(pread(b, &c, 1, 4), 1);
	ck_assert_int_eq(pwrite(a, "x", 1, 8), 1);
	close_all();
}
END_TEST

/* And a native lock bars both, which is what it is for. */
START_TEST(foreign_locks_bar_reading_and_writing)
{
	char c;

	open_all();
	ck_assert_uint_eq(native_lock(other, 1, 4, 4), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 8, 4), 0);
	FAILS(pread(b, &c, 1, 4), EBUSY);
	FAILS(pwrite(b, "x", 1, 7), EBUSY);
	ck_assert_int_eq(pwrite(b, "xyz", 3, 8), 3);
	close_all();
}
END_TEST

/* flock is another kind of lock, though NT has only one. */
START_TEST(flock_is_independent)
{
	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	FAILS(flock(a, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(b, LOCK_UN), 0);
	ck_assert_str_eq(map(0, 2), "WW");
	FAILS(set(a, F_SETLK, F_WRLCK, INT64_MAX - 1, 1), EINVAL);
	close_all();
}
END_TEST

/* fcntl(): EBADF by the mode of the descriptor. */
START_TEST(the_mode_of_the_descriptor_counts)
{
	int r, w;

	open_all();
	r = open("data", O_RDONLY);
	w = open("data", O_WRONLY);
	ck_assert_int_eq(fcntl(r, F_LCK_MANDATORY, 1), 0);
	ck_assert_int_eq(fcntl(w, F_LCK_MANDATORY, 1), 0);
	ck_assert_int_eq(set(r, F_SETLK, F_RDLCK, 0, 2), 0);
	FAILS(set(r, F_SETLK, F_WRLCK, 0, 2), EBADF);
	ck_assert_int_eq(set(w, F_SETLK, F_WRLCK, 4, 2), 0);
	FAILS(set(w, F_SETLK, F_RDLCK, 4, 2), EBADF);
	ck_assert_str_eq(map(0, 7), "rr..WW.");
	ck_assert_int_eq(close(r), 0);
	ck_assert_int_eq(close(w), 0);
	close_all();
}
END_TEST

START_TEST(the_mode_of_locking_can_be_chosen)
{
	int p[2];

	open_all();
	FAILS(fcntl(a, F_LCK_MANDATORY, 2), EINVAL);
	FAILS(fcntl(-1, F_LCK_MANDATORY, 1), EBADF);
	ck_assert_int_eq(pipe(p), 0);
	FAILS(fcntl(p[0], F_LCK_MANDATORY, 1), EINVAL);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 1), 0);
	ck_assert_int_eq(fcntl(a, F_LCK_MANDATORY, 1), 0);
	FAILS(fcntl(a, F_LCK_MANDATORY, 0), EBUSY);
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 0, 1), 0);
	ck_assert_int_eq(fcntl(a, F_LCK_MANDATORY, 0), 0);
	close_all();
}
END_TEST

static struct proc *
start(const char *what)
{
	struct proc *p = child(self, what, "data", NULL);

	said(p, "locked");
	return p;
}

static int
say_and_wait(void)
{
	char line[8];

	say("locked");
	return fgets(line, sizeof(line), stdin) == NULL ? 2 : 0;
}

/* A program that knows of no mode; its user has set COMPAT_LOCKS. */
static int
be_port(const char *file)
{
	int fd = open(file, O_RDWR);

	return set(fd, F_SETLK, F_WRLCK, 10, 1) != 0 ? 1 : say_and_wait();
}

static int
be_native(const char *file)
{
	struct native *n;

	if (native_open(file, 0, &n) != 0 || native_lock(n, 1, 10, 1) != 0)
		return 1;
	return say_and_wait();
}

START_TEST(the_environment_chooses_for_a_whole_program)
{
	struct proc *p;

	open_all();
	ck_assert_int_eq(setenv("COMPAT_LOCKS", "mandatory", 1), 0);
	p = start("port");
	ck_assert_int_eq(unsetenv("COMPAT_LOCKS"), 0);
	ck_assert_str_eq(map(9, 3), ".W.");
	FAILS(set(a, F_SETLK, F_RDLCK, 0, 0), EAGAIN);
	ck_assert_int_eq(proc_writeline(p, "go"), 0);
	ck_assert_int_eq(set(a, F_SETLKW, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(proc_wait(p), 0);
	close_all();
}
END_TEST

/* A native program in a process of its own; it is killed, and NT unlocks. */
START_TEST(a_native_process_is_waited_for)
{
	struct proc *p;

	open_all();
	p = start("native");
	FAILS(set(a, F_SETLK, F_RDLCK, 10, 1), EAGAIN);
	proc_kill(p);
	ck_assert_int_eq(set(a, F_SETLKW, F_RDLCK, 10, 1), 0);
	ck_assert_int_eq(proc_wait(p), -1);
	close_all();
}
END_TEST

#define PENDING 0x40000000

/*
 * What os_unix.c asks for in each state of a database, and what a native
 * program then sees of PENDING, RESERVED and two bytes of SHARED.
 */
START_TEST(sqlite_states_look_as_sqlites_own)
{
	open_all();
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, PENDING, 1), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, PENDING + 2, 510), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, PENDING, 1), 0);
	ck_assert_str_eq(map(PENDING, 4), "..rr");
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, PENDING + 1, 1), 0);
	ck_assert_str_eq(map(PENDING, 4), ".Wrr");
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, PENDING, 1), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, PENDING + 2, 510), 0);
	ck_assert_str_eq(map(PENDING, 4), "WWWW");
	ck_assert_str_eq(map(PENDING + 510, 3), "WW.");
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, PENDING + 2, 510), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, PENDING, 2), 0);
	ck_assert_str_eq(map(PENDING, 4), "..rr");
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 0, 0), 0);
	ck_assert_str_eq(map(PENDING, 4), "....");
	close_all();
}
END_TEST

#define BYTES 24

/* Random requests by two descriptors, against a model of one process. */
START_TEST(random_requests_agree_with_a_model)
{
	static const int types[] = { F_RDLCK, F_WRLCK, F_UNLCK };
	static const char marks[] = "rW.";
	char model[BYTES + 1];
	int i, k, len, start, step;

	open_all();
	srand(1);
	(void)memset(model, '.', BYTES);
	model[BYTES] = '\0';
	for (step = 0; step < 600; step++) {
		k = rand() / 7 % 3;
		start = rand() / 7 % BYTES;
		len = 1 + rand() / 7 % (BYTES - start);
		ck_assert_int_eq(set(rand() / 7 % 2 ? a : b, F_SETLK, types[k],
		    start, len), 0);
		for (i = start; i < start + len; i++)
			model[i] = marks[k];
		ck_assert_str_eq(map(0, BYTES), model);
	}
	close_all();
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[16];
	int n = 0;

	if (argc == 3 && strcmp(argv[1], "port") == 0)
		return be_port(argv[2]);
	if (argc == 3 && strcmp(argv[1], "native") == 0)
		return be_native(argv[2]);
	self = argv[0];
	if (setenv("COMPAT_TEST_STRICT", "1", 1) != 0)
		return EXIT_FAILURE;
	tests[n++] = a_native_program_and_a_port_exclude_each_other;
	tests[n++] = locks_split_and_merge;
	tests[n++] = a_refused_request_changes_nothing;
	tests[n++] = the_process_owns_its_locks;
	tests[n++] = a_description_owns_its_ofd_locks;
	tests[n++] = getlk_finds_a_native_lock;
	tests[n++] = own_exclusive_locks_are_in_nobodys_way;
	tests[n++] = own_shared_locks_bar_writing;
	tests[n++] = foreign_locks_bar_reading_and_writing;
	tests[n++] = flock_is_independent;
	tests[n++] = the_mode_of_the_descriptor_counts;
	tests[n++] = the_mode_of_locking_can_be_chosen;
	tests[n++] = the_environment_chooses_for_a_whole_program;
	tests[n++] = a_native_process_is_waited_for;
	tests[n++] = sqlite_states_look_as_sqlites_own;
	tests[n++] = random_requests_agree_with_a_model;
	return run_cases("mandatory locks", tests, n);
}
