/* sockatmark(3): where urgent data stand in a stream. */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

/* POSIX.1-2024, sockatmark(): 1 at the mark, else 0. */
START_TEST(the_mark_is_where_urgent_data_were_sent)
{
	struct iovec iov = { .iov_len = 8 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fd[2], mark = 99;
	char buf[8];

	net_pair(fd);
	ck_assert_int_eq(sockatmark(fd[1]), 0);
	ck_assert_int_eq(send(fd[0], "u", 1, MSG_OOB), 1);
	ck_assert_int_ne(net_wait(fd[1], POLLPRI) & POLLPRI, 0);
	ck_assert_int_eq(sockatmark(fd[1]), 1);
	ck_assert_int_eq(ioctl(fd[1], SIOCATMARK, &mark), 0);
	ck_assert_int_eq(mark, 1);
	/* recv(2), MSG_OOB, in and out. */
	iov.iov_base = buf;
	ck_assert_int_eq(recvmsg(fd[1], &m, MSG_OOB), 1);
	ck_assert_int_eq(m.msg_flags & MSG_OOB, MSG_OOB);
	ck_assert_int_eq(buf[0], 'u');
	ck_assert_int_eq(send(fd[0], "abc", 3, 0), 3);
	ck_assert_int_eq(recvmsg(fd[1], &m, 0), 3);
	ck_assert_int_eq(m.msg_flags, 0);
	ck_assert_int_eq(sockatmark(fd[1]), 0);
	ck_assert_int_eq(close(fd[0]), 0);
	ck_assert_int_eq(close(fd[1]), 0);
}
END_TEST

/* sockatmark(): ENOTTY, EBADF. */
START_TEST(only_streams_have_marks)
{
	int p[2], u = socket(AF_INET, SOCK_DGRAM, 0);

	ck_assert_int_ge(u, 0);
	ck_assert_int_eq(pipe(p), 0);
	FAILS(sockatmark(u), ENOTTY);
	FAILS(sockatmark(p[0]), ENOTTY);
	FAILS(sockatmark(-1), EBADF);
	ck_assert_int_eq(close(u), 0);
	u = socket(AF_INET, SOCK_STREAM, 0);
	FAILS(ioctl(u, SIOCATMARK, NULL), EFAULT);
	ck_assert_int_eq(sockatmark(u), 0);
	ck_assert_int_eq(close(u), 0);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		the_mark_is_where_urgent_data_were_sent,
		only_streams_have_marks,
	};

	return run_cases("atmark", tests, sizeof(tests) / sizeof(tests[0]));
}
