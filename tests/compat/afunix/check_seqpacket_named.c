/* AF_UNIX sequenced packets that listen and connect: unix(7), POSIX. */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "pass.h"
#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

#define ALL (POLLIN | POLLOUT | POLLRDHUP)

static int
serve(const char *path, int backlog)
{
	int fd;

	(void)unlink(path);
	fd = uds_bind_type(SOCK_SEQPACKET, path);
	ck_assert_int_eq(listen(fd, backlog), 0);
	return fd;
}

static int
join(const char *path)
{
	int fd = uds_bind_type(SOCK_SEQPACKET, NULL);

	ck_assert_int_eq(uds_try_connect_fd(fd, path), 0);
	return fd;
}

static void
expect_name(int fd, int peer, const char *path)
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);

	ck_assert_int_eq(peer ? getpeername(fd, (struct sockaddr *)&un, &len) :
	    getsockname(fd, (struct sockaddr *)&un, &len), 0);
	if (path == NULL) {
		ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path));
		return;
	}
	ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path) +
	    strlen(path) + 1);
	ck_assert_str_eq(un.sun_path, path);
}

/* connect(2): who is in the queue can be accepted; streams have it, too. */
START_TEST(who_has_connected_is_there_at_once)
{
	static const int types[] = { SOCK_SEQPACKET, SOCK_STREAM };
	int a, c, i, l[2];

	for (i = 0; i < 2; i++) {
		l[i] = uds_bind_type(types[i], i == 0 ? "packets" : "stream");
		ck_assert_int_eq(listen(l[i], 5), 0);
	}
	for (i = 0; i < 400; i++) {
		c = uds_bind_type(types[i % 2], NULL);
		ck_assert_int_eq(uds_try_connect_fd(c, i % 2 == 0 ?
		    "packets" : "stream"), 0);
		ck_assert_int_eq(uds_events(l[i % 2], POLLIN), POLLIN);
		a = accept(l[i % 2], NULL, NULL);
		ck_assert_int_ge(a, 0);
		ck_assert_int_eq(uds_events(l[i % 2], POLLIN), 0);
		ck_assert_int_eq(close(c), 0);
		ck_assert_int_eq(close(a), 0);
	}
	uds_close_pair(l);
}
END_TEST

