/*
 * sendfile(2) and copy_file_range(2).
 */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "support/fails.h"
#include "support/main.h"

static int
make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	return fd;
}

static char big[700000], back[700000];

static int
make_big(const char *name)
{
	int fd = make(name, "");
	size_t i;

	for (i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 11 + i / 1000);
	ck_assert_int_eq(write(fd, big, sizeof(big)), (int)sizeof(big));
	return fd;
}

START_TEST(a_file_goes_into_a_file)
{
	off_t off = 100;
	int in = make_big("a"), out = make("b", "xyz");

	ck_assert_int_eq(sendfile(out, in, &off, 500000), 500000);
	ck_assert_int_eq(off, 500100);
	ck_assert_int_eq(lseek(in, 0, SEEK_CUR), 700000);
	ck_assert_int_eq(lseek(out, 0, SEEK_CUR), 500003);
	ck_assert_int_eq(pread(out, back, 700000, 0), 500003);
	ck_assert_mem_eq(back, "xyz", 3);
	ck_assert_mem_eq(back + 3, big + 100, 500000);
	/* To the end, and no further. */
	ck_assert_int_eq(lseek(in, 699990, SEEK_SET), 699990);
	ck_assert_int_eq(sendfile(out, in, NULL, 500000), 10);
	ck_assert_int_eq(lseek(in, 0, SEEK_CUR), 700000);
	ck_assert_int_eq(sendfile(out, in, NULL, 500000), 0);
	ck_assert_int_eq(sendfile(out, in, NULL, 0), 0);
	ck_assert(close(in) == 0 && close(out) == 0);
}
END_TEST

static int drained;

static void *
drain(void *arg)
{
	int fd = *(int *)arg;
	ssize_t n;

	while ((n = read(fd, back + drained, sizeof(back) -
	    (size_t)drained)) > 0)
		drained += (int)n;
	return NULL;
}

/* All of it, though it is more than a pipe or a socket holds. */
static void
ck_through(int from, int to)
{
	pthread_t t;
	off_t off = 0;
	int in = make_big("through");
	ssize_t n;

	drained = 0;
	(void)memset(back, 0, sizeof(back));
	ck_assert_int_eq(pthread_create(&t, NULL, drain, &from), 0);
	while (off < 700000) {
		n = sendfile(to, in, &off, (size_t)(700000 - off));
		ck_assert_int_gt(n, 0);
	}
	ck_assert_int_eq(close(to), 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(drained, 700000);
	ck_assert_mem_eq(back, big, sizeof(big));
	ck_assert(close(in) == 0 && close(from) == 0);
}

START_TEST(a_file_goes_into_a_pipe)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	ck_through(p[0], p[1]);
}
END_TEST

