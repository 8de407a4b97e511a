/* socketpair(2). */
#include <sys/socket.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

START_TEST(the_two_ends_talk)
{
	char buf[8];
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(write(fds[0], "ping", 4), 4);
	ck_assert_int_eq(read(fds[1], buf, sizeof(buf)), 4);
	ck_assert_mem_eq(buf, "ping", 4);
	ck_assert_int_eq(write(fds[1], "pong", 4), 4);
	ck_assert_int_eq(read(fds[0], buf, sizeof(buf)), 4);
	ck_assert_mem_eq(buf, "pong", 4);
	ck_assert_int_eq(shutdown(fds[0], SHUT_WR), 0);
	ck_assert_int_eq(read(fds[1], buf, sizeof(buf)), 0);
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

/* socketpair(2): unnamed, connected, of the asked family. */
START_TEST(the_ends_are_unnamed_unix_sockets)
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	int fds[2], domain = 0;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(getpeername(fds[0], (struct sockaddr *)&un, &len),
	    0);
	ck_assert_int_eq(un.sun_family, AF_UNIX);
	ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path));
	len = sizeof(domain);
	ck_assert_int_eq(getsockopt(fds[1], SOL_SOCKET, SO_DOMAIN, &domain,
	    &len), 0);
	ck_assert_int_eq(domain, AF_UNIX);
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

START_TEST(the_flags_are_for_both_ends)
{
	int fds[2], i;
	char c;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, fds), 0);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(fcntl(fds[i], F_GETFD), FD_CLOEXEC);
		errno = 0;
		ck_assert_int_eq(read(fds[i], &c, 1), -1);
		ck_assert_int_eq(errno, EAGAIN);
	}
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

/* socketpair(2), EOPNOTSUPP, EAFNOSUPPORT. */
START_TEST(only_unix_sockets_come_in_pairs)
{
	int fds[2];

	errno = 0;
	ck_assert_int_eq(socketpair(AF_INET, SOCK_STREAM, 0, fds), -1);
	ck_assert_int_eq(errno, EOPNOTSUPP);
	errno = 0;
	ck_assert_int_eq(socketpair(12345, SOCK_STREAM, 0, fds), -1);
	ck_assert_int_eq(errno, EAFNOSUPPORT);
}
END_TEST

START_TEST(many_pairs_can_be_made)
{
	int fds[2], i;
	char c;

	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		ck_assert_int_eq(write(fds[0], "x", 1), 1);
		ck_assert_int_eq(read(fds[1], &c, 1), 1);
		ck_assert_int_eq(close(fds[0]), 0);
		ck_assert_int_eq(close(fds[1]), 0);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("socketpair");
	TCase *tc = tcase_create("socketpair");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, the_two_ends_talk);
	tcase_add_test(tc, the_ends_are_unnamed_unix_sockets);
	tcase_add_test(tc, the_flags_are_for_both_ends);
	tcase_add_test(tc, only_unix_sockets_come_in_pairs);
	tcase_add_test(tc, many_pairs_can_be_made);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
