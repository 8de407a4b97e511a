/*
 * Descriptors in sequenced packets, and what FIONREAD tells beside them:
 * unix(7), cmsg(3), recvmsg(2).
 */
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pass.h"
#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

#define SCM_MAX_FD 253

static int fds[2];

static void
begin(void)
{
	uds_pair(SOCK_SEQPACKET, fds);
}

static void
drop(struct pass *p)
{
	while (p->n > 0)
		ck_assert_int_eq(close(p->fds[--p->n]), 0);
}

static int
readable(int fd)
{
	int n = -1;

	ck_assert_int_eq(ioctl(fd, FIONREAD, &n), 0);
	return n;
}

/* unix(7), SCM_RIGHTS: at most SCM_MAX_FD, however they are listed. */
START_TEST(so_many_fit_and_one_more_does_not)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), many[SCM_MAX_FD + 1], i;
	static struct pass p;

	begin();
	for (i = 0; i <= SCM_MAX_FD; i++)
		many[i] = fd;
	FAILS(pass_send(fds[0], "x", 1, many, SCM_MAX_FD + 1), EINVAL);
	FAILS(pass_two(fds[0], many, 1, SCM_MAX_FD), EINVAL);
	FAILS(pass_recv(fds[1], 8, 1, MSG_DONTWAIT, &p), EAGAIN);
	ck_assert_int_eq(pass_send(fds[0], "x", 1, many, SCM_MAX_FD), 1);
	ck_assert_int_eq(pass_two(fds[0], many, SCM_MAX_FD - 1, 1), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(readable(fds[1]), 2);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(pass_recv(fds[1], 8, PASS_MAX, 0, &p), 1);
		ck_assert_int_eq(p.n, SCM_MAX_FD);
		ck_assert_int_eq(p.flags & MSG_CTRUNC, 0);
		drop(&p);
	}
	uds_close_pair(fds);
}
END_TEST

/* A peek without a buffer for them, or with a small one, leaves all. */
START_TEST(a_peek_leaves_them_all)
{
	int end[2], two[2], i;
	struct pass p;
	char c;

	begin();
	ck_assert_int_eq(pipe(end), 0);
	two[0] = fds[0];
	two[1] = end[1];
	ck_assert_int_eq(pass_send(fds[0], "xyz", 3, two, 2), 3);
	ck_assert_int_eq(close(end[1]), 0);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(recv(fds[1], &c, 1, MSG_PEEK), 1);
		ck_assert_int_eq(pass_recv(fds[1], 8, -1, MSG_PEEK, &p), 3);
		ck_assert_int_eq(p.flags, MSG_CTRUNC);
		ck_assert_int_eq(pass_recv(fds[1], 1, 1, MSG_PEEK, &p), 1);
		ck_assert_int_eq(p.n, 1);
		ck_assert_int_eq(p.flags, MSG_CTRUNC | MSG_TRUNC);
		drop(&p);
		ck_assert_int_eq(readable(fds[1]), 3);
	}
	ck_assert_int_eq(pass_recv(fds[1], 8, 2, 0, &p), 3);
	ck_assert_int_eq(p.n, 2);
	ck_assert_int_eq(p.flags, 0);
	ck_assert_int_eq(write(p.fds[1], "x", 1), 1);
	ck_assert_int_eq(read(end[0], &c, 1), 1);
	drop(&p);
	pass_expect_end(end[0]);
	uds_close_pair(fds);
}
END_TEST

/* recvmsg(2), MSG_CTRUNC: the rest is closed, and the next message's are not. */
START_TEST(what_does_not_fit_is_closed)
{
	int a[2], b[2], both[2], end;
	struct pass p;

	begin();
	ck_assert_int_eq(pipe(a), 0);
	ck_assert_int_eq(pipe(b), 0);
	both[0] = a[1];
	both[1] = b[1];
	ck_assert_int_eq(pass_send(fds[0], "xyz", 3, both, 2), 3);
	ck_assert_int_eq(close(a[1]), 0);
	ck_assert_int_eq(close(b[1]), 0);
	end = pass_last(fds[0]);
	ck_assert_int_eq(pass_recv(fds[1], 2, 1, 0, &p), 2);
	ck_assert_int_eq(p.flags, MSG_CTRUNC | MSG_TRUNC);
	ck_assert_int_eq(p.n, 1);
	pass_expect_end(b[0]);
	drop(&p);
	pass_expect_end(a[0]);
	ck_assert_int_eq(pass_recv(fds[1], 2, 1, 0, &p), 1);
	ck_assert_int_eq(p.n, 1);
	drop(&p);
	pass_expect_end(end);
	uds_close_pair(fds);
}
END_TEST

