/*
 * Record locks without waiting: whose they are, which bytes, and when they go.
 */
#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "compat/flock/agent.h"
#include "compat/flock/need.h"
#include "compat/flock/util.h"
#include "support/main.h"

static const char *self;
static struct agent *other;
static int a, b;

/*
 * Two descriptions here, that the other process does not inherit, and two (0
 * and 1) there.
 */
static void
begin(void)
{
	a = open("f", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	b = open("f", O_RDWR | O_CLOEXEC);
	ck_assert(a >= 0 && b >= 0);
	other = agent_start(self);
	agent_open(other, 0, "f");
	agent_open(other, 1, "f");
}

static void
end(void)
{
	ck_assert_int_eq(agent_end(other), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}

static struct flock
range(int type, int whence, off_t start, off_t len)
{
	struct flock fl = { .l_type = (short)type,
	    .l_whence = (short)whence, .l_start = start, .l_len = len };

	return fl;
}

/* Is a writer's lock of [start, start + len) kept off by exactly `want`? */
static void
expect_lock(int fd, int cmd, off_t start, off_t len, struct flock want)
{
	struct flock fl = range(F_WRLCK, SEEK_SET, start, len);

	ck_assert_int_eq(fcntl(fd, cmd, &fl), 0);
	ck_assert_int_eq(fl.l_type, want.l_type);
	ck_assert_int_eq(fl.l_whence, SEEK_SET);
	ck_assert_int_eq(fl.l_start, want.l_start);
	ck_assert_int_eq(fl.l_len, want.l_len);
	ck_assert_int_eq(fl.l_pid, want.l_pid);
}

static void
expect_held(off_t start, off_t len, int type, off_t at, off_t size)
{
	struct flock want = range(type, SEEK_SET, at, size);

	want.l_pid = (pid_t)agent_pid(other);
	expect_lock(a, F_GETLK, start, len, want);
}

static void
expect_free(off_t start, off_t len)
{
	struct flock fl = range(F_WRLCK, SEEK_SET, start, len);

	fl.l_pid = 4711;
	ck_assert_int_eq(fcntl(a, F_GETLK, &fl), 0);
	ck_assert_int_eq(fl.l_type, F_UNLCK);
	ck_assert_int_eq(fl.l_start, start);
	ck_assert_int_eq(fl.l_len, len);
	ck_assert_int_eq(fl.l_pid, 4711);
}

/* fcntl(2): "a process's own locks never conflict", through any descriptor. */
START_TEST(a_process_is_not_in_its_own_way)
{
	begin();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 10), 0);
	ck_assert_int_eq(set(b, F_SETLK, F_WRLCK, 5, 10), 0);
	expect_free(0, 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 14, 1), EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 15, 1), 0);
	ck_assert_int_eq(set(b, F_SETLK, F_UNLCK, 0, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	end();
}
END_TEST

/* POSIX, fcntl: many may read, one may write; F_SETLK says EAGAIN on Linux. */
START_TEST(readers_share_and_writers_do_not)
{
	begin();
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 10, 10), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 0, 0), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 19, 1), EAGAIN);
	FAILS(set(a, F_SETLK, F_WRLCK, 0, 11), EAGAIN);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 10), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 20, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 9, 1), EAGAIN);
	end();
}
END_TEST

/* POSIX, F_GETLK: the holder's process and the bytes it holds. */
START_TEST(getlk_tells_holder_and_range)
{
	begin();
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 10, 10), 0);
	expect_held(0, 0, F_RDLCK, 10, 10);
	expect_held(19, 1, F_RDLCK, 10, 10);
	expect_free(20, 0);
	expect_free(0, 10);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 12, 3), 0);
	expect_held(0, 0, F_RDLCK, 10, 2);
	expect_held(12, 1, F_WRLCK, 12, 3);
	expect_held(15, 1, F_RDLCK, 15, 5);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 12, 3), 0);
	expect_held(14, 1, F_RDLCK, 10, 10);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_UNLCK, 14, 1), 0);
	expect_held(0, 0, F_RDLCK, 10, 4);
	expect_held(14, 0, F_RDLCK, 15, 5);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 20, 0), 0);
	expect_held(1LL << 40, 1, F_RDLCK, 15, 0);
	end();
}
END_TEST