START_TEST(a_file_goes_into_a_socket)
{
	int s[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	ck_through(s[0], s[1]);
}
END_TEST

/* What a full pipe did not take is not lost, and EAGAIN says nothing went. */
START_TEST(a_full_pipe_loses_nothing)
{
	off_t off = 0;
	ssize_t n, sent = 0;
	int in = make_big("full"), p[2];

	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	while ((n = sendfile(p[1], in, &off, 700000)) > 0)
		sent += n;
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_gt(sent, 0);
	ck_assert_int_eq(off, sent);
	ck_assert_int_eq(read(p[0], back, 4096), 4096);
	ck_assert_mem_eq(back, big, 4096);
	ck_assert(close(p[0]) == 0 && close(p[1]) == 0 && close(in) == 0);
}
END_TEST

static volatile sig_atomic_t broken;

static void
on_pipe(int signo)
{
	broken = signo;
}

START_TEST(a_broken_pipe_is_told)
{
	struct sigaction act = { .sa_handler = on_pipe };
	int in = make("broken", "hello"), p[2];
	off_t off = 0;

	ck_assert_int_eq(sigaction(SIGPIPE, &act, NULL), 0);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(close(p[0]), 0);
	FAILS(sendfile(p[1], in, &off, 5), EPIPE);
	ck_assert_int_eq(broken, SIGPIPE);
	ck_assert_int_eq(off, 0);
	ck_assert(close(p[1]) == 0 && close(in) == 0);
}
END_TEST

START_TEST(sendfile_refuses_what_linux_refuses)
{
	int in = make("in", "hello"), out = make("out", ""), ro, wo, p[2];
	off_t off = -1, zero = 0;

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_ge(ro = open("out", O_RDONLY), 0);
	ck_assert_int_ge(wo = open("out", O_WRONLY | O_APPEND), 0);
	FAILS(sendfile(out, in, &off, 5), EINVAL);
	FAILS(sendfile(ro, in, &zero, 5), EBADF);
	FAILS(sendfile(out, wo, &zero, 5), EBADF);
	FAILS(sendfile(wo, in, &zero, 5), EINVAL);
	FAILS(sendfile(out, p[0], &zero, 5), ESPIPE);
	FAILS(sendfile(-1, in, &zero, 5), EBADF);
	FAILS(sendfile(out, -1, &zero, 5), EBADF);
	ck_assert_int_eq(zero, 0);
	ck_assert_int_eq(lseek(out, 0, SEEK_END), 0);
	ck_assert(close(p[0]) == 0 && close(p[1]) == 0);
	ck_assert(close(ro) == 0 && close(wo) == 0);
	ck_assert(close(in) == 0 && close(out) == 0);
}
END_TEST

START_TEST(a_range_is_copied)
{
	off_t from = 1000, to = (off_t)5 << 30;
	int in = make_big("c"), out = make("d", "");

	ck_assert_int_eq(lseek(in, 7, SEEK_SET), 7);
	ck_assert_int_eq(copy_file_range(in, &from, out, &to, 600000, 0),
	    600000);
	ck_assert(from == 601000 && to == ((off_t)5 << 30) + 600000);
	ck_assert_int_eq(lseek(in, 0, SEEK_CUR), 7);
	ck_assert_int_eq(lseek(out, 0, SEEK_CUR), 0);
	ck_assert_int_eq(pread(out, back, 700000, (off_t)5 << 30), 600000);
	ck_assert_mem_eq(back, big + 1000, 600000);
	/* By the file offsets; short at the end. */
	ck_assert_int_eq(copy_file_range(in, NULL, out, NULL, 3, 0), 3);
	ck_assert_int_eq(lseek(in, 0, SEEK_CUR), 10);
	ck_assert_int_eq(lseek(out, 0, SEEK_CUR), 3);
	from = 699999;
	ck_assert_int_eq(copy_file_range(in, &from, out, NULL, 100, 0), 1);
	ck_assert_int_eq(copy_file_range(in, &from, out, NULL, 100, 0), 0);
	ck_assert_int_eq(pread(out, back, 4, 0), 4);
	ck_assert_mem_eq(back, big + 7, 3);
	ck_assert_int_eq(back[3], big[699999]);
	ck_assert(close(in) == 0 && close(out) == 0);
}
END_TEST

/* copy_file_range(2): within one file too, unless the ranges overlap. */
START_TEST(ranges_of_one_file_may_not_overlap)
{
	off_t from = 0, to = 5;
	int fd = make("one", "0123456789"), again = open("one", O_RDWR);

	ck_assert_int_eq(copy_file_range(fd, &from, fd, &to, 5, 0), 5);
	ck_assert_int_eq(pread(fd, back, 16, 0), 10);
	ck_assert_mem_eq(back, "0123401234", 10);
	from = 0;
	to = 4;
	FAILS(copy_file_range(fd, &from, fd, &to, 5, 0), EINVAL);
	FAILS(copy_file_range(fd, &from, again, &to, 5, 0), EINVAL);
	FAILS(copy_file_range(again, &to, fd, &from, 5, 0), EINVAL);
	ck_assert(from == 0 && to == 4);
	ck_assert_int_eq(close(again), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(copy_refuses_what_linux_refuses)
{
	int in = make("i", "hello"), out = make("o", ""), app, dir, p[2];
	off_t minus = -1, zero = 0, zero2 = 0;

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_ge(dir = open(".", O_RDONLY), 0);
	ck_assert_int_ge(app = open("o", O_WRONLY | O_APPEND), 0);
	FAILS(copy_file_range(in, &zero, out, &zero2, 5, 1), EINVAL);
	FAILS(copy_file_range(in, &minus, out, &zero, 5, 0), EOVERFLOW);
	FAILS(copy_file_range(in, &zero, out, &minus, 5, 0), EOVERFLOW);
	FAILS(copy_file_range(in, &zero, app, NULL, 5, 0), EBADF);
	FAILS(copy_file_range(app, &zero, out, NULL, 5, 0), EBADF);
	FAILS(copy_file_range(dir, NULL, out, NULL, 5, 0), EISDIR);
	FAILS(copy_file_range(in, &zero, p[1], NULL, 5, 0), EINVAL);
	FAILS(copy_file_range(p[0], NULL, out, NULL, 5, 0), EINVAL);
	FAILS(copy_file_range(-1, NULL, out, NULL, 5, 0), EBADF);
	FAILS(copy_file_range(in, NULL, -1, NULL, 5, 0), EBADF);
	ck_assert_int_eq(lseek(out, 0, SEEK_END), 0);
	ck_assert(close(p[0]) == 0 && close(p[1]) == 0 && close(dir) == 0);
	ck_assert(close(in) == 0 && close(out) == 0 && close(app) == 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_file_goes_into_a_file,
		a_file_goes_into_a_pipe,
		a_file_goes_into_a_socket,
		a_full_pipe_loses_nothing,
		a_broken_pipe_is_told,
		sendfile_refuses_what_linux_refuses,
		a_range_is_copied,
		ranges_of_one_file_may_not_overlap,
		copy_refuses_what_linux_refuses,
	};

	return run_cases("sendfile", tests, sizeof(tests) / sizeof(tests[0]));
}
