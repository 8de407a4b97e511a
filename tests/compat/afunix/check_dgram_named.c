/* AF_UNIX datagrams between sockets with names: unix(7), POSIX sendto(). */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"
#include "uds.h"

/* Every test binds the same names. */
static int
bound(const char *path)
{
	(void)unlink(path);
	return uds_bind_type(SOCK_DGRAM, path);
}

static int
dissolve(int fd)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	return connect(fd, &none, sizeof(none));
}

/* The name of who sent the next message; "" for none. */
static const char *
sender(int fd)
{
	static struct sockaddr_un un;
	socklen_t len = sizeof(un);
	char c;

	memset(&un, 0, sizeof(un));
	ck_assert_int_ge(recvfrom(fd, &c, 1, MSG_DONTWAIT,
	    (struct sockaddr *)&un, &len), 0);
	if (len == 0)
		return "";
	ck_assert_int_eq(un.sun_family, AF_UNIX);
	ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path) +
	    strlen(un.sun_path) + 1);
	return un.sun_path;
}

START_TEST(a_message_comes_with_its_senders_name)
{
	int a = bound("a");
	int b = bound("b");
	int c = uds_bind_type(SOCK_DGRAM, NULL);

	ck_assert_int_eq(uds_send_to(b, "a", "from b"), 6);
	ck_assert_int_eq(uds_send_to(c, "a", "from nobody"), 11);
	ck_assert_int_eq(uds_send_to(a, "a", "from itself"), 11);
	ck_assert_str_eq(sender(a), "b");
	ck_assert_str_eq(sender(a), "");
	ck_assert_str_eq(sender(a), "a");
	uds_expect_nothing(a);
	ck_assert_int_eq(uds_send_to(a, "b", "back"), 4);
	uds_expect(b, "back");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(c), 0);
}
END_TEST

