/* Who is at the other end: getpeereid(3) of BSD, LOCAL_PEERPID of macOS. */
#include <sys/socket.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <compat.h>

#include "support/main.h"
#include "uds.h"

#define PATH "s"

static void
expect_own_ids(int fd)
{
	uid_t uid = 12345;
	gid_t gid = 12345;

	ck_assert_int_eq(getpeereid(fd, &uid, &gid), 0);
	ck_assert_uint_eq(uid, geteuid());
	ck_assert_uint_eq(gid, getegid());
}

/* getpeereid(3): the effective ids, at both ends. */
START_TEST(a_peer_of_ours_has_our_ids)
{
	int l = uds_listen(PATH, 1), c = uds_connect(PATH);
	int a = accept(l, NULL, NULL), fds[2];

	ck_assert_int_ge(a, 0);
	expect_own_ids(c);
	expect_own_ids(a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	expect_own_ids(fds[0]);
	uds_close_pair(fds);
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

/* getpeereid(3), EBADF, ENOTSOCK, ENOTCONN. */
START_TEST(who_has_no_peer_is_told_so)
{
	int fd = uds_socket(), fds[2];
	uid_t uid = 12345;
	gid_t gid = 12345;

	errno = 0;
	ck_assert_int_eq(getpeereid(fd, &uid, &gid), -1);
	ck_assert_int_eq(errno, ENOTCONN);
	errno = 0;
	ck_assert_int_eq(getpeereid(fd, NULL, &gid), -1);
	ck_assert_int_eq(errno, EFAULT);
	ck_assert_int_eq(close(fd), 0);
	errno = 0;
	ck_assert_int_eq(getpeereid(fd, &uid, &gid), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_int_eq(pipe(fds), 0);
	errno = 0;
	ck_assert_int_eq(getpeereid(fds[0], &uid, &gid), -1);
	ck_assert_int_eq(errno, ENOTSOCK);
	uds_close_pair(fds);
	ck_assert_uint_eq(uid, 12345);
	ck_assert_uint_eq(gid, 12345);
}
END_TEST

#ifdef LOCAL_PEERPID
START_TEST(a_peer_has_a_number)
{
	socklen_t len = sizeof(pid_t);
	int fd = uds_socket(), fds[2];
	pid_t pid = 0;

	errno = 0;
	ck_assert_int_eq(getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, &pid, &len),
	    -1);
	ck_assert_int_eq(errno, ENOTCONN);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(getsockopt(fds[0], SOL_LOCAL, LOCAL_PEERPID, &pid,
	    &len), 0);
	ck_assert_int_eq(pid, getpid());
	ck_assert_uint_eq(len, sizeof(pid));
	errno = 0;
	ck_assert_int_eq(getsockopt(fds[0], SOL_LOCAL, 99, &pid, &len), -1);
	ck_assert_int_eq(errno, EOPNOTSUPP);
	uds_close_pair(fds);
}
END_TEST
#endif

int
main(void)
{
	const TTest *const tests[] = {
		a_peer_of_ours_has_our_ids,
		who_has_no_peer_is_told_so,
#ifdef LOCAL_PEERPID
		a_peer_has_a_number,
#endif
	};

	return run_cases("peer", tests, sizeof(tests) / sizeof(tests[0]));
}