/* POSIX: l_whence, negative l_len, and 0 for all that there will be. */
START_TEST(ranges_count_from_start_position_or_end)
{
	struct flock fl;

	begin();
	ck_assert_int_eq(ftruncate(b, 1000), 0);
	ck_assert_int_eq(lseek(b, 100, SEEK_SET), 100);
	fl = range(F_WRLCK, SEEK_CUR, 5, 10);
	ck_assert_int_eq(fcntl(b, F_SETLK, &fl), 0);
	ck_assert_int_eq(fl.l_start, 5);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 105), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 114, 1),
	    EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 115, 785), 0);
	fl = range(F_WRLCK, SEEK_END, 0, -100);
	ck_assert_int_eq(fcntl(b, F_SETLK, &fl), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 900, 1),
	    EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 999, 1),
	    EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 1000, 1), 0);
	ck_assert_int_eq(lseek(b, 0, SEEK_CUR), 100);
	fl = range(F_RDLCK, SEEK_END, 1, 0);
	ck_assert_int_eq(fcntl(b, F_SETLK, &fl), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, INT64_MAX, 1),
	    EAGAIN);
	end();
}
END_TEST

/* POSIX, EINVAL and EOVERFLOW; EBADF for the mode; fcntl(2) for l_pid. */
START_TEST(nonsense_is_refused)
{
	struct flock fl;
	int r, w;

	begin();
	FAILS(set(a, F_SETLK, 77, 0, 1), EINVAL);
	FAILS(set(a, F_GETLK, F_UNLCK, 0, 1), EINVAL);
	fl = range(F_RDLCK, 9, 0, 1);
	FAILS(fcntl(a, F_SETLK, &fl), EINVAL);
	FAILS(set(a, F_SETLK, F_RDLCK, -1, 1), EINVAL);
	FAILS(set(a, F_SETLK, F_RDLCK, 5, -6), EINVAL);
	FAILS(set(a, F_SETLK, F_RDLCK, INT64_MAX, 2), EOVERFLOW);
	fl = range(F_RDLCK, SEEK_END, INT64_MAX, 1);
	ck_assert_int_eq(ftruncate(a, 1), 0);
	FAILS(fcntl(a, F_SETLK, &fl), EOVERFLOW);
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, INT64_MAX, 1), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 5, -5), 0);
	fl = range(F_RDLCK, SEEK_SET, 0, 1);
	fl.l_pid = 1;
	FAILS(fcntl(a, F_OFD_SETLK, &fl), EINVAL);
	FAILS(fcntl(a, F_OFD_GETLK, &fl), EINVAL);
	ck_assert_int_eq(fcntl(a, F_SETLK, &fl), 0);
	r = open("f", O_RDONLY);
	w = open("f", O_WRONLY);
	FAILS(set(r, F_SETLK, F_WRLCK, 0, 1), EBADF);
	FAILS(set(w, F_SETLK, F_RDLCK, 0, 1), EBADF);
	FAILS(set(r, F_OFD_SETLKW, F_WRLCK, 0, 1), EBADF);
	ck_assert_int_eq(set(r, F_SETLK, F_RDLCK, 0, 1), 0);
	ck_assert_int_eq(set(w, F_SETLK, F_WRLCK, 0, 1), 0);
	ck_assert_int_eq(set(r, F_GETLK, F_WRLCK, 0, 1), 0);
	ck_assert_int_eq(close(r), 0);
	ck_assert_int_eq(close(w), 0);
	FAILS(set(w, F_SETLK, F_UNLCK, 0, 1), EBADF);
	FAILS(set(w, F_GETLK, F_RDLCK, 0, 1), EBADF);
	end();
}
END_TEST

/* POSIX: "when any file descriptor for that file is closed". */
START_TEST(any_close_drops_the_process_s_locks)
{
	int c;

	begin();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 0), 0);
	c = open("f", O_RDONLY);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_UNLCK, 0, 0), 0);

	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 0), 0);
	c = dup(a);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_UNLCK, 0, 0), 0);

	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 0), 0);
	c = open("g", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), EAGAIN);
	c = open("g", O_RDWR);
	ck_assert_int_eq(dup2(c, b), b);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(close(c), 0);
	end();
}
END_TEST

