/* What is refused before there is a socket, and by what was done before. */
#include <netinet/in.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "compat/afunix/uds.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

/* socket(2), socketpair(2). */
START_TEST(what_there_is_not_cannot_be_made)
{
	static const struct {
		int domain, type, protocol, err, pair_err;
	} row[] = {
		{ 12345, SOCK_STREAM, 0, EAFNOSUPPORT, EAFNOSUPPORT },
		{ -1, SOCK_STREAM, 0, EAFNOSUPPORT, EAFNOSUPPORT },
		{ AF_UNSPEC, SOCK_STREAM, 0, EAFNOSUPPORT, EAFNOSUPPORT },
		{ AF_INET, 99, 0, EINVAL, EINVAL },
		{ AF_INET, SOCK_RDM, 0, ESOCKTNOSUPPORT, ESOCKTNOSUPPORT },
		{ AF_INET, SOCK_SEQPACKET, 0, ESOCKTNOSUPPORT,
		    ESOCKTNOSUPPORT },
		{ AF_INET, SOCK_STREAM, IPPROTO_UDP, EPROTONOSUPPORT,
		    EPROTONOSUPPORT },
		{ AF_INET, SOCK_DGRAM, IPPROTO_TCP, EPROTONOSUPPORT,
		    EPROTONOSUPPORT },
		{ AF_INET, SOCK_STREAM, 250, EPROTONOSUPPORT,
		    EPROTONOSUPPORT },
		{ AF_INET, SOCK_RAW, 0, EPROTONOSUPPORT, EPROTONOSUPPORT },
		{ AF_INET, SOCK_STREAM, -1, EINVAL, EINVAL },
		{ AF_INET6, SOCK_STREAM, IPPROTO_UDP, EPROTONOSUPPORT,
		    EPROTONOSUPPORT },
		{ AF_UNIX, 99, 0, EINVAL, EINVAL },
		{ AF_UNIX, SOCK_RDM, 0, ESOCKTNOSUPPORT, ESOCKTNOSUPPORT },
		{ AF_UNIX, SOCK_STREAM, 5, EPROTONOSUPPORT, EPROTONOSUPPORT },
	};
	size_t i;
	int p[2];

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		errno = 0;
		ck_assert_int_eq(socket(row[i].domain, row[i].type,
		    row[i].protocol), -1);
		ck_assert_msg(errno == row[i].err, "socket, row %d: %d",
		    (int)i, errno);
		errno = 0;
		ck_assert_int_eq(socketpair(row[i].domain, row[i].type,
		    row[i].protocol, p), -1);
		ck_assert_msg(errno == row[i].pair_err, "pair, row %d: %d",
		    (int)i, errno);
	}
	FAILS(socketpair(AF_INET, SOCK_STREAM, 0, p), EOPNOTSUPP);
	FAILS(socketpair(AF_INET, SOCK_DGRAM, 0, p), EOPNOTSUPP);
}
END_TEST

/* recv(2), EFAULT: the data stay. */
START_TEST(data_for_nowhere_stay)
{
	char *volatile nowhere = NULL;
	char c = 0;
	int p[2];

	net_pair(p);
	FAILS(send(p[0], nowhere, 1, 0), EFAULT);
	ck_assert_int_eq(send(p[0], "x", 1, 0), 1);
	(void)net_wait(p[1], POLLIN);
	FAILS(recv(p[1], nowhere, 1, 0), EFAULT);
	ck_assert_int_eq(recv(p[1], &c, 1, 0), 1);
	ck_assert_int_eq(c, 'x');
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* recv(2): without urgent data there is nothing to wait for. */
START_TEST(urgent_data_are_not_waited_for)
{
	char c;
	int p[2];

	net_pair(p);
	FAILS(recv(p[1], &c, 1, MSG_OOB), EINVAL);
	ck_assert_int_eq(send(p[0], "x", 1, 0), 1);
	(void)net_wait(p[1], POLLIN);
	FAILS(recv(p[1], &c, 1, MSG_OOB), EINVAL);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/*
 * connect(2), EINPROGRESS, EALREADY.  Linux drops who comes to a full backlog,
 * so that he tries again; NT refuses him.
 */
START_TEST(a_second_connect_finds_the_first_on_its_way)
{
	struct sockaddr_in in;
	uint16_t port;
	int l = net_listen(&port), fd[64], n, last = 0;

	ck_assert_int_eq(listen(l, 1), 0);
	net_loopback(&in, port);
	for (n = 0; n < 64; n++) {
		fd[n] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		ck_assert_int_ge(fd[n], 0);
		if (connect(fd[n], (struct sockaddr *)&in, sizeof(in)) != 0)
			ck_assert_int_eq(errno, EINPROGRESS);
		if (poll(&(struct pollfd){ .fd = fd[n], .events = POLLOUT }, 1,
		    200) == 0)
			break;
	}
	if (n == 64) {
		host_skip("a_second_connect_finds_the_first_on_its_way",
		    "LIM-SOCK-31: a full backlog refuses here");
		last = --n;
	} else {
		last = n;
		FAILS(connect(fd[n], (struct sockaddr *)&in, sizeof(in)),
		    EALREADY);
		FAILS(connect(fd[n], (struct sockaddr *)&in, sizeof(in)),
		    EALREADY);
		FAILS(getpeername(fd[n], (struct sockaddr *)&in,
		    &(socklen_t){ sizeof(in) }), ENOTCONN);
	}
	for (; last >= 0; last--)
		ck_assert_int_eq(close(fd[last]), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* unix(7), path_resolution(7): ENOTDIR, ENOENT, EACCES, EINVAL. */
START_TEST(paths_have_their_errors)
{
	struct sockaddr_un un;
	int fd = open("plain", O_WRONLY | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(uds_try_bind("plain/x"), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(uds_try_connect("plain/x", 0), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(uds_try_bind("no/x"), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(uds_try_bind("."), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_int_eq(uds_try_connect(".", 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	fd = uds_socket();
	(void)uds_addr(&un, "plain");
	FAILS(connect(fd, (struct sockaddr *)&un, sizeof(un) + 1), EINVAL);
	FAILS(bind(fd, (struct sockaddr *)&un, sizeof(un) + 1), EINVAL);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("plain"), 0);
}
END_TEST

/* connect(2), EACCES. */
START_TEST(who_may_not_is_told_so)
{
	int l = uds_listen("s", 1), fd;

	ck_assert_int_eq(host_deny("s"), 0);
	host_give_up_root();
	fd = uds_try_connect("s", 0);
	if (fd >= 0 && host_is_wine()) {
		host_skip("who_may_not_is_told_so",
		    "Wine denies root nothing");
		ck_assert_int_eq(close(fd), 0);
	} else {
		ck_assert_int_eq(fd, -1);
		ck_assert_int_eq(errno, EACCES);
	}
	host_take_root();
	ck_assert_int_eq(host_allow("s"), 0);
	ck_assert_int_eq(close(uds_connect("s")), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink("s"), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_there_is_not_cannot_be_made,
		data_for_nowhere_stay,
		urgent_data_are_not_waited_for,
		a_second_connect_finds_the_first_on_its_way,
		paths_have_their_errors,
		who_may_not_is_told_so,
	};

	return run_cases("refused", tests, sizeof(tests) / sizeof(tests[0]));
}
