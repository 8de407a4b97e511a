/* AF_UNIX sequenced packets, by pairs: unix(7), POSIX send(), recv(). */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pass.h"
#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

#define ALL (POLLIN | POLLOUT | POLLRDHUP)

static void
pair(int fds[2])
{
	uds_pair(SOCK_SEQPACKET, fds);
}

static void
expect_end(int fd)
{
	char c;

	ck_assert_int_eq(recv(fd, &c, 1, 0), 0);
	ck_assert_int_eq(recv(fd, &c, 1, MSG_DONTWAIT), 0);
	ck_assert_int_eq(read(fd, &c, 1), 0);
}

/* unix(7): "connection-oriented, preserves message boundaries". */
START_TEST(each_message_is_received_by_itself)
{
	socklen_t len = sizeof(int);
	int fds[2], type = 0;

	pair(fds);
	ck_assert_int_eq(getsockopt(fds[0], SOL_SOCKET, SO_TYPE, &type, &len),
	    0);
	ck_assert_int_eq(type, SOCK_SEQPACKET);
	ck_assert_int_eq(send(fds[0], "one", 3, 0), 3);
	ck_assert_int_eq(write(fds[0], "two and", 7), 7);
	ck_assert_int_eq(send(fds[0], "three", 5, MSG_EOR), 5);
	ck_assert_int_eq(send(fds[1], "back", 4, 0), 4);
	uds_expect(fds[1], "one");
	uds_expect(fds[1], "two and");
	uds_expect(fds[1], "three");
	uds_expect(fds[0], "back");
	uds_expect_nothing(fds[0]);
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
}
END_TEST

/* POSIX read(): a length of 0 is no message; recv() of 0 bytes takes one. */
START_TEST(an_empty_message_is_no_end)
{
	int fds[2];
	char c[4];

	pair(fds);
	ck_assert_int_eq(send(fds[0], "", 0, 0), 0);
	ck_assert_int_eq(write(fds[0], "", 0), 0);
	ck_assert_int_eq(send(fds[0], "abc", 3, 0), 3);
	ck_assert_int_eq(uds_events(fds[1], ALL), POLLIN | POLLOUT);
	ck_assert_int_eq(read(fds[1], c, 0), 0);
	ck_assert_int_eq(recv(fds[1], c, 4, MSG_DONTWAIT), 0);
	ck_assert_int_eq(recv(fds[1], c, 0, MSG_DONTWAIT), 0);
	ck_assert_int_eq(recv(fds[1], c, 0, MSG_DONTWAIT), 0);
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
}
END_TEST

