/* SCM_RIGHTS: descriptors that nobody gets, and refusals; unix(7), cmsg(3). */
#include <sys/resource.h>
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pass.h"
#include "support/fails.h"
#include "support/tmpdir.h"
#include "uds.h"

static int s[2];

static void
setup(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
}

static void
teardown(void)
{
	(void)close(s[0]);
	(void)close(s[1]);
}

/* unix(7): without a buffer they are closed; recv and read have none. */
START_TEST(who_does_not_ask_closes_them)
{
	struct pass p;
	int ends[3], i;
	char buf[8];

	for (i = 0; i < 3; i++)
		ends[i] = pass_last(s[0]);
	ck_assert_int_eq(read(s[1], buf, sizeof(buf)), 1);
	pass_expect_end(ends[0]);
	ck_assert_int_eq(recv(s[1], buf, sizeof(buf), 0), 1);
	pass_expect_end(ends[1]);
	ck_assert_int_eq(pass_recv(s[1], 8, -1, 0, &p), 1);
	ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
	pass_expect_end(ends[2]);
}
END_TEST

/* unix(7), BUGS; recvmsg(2), MSG_CTRUNC: the rest is closed. */
START_TEST(what_does_not_fit_is_closed)
{
	int a[2], b[2], both[2];
	struct pass p;

	ck_assert_int_eq(pipe(a), 0);
	ck_assert_int_eq(pipe(b), 0);
	both[0] = a[1];
	both[1] = b[1];
	ck_assert_int_eq(pass_send(s[0], "x", 1, both, 2), 1);
	ck_assert_int_eq(close(a[1]), 0);
	ck_assert_int_eq(close(b[1]), 0);
	ck_assert_int_eq(pass_recv(s[1], 1, 1, 0, &p), 1);
	ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
	ck_assert_int_eq(p.n, 1);
	pass_expect_end(b[0]);
	ck_assert_int_eq(close(p.fds[0]), 0);
	pass_expect_end(a[0]);
}
END_TEST

/* sendmsg(2): EBADF, and nothing is sent. */
START_TEST(a_bad_descriptor_sends_nothing)
{
	int fds[2] = { s[0], 60000 };
	struct pass p;

	FAILS(pass_send(s[0], "x", 1, fds, 2), EBADF);
	fds[1] = -1;
	FAILS(pass_send(s[0], "x", 1, fds, 2), EBADF);
	FAILS(pass_recv(s[1], 8, 4, MSG_DONTWAIT, &p), EAGAIN);
}
END_TEST

/* cmsg(3): a length that is none, a type that is none. */
START_TEST(malformed_control_data_is_refused)
{
	union {
		size_t align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = control.bytes, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c;
	struct pass p;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(0) - 1;
	FAILS(sendmsg(s[0], &msg, 0), EINVAL);
	c->cmsg_len = sizeof(control.bytes) + 1;
	FAILS(sendmsg(s[0], &msg, 0), EINVAL);
	c->cmsg_len = CMSG_LEN(sizeof(int));
	c->cmsg_type = 99;
	FAILS(sendmsg(s[0], &msg, 0), EINVAL);
	FAILS(pass_recv(s[1], 8, 4, MSG_DONTWAIT, &p), EAGAIN);
}
END_TEST

/* unix(7), BUGS: when no descriptor is free, the flag tells. */
START_TEST(a_full_table_closes_them)
{
	struct rlimit was, full;
	int end = pass_last(s[0]), spare;
	struct pass p;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &was), 0);
	spare = dup(0);
	ck_assert_int_ge(spare, 0);
	full = was;
	full.rlim_cur = (rlim_t)spare + 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &full), 0);
	ck_assert_int_eq(pass_recv(s[1], 8, 4, 0, &p), 1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &was), 0);
	ck_assert_int_eq(p.n, 0);
	ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
	pass_expect_end(end);
	ck_assert_int_eq(close(spare), 0);
}
END_TEST

/* unix(7): in flight they live on, and end with the last who could get them. */
START_TEST(what_nobody_received_is_closed)
{
	int end = pass_last(s[0]);
	struct pollfd p = { .fd = end, .events = POLLIN };

	ck_assert_int_eq(close(s[0]), 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	ck_assert_int_eq(close(s[1]), 0);
	pass_expect_end(end);
	setup();
}
END_TEST

START_TEST(what_was_sent_before_the_end_arrives)
{
	int end = pass_last(s[0]), got;

	ck_assert_int_eq(close(s[0]), 0);
	got = pass_get(s[1]);
	ck_assert_int_eq(close(got), 0);
	pass_expect_end(end);
	ck_assert_int_eq(close(s[1]), 0);
	setup();
}
END_TEST

/* unix(7), ENOTCONN, EPIPE. */
START_TEST(without_a_peer_nothing_is_passed)
{
	int fd = uds_socket(), one = s[0];

	FAILS(pass_send(fd, "x", 1, &one, 1), ENOTCONN);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(s[1]), 0);
	FAILS(pass_send(s[0], "x", 1, &one, 1), EPIPE);
	s[1] = dup(s[0]);
}
END_TEST

/* Who is never accepted takes with it what it sent. */
START_TEST(what_came_to_a_closed_listener_is_closed)
{
	int l = uds_listen("s", 1), c = uds_connect("s"), fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	pass_give(c, fds[1]);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(close(l), 0);
	pass_expect_end(fds[0]);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(unlink("s"), 0);
}
END_TEST

static Suite *
suite(void)
{
	Suite *su = suite_create("rights that nobody gets");
	TCase *tc = tcase_create("rights that nobody gets");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, who_does_not_ask_closes_them);
	tcase_add_test(tc, what_does_not_fit_is_closed);
	tcase_add_test(tc, a_bad_descriptor_sends_nothing);
	tcase_add_test(tc, malformed_control_data_is_refused);
	tcase_add_test(tc, a_full_table_closes_them);
	tcase_add_test(tc, what_nobody_received_is_closed);
	tcase_add_test(tc, what_was_sent_before_the_end_arrives);
	tcase_add_test(tc, without_a_peer_nothing_is_passed);
	tcase_add_test(tc, what_came_to_a_closed_listener_is_closed);
	suite_add_tcase(su, tc);
	return su;
}

int
main(void)
{
	SRunner *sr = srunner_create(suite());
	int failed;

	tmpdir_enter();
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	tmpdir_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
