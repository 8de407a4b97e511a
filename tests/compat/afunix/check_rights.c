/* SCM_RIGHTS within one process: unix(7), cmsg(3), recvmsg(2). */
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pass.h"
#include "support/fails.h"
#include "support/tmpdir.h"
#include "uds.h"

#define SCM_MAX_FD 253

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

/* unix(7): as if dup'ed: the description is one, with one offset. */
START_TEST(a_file_arrives_with_its_offset)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), got;
	char c;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "abcdef", 6), 6);
	ck_assert_int_eq(lseek(fd, 2, SEEK_SET), 2);
	pass_give(s[0], fd);
	got = pass_get(s[1]);
	ck_assert_int_ne(got, fd);
	ck_assert_int_eq(read(got, &c, 1), 1);
	ck_assert_int_eq(c, 'c');
	ck_assert_int_eq(read(fd, &c, 1), 1);
	ck_assert_int_eq(c, 'd');
	ck_assert_int_eq(lseek(got, 0, SEEK_CUR), 4);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(read(got, &c, 1), 1);
	ck_assert_int_eq(c, 'e');
	ck_assert_int_eq(close(got), 0);
}
END_TEST

/* open(2): file status flags belong to the description. */
START_TEST(status_flags_are_shared)
{
	int fds[2], got;

	ck_assert_int_eq(pipe(fds), 0);
	pass_give(s[0], fds[0]);
	got = pass_get(s[1]);
	ck_assert_int_eq(fcntl(got, F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_ne(fcntl(fds[0], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(fcntl(got, F_GETFD), 0);
	ck_assert_int_eq(close(got), 0);
	uds_close_pair(fds);
}
END_TEST

START_TEST(pipes_sockets_and_eventfds_arrive)
{
	int fds[2], pair[2], ev = eventfd(0, 0), all[3], i;
	struct pass p;
	uint64_t value = 5;
	char c;

	ck_assert_int_ge(ev, 0);
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	all[0] = fds[1];
	all[1] = pair[1];
	all[2] = ev;
	ck_assert_int_eq(pass_send(s[0], "abc", 3, all, 3), 3);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(close(all[i]), 0);
	ck_assert_int_eq(pass_recv(s[1], 3, 3, 0, &p), 3);
	ck_assert_mem_eq(p.bytes, "abc", 3);
	ck_assert_int_eq(p.n, 3);
	ck_assert_int_eq(p.flags & MSG_CTRUNC, 0);
	ck_assert_int_eq(write(p.fds[0], "x", 1), 1);
	ck_assert_int_eq(read(fds[0], &c, 1), 1);
	uds_exchange(pair[0], p.fds[1]);
	ck_assert_int_eq(write(p.fds[2], &value, sizeof(value)),
	    sizeof(value));
	value = 0;
	ck_assert_int_eq(read(p.fds[2], &value, sizeof(value)),
	    sizeof(value));
	ck_assert_uint_eq(value, 5);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(close(p.fds[i]), 0);
	ck_assert_int_eq(read(pair[0], &c, 1), 0);
	ck_assert_int_eq(close(pair[0]), 0);
	pass_expect_end(fds[0]);
}
END_TEST

/* A socket that came by a socket brings the next one. */
START_TEST(a_passed_socket_passes_on)
{
	int pair[2], fds[2], got, end;
	char c;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(pipe(fds), 0);
	pass_give(pair[0], fds[1]);
	ck_assert_int_eq(close(fds[1]), 0);
	pass_give(s[0], pair[1]);
	ck_assert_int_eq(close(pair[1]), 0);
	got = pass_get(s[1]);
	end = pass_get(got);
	ck_assert_int_eq(write(end, "x", 1), 1);
	ck_assert_int_eq(read(fds[0], &c, 1), 1);
	ck_assert_int_eq(close(end), 0);
	pass_expect_end(fds[0]);
	ck_assert_int_eq(close(got), 0);
	pass_expect_end(pair[0]);
}
END_TEST

/*
 * unix(7): four bytes, one with ancillary data, four more; "the first call
 * will receive five bytes of data, along with the ancillary data".
 */
START_TEST(descriptors_are_a_barrier)
{
	struct pass p;
	int fd = open("f", O_RDWR | O_CREAT, 0600);

	ck_assert_int_eq(write(s[0], "1234", 4), 4);
	ck_assert_int_eq(pass_send(s[0], "5", 1, &fd, 1), 1);
	ck_assert_int_eq(write(s[0], "6789", 4), 4);
	ck_assert_int_eq(pass_recv(s[1], 20, 4, 0, &p), 5);
	ck_assert_mem_eq(p.bytes, "12345", 5);
	ck_assert_int_eq(p.n, 1);
	ck_assert_int_eq(close(p.fds[0]), 0);
	ck_assert_int_eq(pass_recv(s[1], 20, 4, 0, &p), 4);
	ck_assert_mem_eq(p.bytes, "6789", 4);
	ck_assert_int_eq(p.n, 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(two_messages_are_not_read_together)
{
	struct pass p;
	int fd = open("f", O_RDWR | O_CREAT, 0600), i;

	ck_assert_int_eq(pass_send(s[0], "ab", 2, &fd, 1), 2);
	ck_assert_int_eq(pass_send(s[0], "cd", 2, &fd, 1), 2);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(pass_recv(s[1], 20, 4, MSG_WAITALL, &p), 2);
		ck_assert_mem_eq(p.bytes, i == 0 ? "ab" : "cd", 2);
		ck_assert_int_eq(p.n, 1);
		ck_assert_int_eq(close(p.fds[0]), 0);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(they_come_with_the_first_byte)
{
	struct pass p;
	int fd = open("f", O_RDWR | O_CREAT, 0600);

	ck_assert_int_eq(write(s[0], "12", 2), 2);
	ck_assert_int_eq(pass_send(s[0], "abcd", 4, &fd, 1), 4);
	ck_assert_int_eq(pass_recv(s[1], 2, 4, 0, &p), 2);
	ck_assert_int_eq(p.n, 0);
	ck_assert_int_eq(pass_recv(s[1], 2, 4, 0, &p), 2);
	ck_assert_mem_eq(p.bytes, "ab", 2);
	ck_assert_int_eq(p.n, 1);
	ck_assert_int_eq(close(p.fds[0]), 0);
	/* What is left is a stream like any other. */
	ck_assert_int_eq(write(s[0], "ef", 2), 2);
	ck_assert_int_eq(pass_recv(s[1], 20, 4, 0, &p), 4);
	ck_assert_mem_eq(p.bytes, "cdef", 4);
	ck_assert_int_eq(p.n, 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* recvmsg(2), MSG_CMSG_CLOEXEC. */
START_TEST(close_on_exec_can_be_asked_for)
{
	struct pass p;

	pass_give(s[0], s[0]);
	ck_assert_int_eq(pass_recv(s[1], 1, 1, MSG_CMSG_CLOEXEC, &p), 1);
	ck_assert_int_eq(p.n, 1);
	ck_assert_int_eq(p.flags, MSG_CMSG_CLOEXEC);
	ck_assert_int_eq(fcntl(p.fds[0], F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(close(p.fds[0]), 0);
}
END_TEST

/* unix(7), SCM_RIGHTS: at most SCM_MAX_FD. */
START_TEST(so_many_fit_and_one_more_does_not)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), fds[SCM_MAX_FD + 1], i;
	static struct pass p;

	for (i = 0; i <= SCM_MAX_FD; i++)
		fds[i] = fd;
	FAILS(pass_send(s[0], "x", 1, fds, SCM_MAX_FD + 1), EINVAL);
	ck_assert_int_eq(pass_send(s[0], "y", 1, fds, SCM_MAX_FD), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(pass_recv(s[1], 8, PASS_MAX, 0, &p), 1);
	ck_assert_int_eq(p.bytes[0], 'y');
	ck_assert_int_eq(p.n, SCM_MAX_FD);
	for (i = 0; i < SCM_MAX_FD; i++)
		ck_assert_int_eq(close(p.fds[i]), 0);
}
END_TEST

/* cmsg(3); scm_fp_copy() of Linux: the limit is a message's, not a list's. */
START_TEST(two_lists_are_counted_together)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), fds[SCM_MAX_FD + 1], i;
	static struct pass p;

	for (i = 0; i <= SCM_MAX_FD; i++)
		fds[i] = fd;
	FAILS(pass_two(s[0], fds, SCM_MAX_FD, 1), EINVAL);
	FAILS(pass_two(s[0], fds, 1, SCM_MAX_FD), EINVAL);
	FAILS(pass_two(s[0], fds, 200, SCM_MAX_FD + 1 - 200), EINVAL);
	FAILS(pass_recv(s[1], 8, 1, MSG_DONTWAIT, &p), EAGAIN);
	ck_assert_int_eq(pass_two(s[0], fds, 200, SCM_MAX_FD - 200), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(pass_recv(s[1], 8, PASS_MAX, 0, &p), 1);
	ck_assert_int_eq(p.n, SCM_MAX_FD);
	for (i = 0; i < SCM_MAX_FD; i++)
		ck_assert_int_eq(close(p.fds[i]), 0);
}
END_TEST

/* unix(7): a peek makes descriptors too, and leaves them where they are. */
START_TEST(a_peek_has_descriptors_of_its_own)
{
	int end = pass_last(s[0]);
	struct pass a, b;

	ck_assert_int_eq(pass_recv(s[1], 8, 1, MSG_PEEK, &a), 1);
	ck_assert_int_eq(a.n, 1);
	ck_assert_int_eq(pass_recv(s[1], 8, 1, 0, &b), 1);
	ck_assert_int_eq(b.n, 1);
	ck_assert_int_ne(a.fds[0], b.fds[0]);
	ck_assert_int_eq(close(a.fds[0]), 0);
	ck_assert_int_eq(write(b.fds[0], "x", 1), 1);
	ck_assert_int_eq(read(end, a.bytes, 1), 1);
	ck_assert_int_eq(close(b.fds[0]), 0);
	pass_expect_end(end);
}
END_TEST

/* Who peeks without a buffer for them leaves them, too. */
START_TEST(a_peek_that_asks_for_none_leaves_them)
{
	int end = pass_last(s[0]);
	struct pass p;
	char c;

	ck_assert_int_eq(recv(s[1], &c, 1, MSG_PEEK), 1);
	ck_assert_int_eq(pass_recv(s[1], 8, -1, MSG_PEEK, &p), 1);
	ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
	ck_assert_int_eq(pass_recv(s[1], 8, 1, 0, &p), 1);
	ck_assert_int_eq(p.n, 1);
	ck_assert_int_eq(close(p.fds[0]), 0);
	pass_expect_end(end);
}
END_TEST

/* By connect and accept, either way, before the server has accepted too. */
START_TEST(connections_pass_descriptors)
{
	int l = uds_listen("s", 1), c = uds_connect("s"), a, fds[2], got;
	char byte;

	ck_assert_int_eq(pipe(fds), 0);
	pass_give(c, fds[1]);
	ck_assert_int_eq(close(fds[1]), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	got = pass_get(a);
	pass_give(a, got);
	ck_assert_int_eq(close(got), 0);
	got = pass_get(c);
	ck_assert_int_eq(write(got, "x", 1), 1);
	ck_assert_int_eq(read(fds[0], &byte, 1), 1);
	ck_assert_int_eq(close(got), 0);
	pass_expect_end(fds[0]);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink("s"), 0);
}
END_TEST

/* sendmsg(2), EAGAIN: all that was taken arrives, and then there is room. */
START_TEST(as_many_as_fit_arrive)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), round, sent, got, n;

	ck_assert_int_eq(fcntl(s[0], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(fcntl(s[1], F_SETFL, O_NONBLOCK), 0);
	for (round = 0; round < 2; round++) {
		for (sent = 0; pass_send(s[0], "x", 1, &fd, 1) == 1; sent++)
			;
		ck_assert_int_eq(errno, EAGAIN);
		ck_assert_int_gt(sent, 16);
		for (got = 0; got < sent; got++) {
			n = pass_get(s[1]);
			ck_assert_int_eq(close(n), 0);
		}
		FAILS(read(s[1], &n, 1), EAGAIN);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

#define MESSAGES 400

/*
 * Messages of one byte, R, with the reading end of a pipe in which its number
 * is, between plain bytes; each is the last that is read at once.
 */
static void *
mix(void *arg)
{
	unsigned int seed = 1, i, n;
	int fds[2];

	for (i = 0; i < MESSAGES; i++) {
		seed = seed * 1103515245U + 12345U;
		n = seed >> 16 & 7;
		if (pipe(fds) != 0 || write(fds[1], &i, sizeof(i)) !=
		    sizeof(i) || (n > 0 && write(s[0], "ppppppp", n) !=
		    (ssize_t)n) || pass_send(s[0], "R", 1, fds, 1) != 1 ||
		    close(fds[0]) != 0 || close(fds[1]) != 0)
			return arg;
	}
	return NULL;
}

START_TEST(messages_and_bytes_keep_their_order)
{
	unsigned int i, number;
	struct pass p;
	pthread_t thread;
	void *failed = s;
	ssize_t n;
	char *end;

	ck_assert_int_eq(pthread_create(&thread, NULL, mix, s), 0);
	for (i = 0; i < MESSAGES;) {
		n = pass_recv(s[1], 20, 4, 0, &p);
		ck_assert_int_gt(n, 0);
		end = memchr(p.bytes, 'R', (size_t)n);
		ck_assert_int_eq(p.n, end != NULL);
		if (end == NULL)
			continue;
		ck_assert_ptr_eq(end, p.bytes + n - 1);
		ck_assert_int_eq(read(p.fds[0], &number, sizeof(number)),
		    sizeof(number));
		ck_assert_uint_eq(number, i++);
		ck_assert_int_eq(close(p.fds[0]), 0);
	}
	ck_assert_int_eq(pthread_join(thread, &failed), 0);
	ck_assert_ptr_null(failed);
}
END_TEST

static Suite *
suite(void)
{
	Suite *su = suite_create("rights");
	TCase *tc = tcase_create("rights");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_file_arrives_with_its_offset);
	tcase_add_test(tc, status_flags_are_shared);
	tcase_add_test(tc, pipes_sockets_and_eventfds_arrive);
	tcase_add_test(tc, a_passed_socket_passes_on);
	tcase_add_test(tc, descriptors_are_a_barrier);
	tcase_add_test(tc, two_messages_are_not_read_together);
	tcase_add_test(tc, they_come_with_the_first_byte);
	tcase_add_test(tc, close_on_exec_can_be_asked_for);
	tcase_add_test(tc, so_many_fit_and_one_more_does_not);
	tcase_add_test(tc, two_lists_are_counted_together);
	tcase_add_test(tc, a_peek_has_descriptors_of_its_own);
	tcase_add_test(tc, a_peek_that_asks_for_none_leaves_them);
	tcase_add_test(tc, connections_pass_descriptors);
	tcase_add_test(tc, as_many_as_fit_arrive);
	tcase_add_test(tc, messages_and_bytes_keep_their_order);
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