/* recvmsg(2), msg_flags: MSG_TRUNC; Linux tells of no MSG_EOR. */
START_TEST(what_does_not_fit_is_cut_off_and_told)
{
	char buf[4], all[8];
	struct iovec iov = { buf, 4 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fds[2], i;

	pair(fds);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(send(fds[0], "sixsix", 6, MSG_EOR), 6);
	ck_assert_int_eq(recv(fds[1], buf, 4, 0), 4);
	ck_assert_mem_eq(buf, "sixs", 4);
	ck_assert_int_eq(recv(fds[1], buf, 4, MSG_TRUNC), 6);
	ck_assert_int_eq(read(fds[1], buf, 4), 4);
	ck_assert_int_eq(recvmsg(fds[1], &msg, 0), 4);
	ck_assert_int_eq(msg.msg_flags, MSG_TRUNC);
	iov.iov_base = all;
	iov.iov_len = sizeof(all);
	ck_assert_int_eq(recvmsg(fds[1], &msg, MSG_WAITALL), 6);
	ck_assert_int_eq(msg.msg_flags, 0);
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
}
END_TEST

/* recv(2), MSG_PEEK; unix(7), SIOCINQ: of all messages. */
START_TEST(what_was_peeked_at_is_still_there)
{
	int fds[2], n = -1;
	char buf[8];

	pair(fds);
	ck_assert_int_eq(ioctl(fds[1], FIONREAD, &n), 0);
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(send(fds[0], "first", 5, 0), 5);
	ck_assert_int_eq(send(fds[0], "2nd", 3, 0), 3);
	ck_assert_int_eq(recv(fds[1], buf, 2, MSG_PEEK), 2);
	ck_assert_int_eq(recv(fds[1], buf, 2, MSG_PEEK | MSG_TRUNC), 5);
	ck_assert_int_eq(ioctl(fds[1], FIONREAD, &n), 0);
	ck_assert_int_eq(n, 8);
	uds_expect(fds[1], "first");
	ck_assert_int_eq(ioctl(fds[1], FIONREAD, &n), 0);
	ck_assert_int_eq(n, 3);
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
	int fds[2], i;

	pair(fds);
	ck_assert_int_eq(sendmsg(fds[0], &msg, 0), 6);
	ck_assert_int_eq(writev(fds[0], out, 3), 6);
	msg.msg_iov = in;
	msg.msg_iovlen = 2;
	for (i = 0; i < 2; i++) {
		memset(b, 0, sizeof(b));
		ck_assert_int_eq(i == 0 ? recvmsg(fds[1], &msg, 0) :
		    readv(fds[1], in, 2), 6);
		ck_assert_mem_eq(a, "ab", 2);
		ck_assert_mem_eq(b, "cdef", 5);
	}
	uds_close_pair(fds);
}
END_TEST

/* sendmmsg(2), recvmmsg(2). */
START_TEST(many_messages_go_by_one_call)
{
	char text[] = "abcdef", in[3][8];
	struct mmsghdr out[3], got[3];
	struct iovec iov[6];
	int fds[2], i;

	memset(out, 0, sizeof(out));
	memset(got, 0, sizeof(got));
	for (i = 0; i < 3; i++) {
		iov[i] = (struct iovec){ text, (size_t)i + 4 };
		iov[3 + i] = (struct iovec){ in[i], 5 };
		out[i].msg_hdr.msg_iov = &iov[i];
		out[i].msg_hdr.msg_iovlen = 1;
		got[i].msg_hdr.msg_iov = &iov[3 + i];
		got[i].msg_hdr.msg_iovlen = 1;
	}
	pair(fds);
	ck_assert_int_eq(sendmmsg(fds[0], out, 3, 0), 3);
	ck_assert_int_eq(recvmmsg(fds[1], got, 3, MSG_DONTWAIT, NULL), 3);
	for (i = 0; i < 3; i++) {
		ck_assert_uint_eq(out[i].msg_len, i + 4);
		ck_assert_uint_eq(got[i].msg_len, i < 2 ? i + 4 : 5);
		ck_assert_int_eq(got[i].msg_hdr.msg_flags,
		    i < 2 ? 0 : MSG_TRUNC);
	}
	uds_expect_nothing(fds[1]);
	uds_close_pair(fds);
}
END_TEST

START_TEST(a_message_of_100000_bytes_goes_and_a_huge_one_does_not)
{
	uds_test_large(SOCK_SEQPACKET);
}
END_TEST

/* unix(7): the end of file comes behind what was sent.  No SIGPIPE: it would
 * end the test. */
START_TEST(a_peer_that_closed_is_an_end)
{
	struct pollfd p = { .events = ALL };
	int fds[2];

	ck_assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	pair(fds);
	ck_assert_int_eq(send(fds[1], "last", 4, 0), 4);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(uds_events(fds[0], ALL),
	    POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	uds_expect(fds[0], "last");
	expect_end(fds[0]);
	FAILS(send(fds[0], "x", 1, 0), EPIPE);
	FAILS(write(fds[0], "x", 1), EPIPE);
	FAILS(send(fds[0], "", 0, 0), EPIPE);
	p.fd = fds[0];
	ck_assert_int_eq(poll(&p, 1, -1), 1);
	ck_assert_int_eq(close(fds[0]), 0);
}
END_TEST

/* unix(7), ECONNRESET: once, to whoever asks first; what came is still there. */
START_TEST(unread_messages_reset_the_peer)
{
	int fds[2], i;

	for (i = 0; i < 3; i++) {
		pair(fds);
		ck_assert_int_eq(send(fds[0], "unread", 6, 0), 6);
		ck_assert_int_eq(send(fds[1], "came", 4, 0), 4);
		ck_assert_int_eq(close(fds[1]), 0);
		ck_assert_int_eq(uds_events(fds[0], ALL),
		    POLLIN | POLLOUT | POLLHUP | POLLRDHUP | POLLERR);
		if (i == 0)
			FAILS(recv(fds[0], &i, 1, 0), ECONNRESET);
		else if (i == 1)
			FAILS(send(fds[0], "x", 1, 0), ECONNRESET);
		else
			ck_assert_int_eq(uds_error(fds[0]), ECONNRESET);
		ck_assert_int_eq(uds_error(fds[0]), 0);
		ck_assert_int_eq(uds_events(fds[0], ALL),
		    POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
		uds_expect(fds[0], "came");
		expect_end(fds[0]);
		FAILS(send(fds[0], "x", 1, 0), EPIPE);
		ck_assert_int_eq(close(fds[0]), 0);
	}
}
END_TEST

/* shutdown(2): each way by itself, and both ends are told. */
START_TEST(one_way_can_be_shut)
{
	int fds[2];

	pair(fds);
	ck_assert_int_eq(send(fds[0], "1", 1, 0), 1);
	ck_assert_int_eq(shutdown(fds[0], SHUT_WR), 0);
	ck_assert_int_eq(uds_events(fds[0], ALL), POLLOUT);
	ck_assert_int_eq(uds_events(fds[1], ALL),
	    POLLIN | POLLOUT | POLLRDHUP);
	FAILS(send(fds[0], "2", 1, 0), EPIPE);
	uds_expect(fds[1], "1");
	expect_end(fds[1]);
	ck_assert_int_eq(send(fds[1], "3", 1, 0), 1);
	uds_expect(fds[0], "3");
	ck_assert_int_eq(shutdown(fds[0], SHUT_RD), 0);
	ck_assert_int_eq(uds_events(fds[0], ALL),
	    POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	ck_assert_int_eq(uds_events(fds[1], ALL),
	    POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	FAILS(send(fds[1], "4", 1, 0), EPIPE);
	expect_end(fds[0]);
	uds_close_pair(fds);
}
END_TEST

START_TEST(who_does_not_read_any_more_is_told_of)
{
	int fds[2];

	pair(fds);
	ck_assert_int_eq(send(fds[1], "before", 6, 0), 6);
	ck_assert_int_eq(shutdown(fds[0], SHUT_RD), 0);
	ck_assert_int_eq(uds_events(fds[0], ALL),
	    POLLIN | POLLOUT | POLLRDHUP);
	ck_assert_int_eq(uds_events(fds[1], ALL), POLLOUT);
	FAILS(send(fds[1], "x", 1, 0), EPIPE);
	ck_assert_int_eq(send(fds[0], "y", 1, 0), 1);
	uds_expect(fds[1], "y");
	uds_expect(fds[0], "before");
	expect_end(fds[0]);
	uds_close_pair(fds);
}
END_TEST

START_TEST(the_flags_of_a_pair_are_for_both_ends)
{
	uds_test_flags(SOCK_SEQPACKET);
}
END_TEST

/* POSIX: EOPNOTSUPP, ENOTCONN, EINVAL; sendto() of Linux: a name is ignored. */
START_TEST(what_packets_cannot_is_refused)
{
	struct sockaddr_un un;
	socklen_t len = uds_addr(&un, "nobody");
	int fds[2];
	char c;

	pair(fds);
	FAILS(send(fds[0], "x", 1, MSG_OOB), EOPNOTSUPP);
	FAILS(recv(fds[0], &c, 1, MSG_OOB | MSG_DONTWAIT), EOPNOTSUPP);
	FAILS(listen(fds[0], 1), EINVAL);
	FAILS(accept(fds[0], NULL, NULL), EINVAL);
	ck_assert_int_eq(sendto(fds[0], "named", 5, 0, (struct sockaddr *)&un,
	    len), 5);
	uds_expect(fds[1], "named");
	FAILS(socket(AF_UNIX, SOCK_SEQPACKET, 99), EPROTONOSUPPORT);
	uds_close_pair(fds);
	FAILS(socketpair(AF_UNIX, SOCK_SEQPACKET, 99, fds), EPROTONOSUPPORT);
}
END_TEST

START_TEST(a_socket_without_peer_has_none)
{
	int fd = uds_bind_type(SOCK_SEQPACKET, NULL), n = -1;
	char c;

	FAILS(send(fd, "x", 1, 0), ENOTCONN);
	FAILS(send(fd, "x", 1, MSG_OOB), ENOTCONN);
	FAILS(recv(fd, &c, 1, 0), ENOTCONN);
	FAILS(read(fd, &c, 1), ENOTCONN);
	FAILS(accept(fd, NULL, NULL), EINVAL);
	FAILS(listen(fd, 1), EINVAL);
	ck_assert_int_eq(ioctl(fd, FIONREAD, &n), 0);
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(uds_events(fd, ALL), POLLOUT | POLLHUP);
	ck_assert_int_eq(shutdown(fd, SHUT_RDWR), 0);
	ck_assert_int_eq(uds_events(fd, ALL),
	    POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* SO_PEERCRED of a pair; SO_PASSCRED, SCM_CREDENTIALS: of each message. */
START_TEST(the_peer_is_known)
{
	socklen_t len = sizeof(struct ucred);
	int fds[2], on = 1;
	struct ucred cred;
	struct pass p;

	pair(fds);
	ck_assert_int_eq(getsockopt(fds[0], SOL_SOCKET, SO_PEERCRED, &cred,
	    &len), 0);
	ck_assert_int_eq(cred.pid, getpid());
	ck_assert_int_eq(setsockopt(fds[1], SOL_SOCKET, SO_PASSCRED, &on,
	    sizeof(on)), 0);
	ck_assert_int_eq(send(fds[0], "hello", 5, 0), 5);
	ck_assert_int_eq(pass_recv(fds[1], 2, 0, 0, &p), 2);
	ck_assert_int_eq(p.creds, 1);
	ck_assert_int_eq(p.cred.pid, getpid());
	ck_assert_int_eq(p.flags, MSG_TRUNC);
	uds_close_pair(fds);
}
END_TEST

/* unix(7), SCM_RIGHTS: with its message, also with an empty one. */
START_TEST(descriptors_come_with_their_message)
{
	int fds[2], p[2], n;
	struct pass got;

	pair(fds);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(send(fds[0], "plain", 5, 0), 5);
	ck_assert_int_eq(pass_send(fds[0], "", 0, p, 2), 0);
	ck_assert_int_eq(pass_send(fds[0], "with", 4, p + 1, 1), 4);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(pass_recv(fds[1], 60, 2, 0, &got), 5);
	ck_assert_int_eq(got.n, 0);
	ck_assert_int_eq(pass_recv(fds[1], 60, 2, 0, &got), 0);
	ck_assert_int_eq(got.n, 2);
	n = got.fds[1];
	ck_assert_int_eq(close(got.fds[0]), 0);
	ck_assert_int_eq(pass_recv(fds[1], 60, 2, MSG_PEEK, &got), 4);
	ck_assert_int_eq(got.n, 1);
	ck_assert_int_eq(close(got.fds[0]), 0);
	ck_assert_int_eq(pass_recv(fds[1], 60, 2, 0, &got), 4);
	ck_assert_int_eq(got.n, 1);
	ck_assert_int_eq(write(got.fds[0], "ab", 2), 2);
	ck_assert_int_eq(read(p[0], &(char [2]){ 0 }, 2), 2);
	ck_assert_int_eq(close(got.fds[0]), 0);
	ck_assert_int_eq(close(n), 0);
	pass_expect_end(p[0]);
	uds_close_pair(fds);
}
END_TEST

/* Read as plain bytes, or never: they are closed. */
START_TEST(descriptors_that_nobody_takes_are_closed)
{
	int fds[2], end;

	pair(fds);
	end = pass_last(fds[0]);
	ck_assert_int_eq(recv(fds[1], &(char [8]){ 0 }, 8, 0), 1);
	pass_expect_end(end);
	end = pass_last(fds[0]);
	uds_close_pair(fds);
	pass_expect_end(end);
}
END_TEST

START_TEST(two_hundred_pairs_come_and_go)
{
	int fds[2], i;

	for (i = 0; i < 200; i++) {
		pair(fds);
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
		an_empty_message_is_no_end,
		what_does_not_fit_is_cut_off_and_told,
		what_was_peeked_at_is_still_there,
		vectors_are_gathered_and_scattered,
		many_messages_go_by_one_call,
		a_message_of_100000_bytes_goes_and_a_huge_one_does_not,
		a_peer_that_closed_is_an_end,
		unread_messages_reset_the_peer,
		one_way_can_be_shut,
		who_does_not_read_any_more_is_told_of,
		the_flags_of_a_pair_are_for_both_ends,
		what_packets_cannot_is_refused,
		a_socket_without_peer_has_none,
		the_peer_is_known,
		descriptors_come_with_their_message,
		descriptors_that_nobody_takes_are_closed,
		two_hundred_pairs_come_and_go,
	};

	return run_cases("seqpacket", tests,
	    sizeof(tests) / sizeof(*tests));
}