/* unix(7): in flight they live on, and end with the last who could get them. */
START_TEST(all_that_nobody_received_are_closed)
{
	int end[3], i;

	begin();
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(send(fds[i % 2], "plain", 5, 0), 5);
		end[i] = pass_last(fds[i % 2]);
	}
	uds_close_pair(fds);
	for (i = 0; i < 3; i++)
		pass_expect_end(end[i]);
}
END_TEST

/* So do those behind an ECONNRESET that nobody took. */
START_TEST(they_are_closed_after_a_reset)
{
	int end;

	begin();
	end = pass_last(fds[1]);
	ck_assert_int_eq(send(fds[0], "unread", 6, 0), 6);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(close(fds[0]), 0);
	pass_expect_end(end);
}
END_TEST

/* sendmsg(2), EAGAIN: what was not sent is nobody's. */
START_TEST(a_full_queue_takes_none)
{
	int end[2], sent;
	struct pass p;
	char c;

	begin();
	ck_assert_int_eq(pipe(end), 0);
	ck_assert_int_eq(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	for (sent = 0; send(fds[0], "x", 1, 0) == 1; sent++)
		;
	ck_assert_int_eq(errno, EAGAIN);
	FAILS(pass_send(fds[0], "x", 1, end + 1, 1), EAGAIN);
	ck_assert_int_eq(close(end[1]), 0);
	pass_expect_end(end[0]);
	ck_assert_int_eq(readable(fds[1]), sent);
	for (; sent > 0; sent--) {
		ck_assert_int_eq(pass_recv(fds[1], 1, 1, MSG_DONTWAIT, &p), 1);
		ck_assert_int_eq(p.n, 0);
		ck_assert_int_eq(p.flags, 0);
	}
	FAILS(recv(fds[1], &c, 1, MSG_DONTWAIT), EAGAIN);
	/* And then there is room. */
	end[0] = pass_last(fds[0]);
	ck_assert_int_eq(close(pass_get(fds[1])), 0);
	pass_expect_end(end[0]);
	uds_close_pair(fds);
}
END_TEST

/* unix(7), EPIPE. */
START_TEST(who_does_not_read_gets_none)
{
	int end[2], i;

	for (i = 0; i < 2; i++) {
		begin();
		ck_assert_int_eq(pipe(end), 0);
		ck_assert_int_eq(i == 0 ? shutdown(fds[1], SHUT_RD) :
		    shutdown(fds[0], SHUT_WR), 0);
		FAILS(pass_send(fds[0], "x", 1, end + 1, 1), EPIPE);
		ck_assert_int_eq(close(end[1]), 0);
		pass_expect_end(end[0]);
		uds_close_pair(fds);
	}
}
END_TEST

/* unix(7), SIOCINQ: descriptors, names and empty messages are no bytes. */
START_TEST(only_bytes_are_counted)
{
	int l = uds_bind_type(SOCK_SEQPACKET, "l"), a, c, i;
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	const int len[] = { 5, 0, 8, 1, 7, 16 };
	int n = 0;
	char buf[16];

	ck_assert_int_eq(listen(l, 1), 0);
	c = uds_bind_type(SOCK_SEQPACKET, "a name");
	ck_assert_int_eq(uds_try_connect_fd(c, "l"), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	for (i = 0; i < 6; i++) {
		ck_assert_int_eq(pass_send(c, "0123456789abcdef",
		    (size_t)len[i], &fd, i % 2), len[i]);
		n += len[i];
		ck_assert_int_eq(readable(a), n);
	}
	for (i = 0; i < 6; i++) {
		ck_assert_int_eq(recv(a, buf, 3, MSG_DONTWAIT),
		    len[i] < 3 ? len[i] : 3);
		n -= len[i];
		ck_assert_int_eq(readable(a), n);
	}
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink("l"), 0);
	ck_assert_int_eq(unlink("a name"), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		so_many_fit_and_one_more_does_not,
		a_peek_leaves_them_all,
		what_does_not_fit_is_closed,
		all_that_nobody_received_are_closed,
		they_are_closed_after_a_reset,
		a_full_queue_takes_none,
		who_does_not_read_gets_none,
		only_bytes_are_counted,
	};

	return run_cases("rights in packets", tests,
	    sizeof(tests) / sizeof(*tests));
}