/* recvmsg(2): the same by msg_name. */
START_TEST(recvmsg_tells_the_sender)
{
	struct sockaddr_un un;
	char c[4];
	struct iovec iov = { c, sizeof(c) };
	struct msghdr msg = { .msg_name = &un, .msg_namelen = sizeof(un),
	    .msg_iov = &iov, .msg_iovlen = 1 };
	int a = bound("a");
	int b = bound("./b");

	ck_assert_int_eq(uds_send_to(b, "a", "x"), 1);
	ck_assert_int_eq(recvmsg(a, &msg, 0), 1);
	ck_assert_str_eq(un.sun_path, "./b");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* recv(2), MSG_PEEK: all of it but its going; SIOCINQ: the bytes alone. */
START_TEST(a_peek_tells_who_sent_it)
{
	struct sockaddr_un un;
	char buf[4];
	struct iovec iov = { buf, 3 };
	struct msghdr msg = { .msg_name = &un, .msg_iov = &iov,
	    .msg_iovlen = 1 };
	int a = bound("a"), b = bound("a longer name"), i, n = -1;

	ck_assert_int_eq(uds_send_to(b, "a", ""), 0);
	ck_assert_int_eq(uds_send_to(b, "a", "12345"), 5);
	ck_assert_int_eq(ioctl(a, FIONREAD, &n), 0);
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(recv(a, buf, 4, MSG_PEEK | MSG_DONTWAIT), 0);
	ck_assert_str_eq(sender(a), "a longer name");
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(ioctl(a, FIONREAD, &n), 0);
		ck_assert_int_eq(n, 5);
		memset(&un, 0, sizeof(un));
		msg.msg_namelen = sizeof(un);
		msg.msg_flags = 0;
		ck_assert_int_eq(recvmsg(a, &msg, MSG_DONTWAIT |
		    (i < 2 ? MSG_PEEK : 0)), 3);
		ck_assert_mem_eq(buf, "123", 3);
		ck_assert_int_eq(msg.msg_flags, MSG_TRUNC);
		ck_assert_str_eq(un.sun_path, "a longer name");
		ck_assert_uint_eq(msg.msg_namelen, offsetof(struct sockaddr_un,
		    sun_path) + strlen(un.sun_path) + 1);
	}
	ck_assert_int_eq(ioctl(a, FIONREAD, &n), 0);
	ck_assert_int_eq(n, 0);
	uds_expect_nothing(a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(unlink("a"), 0);
	ck_assert_int_eq(unlink("a longer name"), 0);
}
END_TEST

/* bind(2): the node is a socket, goes by unlink(2), and is bound once. */
START_TEST(the_node_is_as_a_streams)
{
	int a = bound("a"), b;
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	struct stat st;

	ck_assert_int_eq(lstat("a", &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(getsockname(a, (struct sockaddr *)&un, &len), 0);
	ck_assert_str_eq(un.sun_path, "a");
	(void)unlink("b");
	FAILS(bind(a, (struct sockaddr *)&un, uds_addr(&un, "b")), EINVAL);
	b = uds_bind_type(SOCK_DGRAM, NULL);
	FAILS(bind(b, (struct sockaddr *)&un, uds_addr(&un, "a")), EADDRINUSE);
	ck_assert_int_eq(unlink("a"), 0);
	FAILS(uds_send_to(b, "a", "x"), ENOENT);
	ck_assert_int_eq(bind(b, (struct sockaddr *)&un, uds_addr(&un, "a")),
	    0);
	/* The name is another's now, whoever sent there before. */
	ck_assert_int_eq(uds_send_to(a, "a", "to b"), 4);
	uds_expect(b, "to b");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

START_TEST(long_and_foreign_names)
{
	char path[108];
	int a, b = uds_bind_type(SOCK_DGRAM, NULL);

	memset(path, 'n', 107);
	path[107] = '\0';
	a = uds_bind_type(SOCK_DGRAM, path);
	ck_assert_int_eq(uds_send_to(b, path, "long"), 4);
	uds_expect(a, "long");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(unlink(path), 0);
	a = uds_bind_type(SOCK_DGRAM, "s\xc3\xb6" "cket \xe2\x82\xac");
	ck_assert_int_eq(uds_send_to(b, "./s\xc3\xb6" "cket \xe2\x82\xac",
	    "utf"), 3);
	uds_expect(a, "utf");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* connect(2): sets the peer, sets another, and with AF_UNSPEC none. */
START_TEST(a_peer_is_set_changed_and_dissolved)
{
	int a = bound("a");
	int b = bound("b");
	int c = uds_bind_type(SOCK_DGRAM, NULL);
	struct sockaddr_un un;
	struct ucred cred;
	socklen_t len = sizeof(un), credlen = sizeof(cred);

	FAILS(getpeername(c, (struct sockaddr *)&un, &len), ENOTCONN);
	ck_assert_int_eq(uds_try_connect_fd(c, "a"), 0);
	ck_assert_int_eq(send(c, "1", 1, 0), 1);
	ck_assert_int_eq(getpeername(c, (struct sockaddr *)&un, &len), 0);
	ck_assert_str_eq(un.sun_path, "a");
	ck_assert_int_eq(getsockopt(c, SOL_SOCKET, SO_PEERCRED, &cred,
	    &credlen), 0);
	ck_assert_int_eq(cred.pid, 0);
	ck_assert_uint_eq(cred.uid, (uid_t)-1);
	ck_assert_int_eq(uds_try_connect_fd(c, "b"), 0);
	ck_assert_int_eq(write(c, "2", 1), 1);
	/* A name in the call goes before the peer. */
	ck_assert_int_eq(uds_send_to(c, "a", "3"), 1);
	ck_assert_int_eq(dissolve(c), 0);
	FAILS(send(c, "4", 1, 0), ENOTCONN);
	uds_expect(a, "1");
	uds_expect(a, "3");
	uds_expect(b, "2");
	uds_expect_nothing(a);
	uds_expect_nothing(b);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(c), 0);
}
END_TEST

/* connect(2), sendto(2): ENOENT, ECONNREFUSED, EPROTOTYPE. */
START_TEST(who_is_not_there_is_told_apart)
{
	int d = uds_bind_type(SOCK_DGRAM, NULL);
	int s = uds_listen("stream", 1), q = uds_try_bind("quiet");
	int fd = open("file", O_CREAT | O_WRONLY, 0600);

	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(bound("stale")), 0);
	FAILS(uds_send_to(d, "nothing", "x"), ENOENT);
	FAILS(uds_try_connect_fd(d, "nothing"), ENOENT);
	FAILS(uds_send_to(d, "file", "x"), ECONNREFUSED);
	FAILS(uds_send_to(d, ".", "x"), ECONNREFUSED);
	FAILS(uds_send_to(d, "stale", "x"), ECONNREFUSED);
	FAILS(uds_try_connect_fd(d, "stale"), ECONNREFUSED);
	FAILS(uds_send_to(d, "stream", "x"), EPROTOTYPE);
	FAILS(uds_try_connect_fd(d, "stream"), EPROTOTYPE);
	FAILS(uds_try_connect_fd(d, "quiet"), EPROTOTYPE);
	FAILS(uds_try_connect("quiet", 0), ECONNREFUSED);
	FAILS(uds_try_connect("file", 0), ECONNREFUSED);
	fd = bound("d");
	FAILS(uds_try_connect("d", 0), EPROTOTYPE);
	ck_assert_int_eq(close(q), 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(d), 0);
	ck_assert_int_eq(close(s), 0);
}
END_TEST

/* unix(7), EPERM of connect(2) and sendto(2): it has another peer. */
START_TEST(who_has_a_peer_takes_nothing_from_others)
{
	int a = bound("a");
	int b = bound("b");
	int c = bound("c");

	ck_assert_int_eq(uds_try_connect_fd(a, "b"), 0);
	FAILS(uds_send_to(c, "a", "x"), EPERM);
	FAILS(uds_try_connect_fd(c, "a"), EPERM);
	ck_assert_int_eq(uds_send_to(b, "a", "peer"), 4);
	ck_assert_int_eq(uds_try_connect_fd(b, "a"), 0);
	uds_expect(a, "peer");
	ck_assert_int_eq(dissolve(a), 0);
	ck_assert_int_eq(uds_send_to(c, "a", "now"), 3);
	uds_expect(a, "now");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(c), 0);
}
END_TEST

/* Linux: what came from the old peer goes with it. */
START_TEST(a_new_peer_drops_what_the_old_one_sent)
{
	int a = bound("a"), b = bound("b"), c = bound("c");

	ck_assert_int_eq(uds_send_to(c, "a", "before"), 6);
	ck_assert_int_eq(uds_try_connect_fd(a, "b"), 0);
	ck_assert_int_eq(uds_send_to(b, "a", "from b"), 6);
	ck_assert_int_eq(uds_try_connect_fd(a, "b"), 0);
	uds_expect(a, "before");
	ck_assert_int_eq(uds_try_connect_fd(a, "c"), 0);
	uds_expect_nothing(a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(c), 0);
}
END_TEST

/* A server that starts again is another: the client connects again. */
START_TEST(a_new_server_is_found_by_its_name_only)
{
	int a = bound("a");
	int c = uds_bind_type(SOCK_DGRAM, NULL);
	int d = uds_bind_type(SOCK_DGRAM, NULL);

	ck_assert_int_eq(uds_try_connect_fd(c, "a"), 0);
	ck_assert_int_eq(uds_send_to(d, "a", "x"), 1);
	ck_assert_int_eq(close(a), 0);
	FAILS(uds_send_to(d, "a", "x"), ECONNREFUSED);
	ck_assert_int_eq(unlink("a"), 0);
	a = bound("a");
	FAILS(send(c, "x", 1, 0), ECONNREFUSED);
	ck_assert_int_eq(uds_send_to(d, "a", "named"), 5);
	ck_assert_int_eq(uds_try_connect_fd(c, "a"), 0);
	ck_assert_int_eq(send(c, "again", 5, 0), 5);
	uds_expect(a, "named");
	uds_expect(a, "again");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(d), 0);
}
END_TEST

/* POSIX sendto(): no address of the family, none at all. */
START_TEST(bad_addresses_are_refused)
{
	struct sockaddr_un un;
	int fd = uds_bind_type(SOCK_DGRAM, NULL);
	socklen_t len = uds_addr(&un, "a");

	un.sun_family = AF_INET;
	FAILS(sendto(fd, "x", 1, 0, (struct sockaddr *)&un, len), EINVAL);
	FAILS(connect(fd, (struct sockaddr *)&un, len), EINVAL);
	FAILS(connect(fd, (struct sockaddr *)&un, 1), EINVAL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_message_comes_with_its_senders_name,
		recvmsg_tells_the_sender,
		a_peek_tells_who_sent_it,
		the_node_is_as_a_streams,
		long_and_foreign_names,
		a_peer_is_set_changed_and_dissolved,
		who_is_not_there_is_told_apart,
		who_has_a_peer_takes_nothing_from_others,
		a_new_peer_drops_what_the_old_one_sent,
		a_new_server_is_found_by_its_name_only,
		bad_addresses_are_refused,
	};

	return run_cases("dgram_named", tests,
	    sizeof(tests) / sizeof(*tests));
}