/* accept(2), getsockname(2); recvfrom(2): each message has its sender. */
START_TEST(a_client_and_its_server_know_each_other)
{
	int l = serve("server", 5), c, a;
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	struct stat st;
	char buf[8];

	ck_assert_int_eq(lstat("server", &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	(void)unlink("client");
	c = uds_bind_type(SOCK_SEQPACKET, "client");
	ck_assert_int_eq(uds_events(l, ALL), 0);
	ck_assert_int_eq(uds_try_connect_fd(c, "server"), 0);
	ck_assert_int_eq(send(c, "early", 5, 0), 5);
	ck_assert_int_eq(uds_events(l, ALL), POLLIN);
	a = accept(l, (struct sockaddr *)&un, &len);
	ck_assert_int_ge(a, 0);
	ck_assert_str_eq(un.sun_path, "client");
	expect_name(a, 0, "server");
	expect_name(a, 1, "client");
	expect_name(c, 1, "server");
	memset(&un, 0, sizeof(un));
	len = sizeof(un);
	ck_assert_int_eq(recvfrom(a, buf, 8, 0, (struct sockaddr *)&un, &len),
	    5);
	ck_assert_str_eq(un.sun_path, "client");
	ck_assert_int_eq(send(a, "back", 4, 0), 4);
	len = sizeof(un);
	ck_assert_int_eq(recvfrom(c, buf, 8, 0, (struct sockaddr *)&un, &len),
	    4);
	ck_assert_str_eq(un.sun_path, "server");
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(recv(a, buf, 8, 0), 0);
	expect_name(a, 1, "client");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* connect(2): ENOENT, ECONNREFUSED, EPROTOTYPE, EISCONN. */
START_TEST(who_cannot_connect_is_told_why)
{
	int l = serve("server", 5), s, d, c;

	c = uds_bind_type(SOCK_SEQPACKET, NULL);
	FAILS(uds_try_connect_fd(c, "nothing"), ENOENT);
	(void)unlink("quiet");
	s = uds_bind_type(SOCK_SEQPACKET, "quiet");
	FAILS(uds_try_connect_fd(c, "quiet"), ECONNREFUSED);
	ck_assert_int_eq(close(s), 0);
	FAILS(uds_try_connect_fd(c, "quiet"), ECONNREFUSED);
	s = uds_socket();
	d = uds_bind_type(SOCK_DGRAM, NULL);
	FAILS(uds_try_connect_fd(d, "server"), EPROTOTYPE);
	ck_assert_int_eq(close(s), 0);
	ck_assert_int_eq(close(d), 0);
	(void)unlink("datagrams");
	d = uds_bind_type(SOCK_DGRAM, "datagrams");
	FAILS(uds_try_connect_fd(c, "datagrams"), EPROTOTYPE);
	ck_assert_int_eq(uds_try_connect_fd(c, "server"), 0);
	FAILS(uds_try_connect_fd(c, "server"), EISCONN);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(d), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* listen(2): a full backlog is EAGAIN for who does not block. */
START_TEST(the_backlog_is_kept)
{
	int l = serve("server", 1), c[3], i, a;

	for (i = 0; i < 3; i++)
		c[i] = uds_bind_type(SOCK_SEQPACKET | SOCK_NONBLOCK, NULL);
	ck_assert_int_eq(uds_try_connect_fd(c[0], "server"), 0);
	ck_assert_int_eq(uds_try_connect_fd(c[1], "server"), 0);
	FAILS(uds_try_connect_fd(c[2], "server"), EAGAIN);
	a = accept4(l, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(uds_try_connect_fd(c[2], "server"), 0);
	ck_assert_int_eq(send(c[0], "first", 5, 0), 5);
	uds_expect(a, "first");
	FAILS(read(a, &i, 1), EAGAIN);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(close(c[i]), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* Nobody accepted it: ECONNRESET, once. */
START_TEST(a_listener_that_closes_resets_who_waits)
{
	int l = serve("server", 5), c = join("server");
	char b;

	ck_assert_int_eq(send(c, "early", 5, 0), 5);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(uds_events(c, ALL),
	    POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDHUP);
	FAILS(recv(c, &b, 1, 0), ECONNRESET);
	ck_assert_int_eq(recv(c, &b, 1, 0), 0);
	FAILS(send(c, "x", 1, MSG_NOSIGNAL), EPIPE);
	ck_assert_int_eq(close(c), 0);
}
END_TEST

/* It closed before it was accepted: what it sent is there, and then the end. */
START_TEST(a_client_that_left_early_was_there)
{
	int l = serve("server", 5), c = join("server"), a;
	char b;

	ck_assert_int_eq(send(c, "gone", 4, 0), 4);
	ck_assert_int_eq(close(c), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	uds_expect(a, "gone");
	ck_assert_int_eq(recv(a, &b, 1, 0), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

START_TEST(a_listener_is_no_connection)
{
	int l = serve("server", 5), n, one = 0;
	socklen_t len = sizeof(one);
	char c;

	FAILS(send(l, "x", 1, 0), ENOTCONN);
	FAILS(recv(l, &c, 1, 0), ENOTCONN);
	FAILS(ioctl(l, FIONREAD, &n), EINVAL);
	FAILS(uds_try_connect_fd(l, "server"), EINVAL);
	ck_assert_int_eq(getsockopt(l, SOL_SOCKET, SO_ACCEPTCONN, &one, &len),
	    0);
	ck_assert_int_eq(one, 1);
	ck_assert_int_eq(fcntl(l, F_SETFL, O_NONBLOCK), 0);
	FAILS(accept(l, NULL, NULL), EAGAIN);
	ck_assert_int_eq(fcntl(l, F_SETFL, 0), 0);
	ck_assert_int_eq(shutdown(l, SHUT_RD), 0);
	FAILS(accept(l, NULL, NULL), EINVAL);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* unix(7), SCM_RIGHTS, over a connection, both ways. */
START_TEST(descriptors_go_over_a_connection)
{
	int l = serve("server", 5), c = join("server"), p[2], a, got;

	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(pipe(p), 0);
	pass_give(c, p[1]);
	ck_assert_int_eq(close(p[1]), 0);
	got = pass_get(a);
	pass_give(a, got);
	ck_assert_int_eq(close(got), 0);
	got = pass_get(c);
	ck_assert_int_eq(write(got, "x", 1), 1);
	ck_assert_int_eq(read(p[0], &(char){ 0 }, 1), 1);
	ck_assert_int_eq(close(got), 0);
	pass_expect_end(p[0]);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

START_TEST(two_hundred_connections_come_and_go)
{
	int l = serve("server", 5), c, a, i;

	for (i = 0; i < 200; i++) {
		c = join("server");
		a = accept(l, NULL, NULL);
		ck_assert_int_ge(a, 0);
		uds_exchange(c, a);
		ck_assert_int_eq(close(i % 2 != 0 ? a : c), 0);
		ck_assert_int_eq(read(i % 2 != 0 ? c : a, &(char){ 0 }, 1), 0);
		ck_assert_int_eq(close(i % 2 != 0 ? c : a), 0);
	}
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* shutdown(2) of Linux: of a socket without peer it is for what comes later. */
static void
ck_shut_before(int l, int how)
{
	const int in = how != SHUT_WR ? POLLIN | POLLRDHUP : 0;
	const int hup = how == SHUT_RDWR ? POLLHUP : 0;
	int c = uds_bind_type(SOCK_SEQPACKET, NULL), a;
	char ch;

	ck_assert_int_eq(shutdown(c, how), 0);
	ck_assert_int_eq(uds_try_connect_fd(c, "server"), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(uds_events(c, ALL), POLLOUT | in | hup);
	ck_assert_int_eq(uds_events(a, ALL), POLLOUT);
	if (how != SHUT_RD)
		FAILS(send(c, "x", 1, MSG_NOSIGNAL), EPIPE);
	else
		ck_assert_int_eq(send(c, "x", 1, MSG_NOSIGNAL), 1);
	if (how != SHUT_WR) {
		FAILS(send(a, "y", 1, MSG_NOSIGNAL), EPIPE);
		ck_assert_int_eq(recv(c, &ch, 1, 0), 0);
	} else {
		FAILS(recv(c, &ch, 1, MSG_DONTWAIT), EAGAIN);
		uds_expect_nothing(a);
		ck_assert_int_eq(send(a, "y", 1, 0), 1);
		uds_expect(c, "y");
	}
	if (how == SHUT_RD)
		uds_expect(a, "x");
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(recv(a, &ch, 1, 0), 0);
	ck_assert_int_eq(close(a), 0);
}

START_TEST(what_was_shut_before_stays_shut)
{
	int l = serve("server", 5), how;

	for (how = SHUT_RD; how <= SHUT_RDWR; how++)
		ck_shut_before(l, how);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* Give one end away, by either kind of connection; it is as good as before. */
static void
ck_passed(int type, int end, int other)
{
	int road[2], got;

	uds_pair(type, road);
	ck_assert_int_eq(send(other, "early", 5, 0), 5);
	pass_give(road[0], end);
	ck_assert_int_eq(close(end), 0);
	ck_assert_int_eq(uds_events(other, ALL), POLLOUT);
	got = pass_get(road[1]);
	uds_expect(got, "early");
	uds_exchange(got, other);
	/* And what it passes on. */
	pass_give(got, road[0]);
	ck_assert_int_eq(close(road[0]), 0);
	road[0] = pass_get(other);
	uds_exchange(road[0], road[1]);
	/* On its way it is closed with the last who could receive it. */
	pass_give(road[0], got);
	ck_assert_int_eq(close(got), 0);
	ck_assert_int_eq(close(road[1]), 0);
	ck_assert_int_eq(close(road[0]), 0);
	ck_assert_int_eq(uds_events(other, ALL), ALL | POLLHUP);
	ck_assert_int_eq(recv(other, &(char){ 0 }, 1, 0), 0);
	ck_assert_int_eq(close(other), 0);
}

/* unix(7): SCM_RIGHTS passes a socket in any state; LIM-UNIX-30. */
START_TEST(a_connected_socket_can_be_passed)
{
	static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET };
	int l = serve("server", 5), fds[2], c;
	size_t i;

	for (i = 0; i < 2; i++) {
		uds_pair(SOCK_SEQPACKET, fds);
		ck_passed(types[i], fds[0], fds[1]);
		c = join("server");
		ck_passed(types[i], c, accept(l, NULL, NULL));
		c = join("server");
		ck_passed(types[i], accept(l, NULL, NULL), c);
		/* One that has a name of its own. */
		(void)unlink("client");
		c = uds_bind_type(SOCK_SEQPACKET, "client");
		ck_assert_int_eq(uds_try_connect_fd(c, "server"), 0);
		ck_passed(types[i], c, accept(l, NULL, NULL));
	}
	ck_assert_int_eq(close(l), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		who_has_connected_is_there_at_once,
		a_client_and_its_server_know_each_other,
		who_cannot_connect_is_told_why,
		the_backlog_is_kept,
		a_listener_that_closes_resets_who_waits,
		a_client_that_left_early_was_there,
		a_listener_is_no_connection,
		descriptors_go_over_a_connection,
		two_hundred_connections_come_and_go,
		what_was_shut_before_stays_shut,
		a_connected_socket_can_be_passed,
	};

	return run_cases("seqpacket_named", tests,
	    sizeof(tests) / sizeof(*tests));
}
