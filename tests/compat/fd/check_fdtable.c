#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "support/fails.h"
#include "support/main.h"

static int
null(void)
{
	int fd = open("/dev/null", O_RDWR);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* POSIX 2.6: the lowest number, whatever the kind. */
START_TEST(every_kind_gets_the_lowest_number)
{
	int first = null(), fd, p[2], dir;

	ck_assert_int_eq(close(first), 0);
	fd = open("f", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(fd, first);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(p[0], first + 1);
	ck_assert_int_eq(p[1], first + 2);
	dir = open(".", O_RDONLY);
	ck_assert_int_eq(dir, first + 3);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(socket(AF_INET, SOCK_STREAM, 0), first + 1);
	ck_assert_int_eq(dup(fd), first + 4);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(dup(dir), first);
	for (fd = first; fd <= first + 4; fd++)
		ck_assert_int_eq(close(fd), 0);
	FAILS(close(first), EBADF);
}
END_TEST

/* A FILE's number is no other descriptor's, and works as one. */
START_TEST(stream_numbers_never_collide)
{
	FILE *s[8];
	int fd[8], i, j;
	char buf[8];

	for (i = 0; i < 8; i++) {
		fd[i] = null();
		s[i] = fopen("stream", "w+");
		ck_assert_ptr_nonnull(s[i]);
		for (j = 0; j <= i; j++)
			ck_assert_int_ne(fileno(s[i]), fd[j]);
		ck_assert_int_eq(fileno(s[i]), fd[i] + 1);
	}
	ck_assert_int_eq(fprintf(s[0], "text\n"), 5);
	ck_assert_int_eq(fflush(s[0]), 0);
	ck_assert_int_eq(lseek(fileno(s[0]), 0, SEEK_CUR), 5);
	ck_assert_int_eq(pread(fileno(s[0]), buf, 8, 0), 5);
	ck_assert_mem_eq(buf, "text\n", 5);
	ck_assert_int_eq(lseek(fileno(s[0]), 0, SEEK_CUR), 5);
	for (i = 0; i < 8; i++) {
		j = fileno(s[i]);
		ck_assert_int_eq(fclose(s[i]), 0);
		FAILS(close(j), EBADF);
		ck_assert_int_eq(close(fd[i]), 0);
	}
}
END_TEST

/* After fclose the number is free, and what is opened there is another file. */
START_TEST(a_number_of_a_stream_is_reused)
{
	FILE *s = fopen("one", "w");
	struct stat st;
	int n, fd;

	ck_assert_ptr_nonnull(s);
	n = fileno(s);
	ck_assert_int_eq(fstat(n, &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_int_eq(fclose(s), 0);
	FAILS(fstat(n, &st), EBADF);
	fd = null();
	ck_assert_int_eq(fd, n);
	ck_assert_int_eq(fstat(n, &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
	ck_assert_int_eq(close(fd), 0);
	s = fopen("two", "w");
	ck_assert_int_eq(fileno(s), n);
	ck_assert_int_eq(fstat(n, &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_int_eq(fclose(s), 0);
}
END_TEST

/* Every call names a descriptor that is not open. */
START_TEST(closed_numbers_are_bad)
{
	static const int bad[] = { -1, 1000, 70000, 2000000000 };
	struct stat st;
	char c = 0;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		FAILS(read(bad[i], &c, 1), EBADF);
		FAILS(write(bad[i], &c, 1), EBADF);
		FAILS(pread(bad[i], &c, 1, 0), EBADF);
		FAILS(lseek(bad[i], 0, SEEK_SET), EBADF);
		FAILS(fstat(bad[i], &st), EBADF);
		FAILS(fsync(bad[i]), EBADF);
		FAILS(dup(bad[i]), EBADF);
		FAILS(dup2(bad[i], 5), EBADF);
		FAILS(fcntl(bad[i], F_GETFD), EBADF);
		FAILS(close(bad[i]), EBADF);
	}
}
END_TEST

/* dup(): one description, one offset; FD_CLOEXEC is the descriptor's. */
START_TEST(duplicates_share_the_description)
{
	int a = open("d", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), b, c;

	b = dup(a);
	ck_assert_int_eq(write(a, "abc", 3), 3);
	ck_assert_int_eq(lseek(b, 0, SEEK_CUR), 3);
	ck_assert_int_eq(fcntl(a, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(b, F_GETFD), 0);
	ck_assert_int_eq(fcntl(b, F_SETFD, FD_CLOEXEC), 0);
	ck_assert_int_eq(fcntl(b, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(b, F_SETFL, O_APPEND), 0);
	ck_assert(fcntl(a, F_GETFL) & O_APPEND);
	c = fcntl(a, F_DUPFD_CLOEXEC, 100);
	ck_assert_int_eq(c, 100);
	ck_assert_int_eq(fcntl(c, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(lseek(c, 0, SEEK_CUR), 3);
	FAILS(fcntl(b, F_DUPFD, -1), EINVAL);
	FAILS(fcntl(b, 9999, 0), EINVAL);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(c), 0);
}
END_TEST

/* dup2(): closes what was there; nothing for a number onto itself. */
START_TEST(dup2_replaces)
{
	int a = open("x", O_RDWR | O_CREAT | O_TRUNC, 0644);
	int b = open("y", O_RDWR | O_CREAT | O_TRUNC, 0644);
	struct stat s1, s2;

	ck_assert_int_eq(dup2(a, b), b);
	ck_assert_int_eq(fstat(a, &s1), 0);
	ck_assert_int_eq(fstat(b, &s2), 0);
	ck_assert(s1.st_ino == s2.st_ino);
	ck_assert_int_eq(dup2(a, a), a);
	ck_assert_int_eq(dup2(a, 500), 500);
	ck_assert_int_eq(fstat(500, &s2), 0);
	ck_assert(s1.st_ino == s2.st_ino);
	FAILS(dup2(a, -1), EBADF);
	FAILS(dup2(999, b), EBADF);
	ck_assert_int_eq(fstat(b, &s2), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(500), 0);
}
END_TEST

#define MANY 5000

/* More than the C runtime has numbers for. */
START_TEST(five_thousand_are_open_at_once)
{
	static int fd[MANY];
	int base = null(), i;

	for (i = 0; i < MANY; i++) {
		fd[i] = dup(base);
		if (fd[i] == -1 && errno == EMFILE)
			break;		/* the shell's limit on Linux */
		ck_assert_int_gt(fd[i], i > 0 ? fd[i - 1] : base);
	}
	ck_assert_int_ge(i, 1000);
	ck_assert_int_eq(write(fd[i - 1], "x", 1), 1);
	ck_assert_int_eq(close(fd[7]), 0);
	ck_assert_int_eq(dup(base), fd[7]);
	ck_assert_int_eq(close(fd[i - 3]), 0);
	ck_assert_int_eq(dup(base), fd[i - 3]);
	while (i-- > 0)
		ck_assert_int_eq(close(fd[i]), 0);
	ck_assert_int_eq(close(base), 0);
}
END_TEST

#define THREADS 4
#define ROUNDS 300
static int bad;

static void *
churn(void *arg)
{
	struct stat st;
	int i, fd;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		fd = open(i % 2 ? "." : "/dev/null", O_RDONLY);
		if (fd < 0 || fstat(fd, &st) != 0 ||
		    (i % 2 ? !S_ISDIR(st.st_mode) : !S_ISCHR(st.st_mode)) ||
		    close(fd) != 0)
			bad = 1;
	}
	return NULL;
}

/* Numbers are given out and taken back by several threads at once. */
START_TEST(threads_never_get_the_same_number)
{
	pthread_t t[THREADS];
	FILE *s;
	int i;

	bad = 0;
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, churn, NULL), 0);
	for (i = 0; i < 50; i++) {
		s = fopen("churn", "w");
		ck_assert_ptr_nonnull(s);
		ck_assert_int_eq(fprintf(s, "%d", i) > 0, 1);
		ck_assert_int_eq(fclose(s), 0);
	}
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_int_eq(bad, 0);
}
END_TEST

/* The standard streams are descriptors before anybody has opened one. */
START_TEST(standard_streams_are_descriptors)
{
	struct stat st;
	int fd;

	ck_assert_int_eq(fstat(1, &st), 0);
	ck_assert_int_eq(fstat(2, &st), 0);
	fd = dup(1);
	ck_assert_int_gt(fd, 2);
	ck_assert_int_eq(write(fd, "", 0), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(fstat(1, &st), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[12];
	int n = 0;

	tests[n++] = every_kind_gets_the_lowest_number;
	tests[n++] = stream_numbers_never_collide;
	tests[n++] = a_number_of_a_stream_is_reused;
	tests[n++] = closed_numbers_are_bad;
	tests[n++] = duplicates_share_the_description;
	tests[n++] = dup2_replaces;
	tests[n++] = five_thousand_are_open_at_once;
	tests[n++] = threads_never_get_the_same_number;
	tests[n++] = standard_streams_are_descriptors;
	return run_cases("fdtable", tests, n);
}
