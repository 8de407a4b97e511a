/* sendmmsg(2), recvmmsg(2): several messages in one call. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#define N 4

static char text[N][8];
static struct iovec iov[N];
static struct mmsghdr vec[N];
static struct sockaddr_in name[N];

/* The batch, all of len bytes. */
static void
prepare(size_t len)
{
	int i;

	memset(vec, 0, sizeof(vec));
	for (i = 0; i < N; i++) {
		iov[i].iov_base = text[i];
		iov[i].iov_len = len;
		vec[i].msg_hdr.msg_iov = &iov[i];
		vec[i].msg_hdr.msg_iovlen = 1;
		vec[i].msg_len = 99;
	}
}

/* A receiver and a sender that is connected to it. */
static void
pair(int fd[2])
{
	struct sockaddr_in in;

	fd[0] = socket(AF_INET, SOCK_DGRAM, 0);
	fd[1] = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_ge(fd[0], 0);
	ck_assert_int_ge(fd[1], 0);
	net_loopback(&in, 0);
	ck_assert_int_eq(bind(fd[0], (struct sockaddr *)&in, sizeof(in)), 0);
	net_loopback(&in, net_port(fd[0]));
	ck_assert_int_eq(connect(fd[1], (struct sockaddr *)&in, sizeof(in)),
	    0);
}

static void
done(const int fd[2])
{
	ck_assert_int_eq(close(fd[0]), 0);
	ck_assert_int_eq(close(fd[1]), 0);
}

/* sendmmsg(2), recvmmsg(2): the count, the lengths, the addresses. */
START_TEST(several_datagrams_go_in_one_call)
{
	int fd[2], i;

	pair(fd);
	prepare(3);
	memcpy(text, "abc\0\0\0\0\0def\0\0\0\0\0ghi\0\0\0\0\0jkl", 28);
	iov[1].iov_len = 1;
	iov[2].iov_len = 0;
	ck_assert_int_eq(sendmmsg(fd[1], vec, N, 0), N);
	ck_assert_uint_eq(vec[0].msg_len, 3);
	ck_assert_uint_eq(vec[1].msg_len, 1);
	ck_assert_uint_eq(vec[2].msg_len, 0);
	ck_assert_uint_eq(vec[3].msg_len, 3);
	prepare(2);
	memset(text, 0, sizeof(text));
	for (i = 0; i < N; i++) {
		vec[i].msg_hdr.msg_name = &name[i];
		vec[i].msg_hdr.msg_namelen = sizeof(name[i]);
	}
	ck_assert_int_eq(recvmmsg(fd[0], vec, N, 0, NULL), N);
	ck_assert_uint_eq(vec[0].msg_len, 2);
	ck_assert_int_eq(vec[0].msg_hdr.msg_flags, MSG_TRUNC);
	ck_assert_str_eq(text[0], "ab");
	ck_assert_uint_eq(vec[1].msg_len, 1);
	ck_assert_str_eq(text[1], "d");
	ck_assert_int_eq(vec[1].msg_hdr.msg_flags, 0);
	ck_assert_uint_eq(vec[2].msg_len, 0);
	ck_assert_str_eq(text[3], "jk");
	for (i = 0; i < N; i++) {
		ck_assert_uint_eq(vec[i].msg_hdr.msg_namelen,
		    sizeof(name[i]));
		ck_assert_uint_eq(ntohs(name[i].sin_port), net_port(fd[1]));
	}
	done(fd);
}
END_TEST

/* recvmmsg(2): MSG_WAITFORONE, MSG_DONTWAIT, EAGAIN. */
START_TEST(receiving_stops_when_nothing_is_left)
{
	int fd[2];

	pair(fd);
	prepare(3);
	FAILS(recvmmsg(fd[0], vec, N, MSG_DONTWAIT, NULL), EAGAIN);
	ck_assert_int_eq(sendmmsg(fd[1], vec, 2, 0), 2);
	(void)net_wait(fd[0], POLLIN);
	ck_assert_int_eq(recvmmsg(fd[0], vec, N, MSG_WAITFORONE, NULL), 2);
	ck_assert_uint_eq(vec[2].msg_len, 99);
	ck_assert_int_eq(sendmmsg(fd[1], vec, 3, 0), 3);
	ck_assert_int_eq(recvmmsg(fd[0], vec, N, MSG_DONTWAIT, NULL), 3);
	/* That it would block is no error that is kept. */
	FAILS(recvmmsg(fd[0], vec, N, MSG_DONTWAIT, NULL), EAGAIN);
	done(fd);
}
END_TEST

