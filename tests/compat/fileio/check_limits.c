/*
 * What LIMITATIONS.md says of descriptors, files and flock.  A test that fails
 * here may mean that a limit is gone: then its entry goes too.
 */
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"
#include "support/native.h"

static int
make(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* LIM-FD-1 */
START_TEST(streams_end_with_the_numbers_of_the_crt)
{
	int fd = make("f"), high = fcntl(fd, F_DUPFD, 8192);

	ck_assert_int_eq(high, 8192);
	errno = 0;
	ck_assert_ptr_null(fdopen(high, "r"));
	ck_assert_int_eq(errno, EMFILE);
	ck_assert_int_eq(close(high), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-FD-9 */
START_TEST(win32_does_not_follow_every_dup2)
{
	int in, saved = dup(1), s[2];
	char c;

	ck_assert_int_eq(fflush(stdout), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	ck_assert_int_eq(dup2(s[0], 1), 1);
	ck_assert_int_eq(native_print("lost\n"), 0);
	ck_assert_int_eq(dup2(saved, 1), 1);
	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(read(s[1], &c, 1), 0);
	ck_assert_int_eq(close(s[1]), 0);
	in = make("in");
	ck_assert_int_eq(dup2(in, 1), 1);
	ck_assert_int_eq(native_print("not lost\n"), 0);
	ck_assert_int_eq(dup2(saved, 1), 1);
	ck_assert_int_eq(lseek(in, 0, SEEK_CUR), 9);
	ck_assert_int_eq(close(saved), 0);
	ck_assert_int_eq(close(in), 0);
}
END_TEST

/* LIM-FD-8 */
START_TEST(a_pipe_has_one_size)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(fcntl(p[1], F_SETPIPE_SZ, 4096), 65536);
	FAILS(fcntl(p[1], F_SETPIPE_SZ, 65537), EPERM);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* The table's size: 65,536 is promised. */
START_TEST(the_table_has_65536_numbers)
{
	ck_assert_int_eq(sysconf(_SC_OPEN_MAX), 65536);
}
END_TEST

/* LIM-LOCK-3 */
START_TEST(only_files_and_directories_have_record_locks)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int dir = open(".", O_RDONLY), p[2];

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(fcntl(dir, F_SETLK, &lock), 0);
	FAILS(fcntl(p[0], F_SETLK, &lock), EINVAL);
	FAILS(fcntl(p[0], F_SETLKW, &lock), EINVAL);
	FAILS(fcntl(p[0], F_GETLK, &lock), EINVAL);
	ck_assert_int_eq(close(dir), 0);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* LIM-FD-4 */
START_TEST(streams_cannot_be_waited_for)
{
	struct epoll_event e = { EPOLLIN, { 0 } };
	FILE *s = fopen("stream", "w");
	int ep = epoll_create1(0);

	FAILS(epoll_ctl(ep, EPOLL_CTL_ADD, fileno(s), &e), EPERM);
	ck_assert_int_eq(close(ep), 0);
	ck_assert_int_eq(fclose(s), 0);
}
END_TEST

/* LIM-FILE-1 */
START_TEST(modes_are_two_things)
{
	static const struct {
		mode_t asked, got;
	} modes[] = { { 0777, 0644 }, { 0700, 0600 }, { 0640, 0600 },
	    { 0, 0400 }, { 0555, 0444 }, { 0604, 0644 } };
	struct stat st;
	int fd = make("mode");
	size_t i;

	ck_assert_int_eq(close(fd), 0);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		ck_assert_int_eq(chmod("mode", modes[i].asked), 0);
		ck_assert_int_eq(stat("mode", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, modes[i].got);
	}
	ck_assert_int_eq(st.st_uid, 0);
	ck_assert_int_eq(unlink("mode"), 0);
}
END_TEST

/* LIM-FILE-27 */
START_TEST(times_end_where_nt_counts_no_more)
{
	const struct timespec early[2] = { { -11644473601, 0 }, { 1, 0 } };
	const struct timespec zero[2] = { { -11644473600, 0 }, { 1, 0 } };
	const struct timespec late[2] = { { 1, 0 }, { INT64_MAX, 0 } };
	const struct timespec first[2] = { { -11644473599, 0 }, { 1, 0 } };
	int fd = make("times"), p[2];
	struct stat st;

	FAILS(futimens(fd, early), EINVAL);
	FAILS(futimens(fd, zero), EINVAL);
	FAILS(futimens(fd, late), EINVAL);
	FAILS(utimensat(AT_FDCWD, "times", late, 0), EINVAL);
	ck_assert_int_eq(futimens(fd, first), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(st.st_mtim.tv_sec, 1);
	ck_assert_int_eq(pipe(p), 0);
	FAILS(fchmod(p[0], 0600), EINVAL);
	FAILS(futimens(p[0], first), EINVAL);
	ck_assert_int_eq(close(p[0]) + close(p[1]) + close(fd), 0);
	ck_assert_int_eq(unlink("times"), 0);
}
END_TEST

/* LIM-FILE-1 */
START_TEST(directories_are_never_read_only)
{
	struct stat st;
	int fd;

	ck_assert_int_eq(mkdir("dir", 0555), 0);
	ck_assert_int_eq(chmod("dir", 0555), 0);
	ck_assert_int_eq(stat("dir", &st), 0);
	ck_assert_uint_eq(st.st_mode, S_IFDIR | 0755);
	ck_assert_int_ge(fd = open("dir/f", O_RDWR | O_CREAT, 0644), 0);
	ck_assert_int_eq(close(fd), 0);
	FAILS(chmod("/dev/null", 0600), EPERM);
	FAILS(utimensat(AT_FDCWD, "/dev/null", NULL, 0), EPERM);
	ck_assert_int_eq(unlink("dir/f"), 0);
	ck_assert_int_eq(rmdir("dir"), 0);
}
END_TEST

/* LIM-FILE-2 */
START_TEST(names_of_nt_are_refused)
{
	static const char *const bad[] = { "ab:c", "a*", "a?", "a|b", "a<b",
	    "a\"b", "nul", "Con.txt", "com1", "dot.", "blank ", "\x01",
	    "\xff\xfe" };
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		FAILS(open(bad[i], O_WRONLY | O_CREAT, 0644), EINVAL);
}
END_TEST

/* LIM-FLOCK-2 */
START_TEST(only_files_and_directories_can_be_locked)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	FAILS(flock(p[0], LOCK_EX), ENOTSUP);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* LIM-FILE-25 */
START_TEST(a_fifo_cannot_be_made)
{
	struct stat st;

	FAILS(mkfifo("fifo", 0600), EPERM);
	FAILS(mkfifo(".", 0600), EEXIST);
	FAILS(mkfifo("none/fifo", 0600), ENOENT);
	FAILS(mknod("device", S_IFCHR | 0600, 0x103), EPERM);
	FAILS(mknod("odd", S_IFMT, 0), EINVAL);
	ck_assert_int_eq(mknod("plain", S_IFREG | 0644, 0), 0);
	FAILS(mknod("plain", S_IFREG | 0644, 0), EEXIST);
	ck_assert_int_eq(stat("plain", &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_int_eq(unlink("plain"), 0);
}
END_TEST

/* LIM-PROC-2 */
START_TEST(an_empty_variable_is_none)
{
	ck_assert_int_eq(setenv("EMPTY_HERE", "x", 1), 0);
	ck_assert_str_eq(getenv("EMPTY_HERE"), "x");
	ck_assert_int_eq(setenv("EMPTY_HERE", "", 1), 0);
	ck_assert_ptr_null(getenv("EMPTY_HERE"));
}
END_TEST

int
main(void)
{
	static const TTest *tests[20];
	int n = 0;

	tests[n++] = a_fifo_cannot_be_made;
	tests[n++] = streams_end_with_the_numbers_of_the_crt;
	tests[n++] = win32_does_not_follow_every_dup2;
	tests[n++] = a_pipe_has_one_size;
	tests[n++] = the_table_has_65536_numbers;
	tests[n++] = only_files_and_directories_have_record_locks;
	tests[n++] = streams_cannot_be_waited_for;
	tests[n++] = modes_are_two_things;
	tests[n++] = times_end_where_nt_counts_no_more;
	tests[n++] = directories_are_never_read_only;
	tests[n++] = names_of_nt_are_refused;
	tests[n++] = only_files_and_directories_can_be_locked;
	tests[n++] = an_empty_variable_is_none;
	return run_cases("limits", tests, n);
}