/* fcntl(2): the description's locks go with the last descriptor of it. */
START_TEST(locks_of_a_description_go_with_its_last_descriptor)
{
	int c;

	begin();
	ck_assert_int_eq(set(a, F_OFD_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(close(b), 0);
	b = dup(a);
	c = open("f", O_RDWR);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 0, 1), EAGAIN);
	ck_assert_int_eq(set(b, F_OFD_SETLK, F_RDLCK, 0, 1), 0);
	a = open("f", O_RDWR);
	FAILS(set(a, F_OFD_SETLK, F_WRLCK, 0, 1), EAGAIN);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	b = dup(a);
	end();
}
END_TEST

/* fcntl(2): the two kinds conflict, in one process too; l_pid is -1 then. */
START_TEST(locks_of_process_and_description_conflict)
{
	struct flock held = range(F_WRLCK, SEEK_SET, 3, 4);

	begin();
	held.l_pid = -1;
	ck_assert_int_eq(set(a, F_OFD_SETLK, F_WRLCK, 3, 4), 0);
	FAILS(set(a, F_SETLK, F_RDLCK, 6, 1), EAGAIN);
	FAILS(set(b, F_OFD_SETLK, F_RDLCK, 0, 4), EAGAIN);
	ck_assert_int_eq(set(a, F_OFD_SETLK, F_WRLCK, 4, 1), 0);
	expect_lock(a, F_GETLK, 0, 0, held);
	expect_lock(b, F_OFD_GETLK, 0, 0, held);
	ck_assert_int_eq(set(a, F_SETLK, F_UNLCK, 0, 0), 0);
	FAILS(set(b, F_OFD_SETLK, F_RDLCK, 0, 4), EAGAIN);
	ck_assert_int_eq(set(b, F_SETLK, F_WRLCK, 10, 1), 0);
	FAILS(set(b, F_OFD_SETLK, F_WRLCK, 10, 1), EAGAIN);
	held = range(F_WRLCK, SEEK_SET, 10, 1);
	held.l_pid = getpid();
	expect_lock(b, F_OFD_GETLK, 7, 100, held);
	end();
}
END_TEST

/* flock(2): the two know nothing of each other on Linux. */
START_TEST(flock_is_another_kind)
{
	begin();
	ck_assert_int_eq(flock(a, LOCK_EX), 0);
	ck_assert_int_eq(set(b, F_OFD_SETLK, F_WRLCK, 0, 0), 0);
	FAILS(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ck_assert_int_eq(flock(a, LOCK_UN), 0);
	ck_assert_int_eq(flock(b, LOCK_EX | LOCK_NB), 0);
	end();
}
END_TEST

/* They are advisory: others read, write, truncate and remove. */
START_TEST(a_locked_file_can_be_used)
{
	char c = 'x';

	begin();
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 0), 0);
	ck_assert_int_eq(write(a, &c, 1), 1);
	ck_assert_int_eq(pread(b, &c, 1, 0), 1);
	ck_assert_int_eq(ftruncate(a, 100), 0);
	ck_assert_int_eq(unlink("f"), 0);
	FAILS(set(a, F_SETLK, F_RDLCK, 50, 1), EAGAIN);
	end();
}
END_TEST

/* A file is its number, not its name. */
START_TEST(all_names_of_a_file_are_one)
{
	int c;

	begin();
	ck_assert_int_eq(link("f", "hard"), 0);
	c = open("hard", O_RDWR);
	ck_assert(c >= 0);
	agent_open(other, 2, "hard");
	ck_assert_int_eq(set(c, F_SETLK, F_WRLCK, 0, 1), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 1), EAGAIN);
	ck_assert_int_eq(unlink("f"), 0);
	ck_assert_int_eq(agent_set(other, 2, F_SETLK, F_WRLCK, 0, 1), EAGAIN);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(agent_set(other, 2, F_SETLK, F_WRLCK, 0, 1), 0);
	a = open("f", O_RDWR | O_CREAT | O_EXCL, 0644);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 1), 0);
	ck_assert_int_eq(close(c), 0);
	end();
}
END_TEST

