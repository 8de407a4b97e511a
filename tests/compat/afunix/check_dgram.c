/* AF_UNIX datagrams: unix(7), POSIX send(), recv(). */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

/* unix(7): message boundaries are kept, nothing is lost or reordered. */
START_TEST(each_message_is_received_by_itself)
{
	int fds[2], type = 0;
	socklen_t len = sizeof(type);

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(getsockopt(fds[0], SOL_SOCKET, SO_TYPE, &type, &len),
	    0);
	ck_assert_int_eq(type, SOCK_DGRAM);
	ck_assert_int_eq(send(fds[0], "one", 3, 0), 3);
	ck_assert_int_eq(write(fds[0], "two and", 7), 7);
	ck_assert_int_eq(send(fds[1], "back", 4, 0), 4);
	uds_expect(fds[1], "one");
	uds_expect(fds[1], "two and");
	uds_expect(fds[0], "back");
	uds_expect_nothing(fds[0]);
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
}
END_TEST

START_TEST(an_empty_message_is_a_message)
{
	int fds[2];
	char c;

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(send(fds[0], "", 0, 0), 0);
	ck_assert_int_eq(send(fds[0], "x", 1, 0), 1);
	ck_assert_int_eq(recv(fds[1], &c, 1, MSG_DONTWAIT), 0);
	uds_expect(fds[1], "x");
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
}
END_TEST

/* recv(2), MSG_TRUNC; recvmsg(2), msg_flags: the rest of it is dropped. */
START_TEST(what_does_not_fit_is_cut_off_and_told)
{
	char buf[4], all[8];
	struct iovec iov = { buf, 4 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fds[2], i;

	uds_pair(SOCK_DGRAM, fds);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(send(fds[0], "sixsix", 6, 0), 6);
	ck_assert_int_eq(recv(fds[1], buf, 4, 0), 4);
	ck_assert_mem_eq(buf, "sixs", 4);
	ck_assert_int_eq(recv(fds[1], buf, 4, MSG_TRUNC), 6);
	ck_assert_int_eq(recvmsg(fds[1], &msg, 0), 4);
	ck_assert_int_eq(msg.msg_flags & MSG_TRUNC, MSG_TRUNC);
	iov.iov_base = all;
	iov.iov_len = sizeof(all);
	ck_assert_int_eq(recvmsg(fds[1], &msg, 0), 6);
	ck_assert_int_eq(msg.msg_flags & MSG_TRUNC, 0);
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
}
END_TEST

/* recv(2), MSG_PEEK; unix(7), SIOCINQ: of the next message. */
START_TEST(what_was_peeked_at_is_still_there)
{
	int fds[2], n = -1;
	char buf[8];

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(ioctl(fds[1], FIONREAD, &n), 0);
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(send(fds[0], "first", 5, 0), 5);
	ck_assert_int_eq(send(fds[0], "2nd", 3, 0), 3);
	ck_assert_int_eq(recv(fds[1], buf, 2, MSG_PEEK), 2);
	ck_assert_int_eq(recv(fds[1], buf, 2, MSG_PEEK | MSG_TRUNC), 5);
	ck_assert_int_eq(ioctl(fds[1], FIONREAD, &n), 0);
	ck_assert_int_eq(n, 5);
	uds_expect(fds[1], "first");
	uds_expect(fds[1], "2nd");
	uds_close_pair(fds);
}
END_TEST

START_TEST(vectors_are_gathered_and_scattered)
{
	char text[] = "abcdef", a[2], b[8];
	struct iovec out[3] = { { text, 2 }, { text, 0 }, { text + 2, 4 } };
	struct iovec in[2] = { { a, 2 }, { b, 8 } };
	struct msghdr msg = { .msg_iov = out, .msg_iovlen = 3 };
	int fds[2];

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(sendmsg(fds[0], &msg, 0), 6);
	msg.msg_iov = in;
	msg.msg_iovlen = 2;
	ck_assert_int_eq(recvmsg(fds[1], &msg, 0), 6);
	ck_assert_mem_eq(a, "ab", 2);
	ck_assert_mem_eq(b, "cdef", 4);
	uds_close_pair(fds);
}
END_TEST

/* Through all of the queue's memory, at every offset, with odd sizes. */
START_TEST(many_sizes_come_as_they_were_sent)
{
	unsigned char *out = malloc(70000), *in = malloc(70000);
	size_t i, size;
	int fds[2], n;

	ck_assert(out != NULL && in != NULL);
	uds_pair(SOCK_DGRAM, fds);
	for (n = 0; n < 300; n++) {
		size = (size_t)n * 7919 % 70000;
		for (i = 0; i < size; i++)
			out[i] = (unsigned char)(i * 31 + (size_t)n);
		ck_assert_int_eq(send(fds[0], out, size, 0), size);
		ck_assert_int_eq(recv(fds[1], in, 70000, 0), size);
		ck_assert(memcmp(in, out, size) == 0);
	}
	uds_close_pair(fds);
	free(out);
	free(in);
}
END_TEST

START_TEST(a_message_of_100000_bytes_goes_and_a_huge_one_does_not)
{
	uds_test_large(SOCK_DGRAM);
}
END_TEST

/*
 * unix(7): the peer's end says nothing; who sends is told once, and has no peer
 * from then on.  No SIGPIPE: it would end the test.
 */
START_TEST(a_peer_that_closed_refuses)
{
	int fds[2];

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(send(fds[1], "last", 4, 0), 4);
	ck_assert_int_eq(close(fds[1]), 0);
	uds_expect(fds[0], "last");
	uds_expect_nothing(fds[0]);
	FAILS(send(fds[0], "x", 1, 0), ECONNREFUSED);
	FAILS(send(fds[0], "x", 1, 0), ENOTCONN);
	ck_assert_int_eq(close(fds[0]), 0);
}
END_TEST

START_TEST(what_was_shut_is_shut)
{
	int fds[2];
	char c;

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(send(fds[1], "x", 1, 0), 1);
	ck_assert_int_eq(shutdown(fds[0], SHUT_WR), 0);
	FAILS(send(fds[0], "x", 1, 0), EPIPE);
	ck_assert_int_eq(send(fds[1], "y", 1, 0), 1);
	ck_assert_int_eq(shutdown(fds[0], SHUT_RD), 0);
	FAILS(send(fds[1], "z", 1, 0), EPIPE);
	/* What came before can be read. */
	uds_expect(fds[0], "x");
	uds_expect(fds[0], "y");
	ck_assert_int_eq(recv(fds[0], &c, 1, 0), 0);
	uds_expect_nothing(fds[0]);
	uds_close_pair(fds);
}
END_TEST

/* socket(2), POSIX listen(), accept(), sockatmark's MSG_OOB: EOPNOTSUPP. */
START_TEST(what_datagrams_cannot_is_refused)
{
	int fd = uds_bind_type(SOCK_DGRAM, NULL);
	char c;

	FAILS(listen(fd, 1), EOPNOTSUPP);
	FAILS(accept(fd, NULL, NULL), EOPNOTSUPP);
	FAILS(send(fd, "x", 1, MSG_OOB), EOPNOTSUPP);
	FAILS(recv(fd, &c, 1, MSG_OOB | MSG_DONTWAIT), EOPNOTSUPP);
	FAILS(send(fd, "x", 1, 0), ENOTCONN);
	FAILS(socket(AF_UNIX, SOCK_DGRAM, 99), EPROTONOSUPPORT);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(the_flags_of_a_pair_are_for_both_ends)
{
	uds_test_flags(SOCK_DGRAM);
}
END_TEST

/* getpeername(2): the ends of a pair have no name; SO_PEERCRED of a pair. */
START_TEST(a_pair_has_no_names_and_known_peers)
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	struct ucred cred;
	int fds[2];
	char c;

	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(getpeername(fds[0], (struct sockaddr *)&un, &len), 0);
	ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path));
	len = sizeof(cred);
	ck_assert_int_eq(getsockopt(fds[0], SOL_SOCKET, SO_PEERCRED, &cred,
	    &len), 0);
	ck_assert_int_eq(cred.pid, getpid());
	ck_assert_int_eq(send(fds[0], "x", 1, 0), 1);
	len = sizeof(un);
	ck_assert_int_eq(recvfrom(fds[1], &c, 1, 0, (struct sockaddr *)&un,
	    &len), 1);
	ck_assert_uint_eq(len, 0);
	uds_close_pair(fds);
}
END_TEST