/* recvmmsg(2): the timeout, and what is left of it. */
START_TEST(a_timeout_is_looked_at_after_each_message)
{
	struct timespec none = { 0, 0 }, much = { 1000, 0 };
	struct timespec bad = { 0, 1000000000 }, past = { -1, 0 };
	int fd[2];

	pair(fd);
	prepare(1);
	ck_assert_int_eq(sendmmsg(fd[1], vec, N, 0), N);
	ck_assert_int_eq(recvmmsg(fd[0], vec, N, 0, &none), 1);
	ck_assert_int_eq(none.tv_sec, 0);
	ck_assert_int_eq(none.tv_nsec, 0);
	ck_assert_int_eq(recvmmsg(fd[0], vec, 2, 0, &much), 2);
	ck_assert_int_eq(much.tv_sec, 999);
	FAILS(recvmmsg(fd[0], vec, 1, 0, &bad), EINVAL);
	FAILS(recvmmsg(fd[0], vec, 1, 0, &past), EINVAL);
	ck_assert_int_eq(recvmmsg(fd[0], vec, 1, 0, NULL), 1);
	done(fd);
}
END_TEST

/* sendmmsg(2), recvmmsg(2): an error is told when it is the first's. */
START_TEST(an_error_of_a_later_one_ends_the_call_early)
{
	static char big[70000];
	int fd[2];

	pair(fd);
	prepare(1);
	iov[1].iov_base = big;
	iov[1].iov_len = sizeof(big);
	ck_assert_int_eq(sendmmsg(fd[1], vec, N, 0), 1);
	ck_assert_uint_eq(vec[1].msg_len, 99);
	FAILS(sendmmsg(fd[1], &vec[1], N - 1, 0), EMSGSIZE);
	ck_assert_int_eq(sendmmsg(fd[1], &vec[2], 1, 0), 1);
	prepare(1);
	vec[1].msg_hdr.msg_iovlen = 100000;
	ck_assert_int_eq(recvmmsg(fd[0], vec, N, 0, NULL), 1);
	/* It was kept, and is told once. */
	prepare(1);
	FAILS(recvmmsg(fd[0], vec, 1, 0, NULL), EMSGSIZE);
	ck_assert_int_eq(recvmmsg(fd[0], vec, 1, 0, NULL), 1);
	done(fd);
}
END_TEST

/* sendmmsg(2): a stream that took a part of one takes no part of the next. */
START_TEST(a_full_stream_ends_the_call)
{
	static char big[16 << 20];
	int fd[2];

	net_pair(fd);
	net_nonblock(fd[0]);
	prepare(1);
	iov[1].iov_base = big;
	iov[1].iov_len = sizeof(big);
	ck_assert_int_eq(sendmmsg(fd[0], vec, N, 0), 2);
	ck_assert_uint_eq(vec[0].msg_len, 1);
	ck_assert_uint_gt(vec[1].msg_len, 0);
	ck_assert_uint_lt(vec[1].msg_len, sizeof(big));
	ck_assert_uint_eq(vec[2].msg_len, 99);
	prepare(8);
	ck_assert_int_eq(recvmmsg(fd[1], vec, N, 0, NULL), N);
	ck_assert_uint_eq(vec[3].msg_len, 8);
	done(fd);
}
END_TEST

START_TEST(bad_batches_have_their_own_errors)
{
	int fd[2], p[2];

	pair(fd);
	prepare(1);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(sendmmsg(fd[1], vec, 0, 0), 0);
	ck_assert_int_eq(recvmmsg(fd[0], vec, 0, 0, NULL), 0);
	FAILS(sendmmsg(fd[1], NULL, 1, 0), EFAULT);
	FAILS(recvmmsg(fd[0], NULL, 1, MSG_DONTWAIT, NULL), EFAULT);
	FAILS(sendmmsg(-1, vec, 1, 0), EBADF);
	FAILS(recvmmsg(-1, vec, 1, 0, NULL), EBADF);
	FAILS(sendmmsg(p[1], vec, 1, 0), ENOTSOCK);
	FAILS(recvmmsg(p[0], vec, 1, 0, NULL), ENOTSOCK);
	done(p);
	done(fd);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		several_datagrams_go_in_one_call,
		receiving_stops_when_nothing_is_left,
		a_timeout_is_looked_at_after_each_message,
		an_error_of_a_later_one_ends_the_call_early,
		a_full_stream_ends_the_call,
		bad_batches_have_their_own_errors,
	};

	return run_cases("mmsg", tests, sizeof(tests) / sizeof(tests[0]));
}