/* POSIX: locks are not inherited, and go when the process ends. */
START_TEST(locks_go_with_the_process_and_not_to_its_children)
{
	begin();
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 0, 1), 0);
	ck_assert_int_eq(agent_end(other), 0);
	other = agent_start(self);
	agent_open(other, 0, "f");
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 0, 1), EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 1, 1), 0);
	ck_assert_int_eq(agent_set(other, 0, F_OFD_SETLK, F_WRLCK, 2, 1), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 1, 1), EAGAIN);
	FAILS(set(a, F_SETLK, F_WRLCK, 2, 1), EAGAIN);
	ck_assert_int_eq(agent_end(other), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_WRLCK, 1, 2), 0);
	other = agent_start(self);
	end();
}
END_TEST

/* POSIX, lockf; F_TEST's EACCES as in glibc. */
START_TEST(lockf_locks_from_the_position)
{
	begin();
	ck_assert_int_eq(lseek(a, 10, SEEK_SET), 10);
	ck_assert_int_eq(lockf(a, F_TLOCK, 5), 0);
	ck_assert_int_eq(lockf(a, F_LOCK, -5), 0);
	ck_assert_int_eq(lockf(a, F_TEST, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 5, 1), EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 14, 1), EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 15, 1), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 4, 1), 0);
	FAILS(lockf(a, F_TEST, 0), EACCES);
	FAILS(lockf(a, F_TEST, -6), EACCES);
	ck_assert_int_eq(lockf(a, F_TEST, 5), 0);
	FAILS(lockf(a, F_TLOCK, 6), EAGAIN);
	ck_assert_int_eq(lockf(a, F_ULOCK, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 10, 9), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 9, 1), EAGAIN);
	FAILS(lockf(a, 17, 0), EINVAL);
	FAILS(lockf(a, F_TLOCK, -11), EINVAL);
	end();
	FAILS(lockf(a, F_LOCK, 0), EBADF);
	FAILS(lockf(a, F_TEST, 0), EBADF);
}
END_TEST

#define MANY 20000

/* Every other byte: as many ranges as nobody needs. */
START_TEST(a_file_can_have_very_many_ranges)
{
	int i;

	begin();
	for (i = MANY - 1; i >= 0; i--)
		NEED(set(a, F_SETLK, F_WRLCK, 2 * i, 1) == 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 2 * MANY - 2,
	    1), EAGAIN);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_WRLCK, 2 * MANY - 3,
	    1), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_UNLCK, 0, 0), 0);
	ck_assert_int_eq(set(a, F_SETLK, F_RDLCK, 0, 0), 0);
	ck_assert_int_eq(agent_set(other, 0, F_SETLK, F_RDLCK, 0, 0), 0);
	FAILS(set(a, F_SETLK, F_WRLCK, 7, 1), EAGAIN);
	end();
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[20];
	int n = 0;

	if (argc == 2 && strcmp(argv[1], "agent") == 0)
		return agent_main();
	self = argv[0];
	tests[n++] = a_process_is_not_in_its_own_way;
	tests[n++] = readers_share_and_writers_do_not;
	tests[n++] = getlk_tells_holder_and_range;
	tests[n++] = ranges_count_from_start_position_or_end;
	tests[n++] = nonsense_is_refused;
	tests[n++] = any_close_drops_the_process_s_locks;
	tests[n++] = locks_of_a_description_go_with_its_last_descriptor;
	tests[n++] = locks_of_process_and_description_conflict;
	tests[n++] = flock_is_another_kind;
	tests[n++] = a_locked_file_can_be_used;
	tests[n++] = all_names_of_a_file_are_one;
	tests[n++] = locks_go_with_the_process_and_not_to_its_children;
	tests[n++] = lockf_locks_from_the_position;
	tests[n++] = a_file_can_have_very_many_ranges;
	return run_cases("record", tests, n);
}