START_TEST(the_same_socket_by_another_number)
{
	int fds[2], fd;

	uds_pair(SOCK_DGRAM, fds);
	fd = dup(fds[0]);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(send(fds[1], "a", 1, 0), 1);
	uds_expect(fd, "a");
	ck_assert_int_eq(send(fd, "b", 1, 0), 1);
	uds_expect(fds[1], "b");
	ck_assert_int_eq(close(fd), 0);
	FAILS(send(fds[1], "c", 1, 0), ECONNREFUSED);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

START_TEST(two_hundred_pairs_come_and_go)
{
	int fds[2], i;

	for (i = 0; i < 200; i++) {
		uds_pair(SOCK_DGRAM, fds);
		ck_assert_int_eq(send(fds[0], "x", 1, 0), 1);
		uds_expect(fds[1], "x");
		uds_close_pair(fds);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		each_message_is_received_by_itself,
		an_empty_message_is_a_message,
		what_does_not_fit_is_cut_off_and_told,
		what_was_peeked_at_is_still_there,
		vectors_are_gathered_and_scattered,
		many_sizes_come_as_they_were_sent,
		a_message_of_100000_bytes_goes_and_a_huge_one_does_not,
		a_peer_that_closed_refuses,
		what_was_shut_is_shut,
		what_datagrams_cannot_is_refused,
		the_flags_of_a_pair_are_for_both_ends,
		a_pair_has_no_names_and_known_peers,
		the_same_socket_by_another_number,
		two_hundred_pairs_come_and_go,
	};

	return run_cases("dgram", tests, sizeof(tests) / sizeof(*tests));
}
