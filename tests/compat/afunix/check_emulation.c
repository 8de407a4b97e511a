/*
 * The emulation of AF_UNIX against peers that come to its loopback port
 * without the secret, stay silent, lie, or answer in a server's place.  Built
 * on NT only: the kernel of Linux has no port to come to.
 */
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <check.h>
#include <compat.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fd/names.h"
#include "afunix/node.h"
#include "box.h"
#include "pass.h"
#include "support/fails.h"
#include "support/tmpdir.h"
#include "uds.h"

#define PATH "s"
#define STRANGERS 100
#define MESSAGE_MAX 212960

static void
setup(void)
{
	ck_assert_int_eq(setenv("COMPAT_AFUNIX", "emulate", 1), 0);
}

static void
teardown(void)
{
	(void)unlink(PATH);
}

static struct unix_node
read_node(void)
{
	struct unix_node node;

	ck_assert_int_eq(unix_node_read(PATH, &node), 0);
	return node;
}

static int
stranger(void)
{
	struct sockaddr_in in;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	in.sin_port = htons(read_node().port);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	return fd;
}

/* Not a byte, and the connection ends. */
static void
expect_nothing(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	ck_assert_int_eq(poll(&p, 1, 15000), 1);
	ck_assert_int_le(recv(fd, &c, 1, 0), 0);
	ck_assert_int_eq(close(fd), 0);
}

static void
expect_good_peers(int l)
{
	int c = uds_connect(PATH), a = accept(l, NULL, NULL);

	ck_assert_int_ge(a, 0);
	uds_exchange(c, a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
}

static void
expect_nobody(int l)
{
	ck_assert_int_eq(fcntl(l, F_SETFL, O_NONBLOCK), 0);
	errno = 0;
	ck_assert_int_eq(accept(l, NULL, NULL), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(fcntl(l, F_SETFL, 0), 0);
}

START_TEST(garbage_gets_nothing)
{
	char garbage[4096];
	int l = uds_listen(PATH, 5), fd = stranger();

	memset(garbage, 'G', sizeof(garbage));
	ck_assert_int_eq(send(fd, garbage, sizeof(garbage), 0),
	    sizeof(garbage));
	expect_nothing(fd);
	expect_nobody(l);
	expect_good_peers(l);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* All but the secret is right. */
START_TEST(a_wrong_secret_gets_nothing)
{
	unsigned char hello[144];
	struct unix_node node;
	int l = uds_listen(PATH, 5), fd = stranger();

	node = read_node();
	memset(hello, 0, sizeof(hello));
	memcpy(hello, "cmpt-un1", 8);
	memcpy(hello + 16, node.client, UNIX_SECRET);
	hello[16 + UNIX_SECRET - 1] ^= 1;
	ck_assert_int_eq(send(fd, hello, sizeof(hello), 0), sizeof(hello));
	expect_nothing(fd);
	expect_nobody(l);
	/* The same with the right one is let in: the test tests something. */
	fd = stranger();
	hello[16 + UNIX_SECRET - 1] ^= 1;
	ck_assert_int_eq(send(fd, hello, sizeof(hello), 0), sizeof(hello));
	ck_assert_int_eq(recv(fd, hello, 32, MSG_WAITALL), 32);
	ck_assert_mem_eq(hello + 8, node.server, UNIX_SECRET);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(accept(l, NULL, NULL)), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* Many more than are remembered, half a hello each, and all at once. */
START_TEST(silent_peers_are_in_nobodys_way)
{
	int l = uds_listen(PATH, 5), fds[STRANGERS], i;

	for (i = 0; i < STRANGERS; i++) {
		fds[i] = stranger();
		ck_assert_int_eq(send(fds[i], "cmpt", 4, 0), 4);
	}
	expect_nobody(l);
	expect_good_peers(l);
	/* The oldest had to go at once, the others have their time. */
	expect_nothing(fds[0]);
	expect_nothing(fds[STRANGERS - 1]);
	for (i = 1; i < STRANGERS - 1; i++)
		ck_assert_int_eq(close(fds[i]), 0);
	expect_good_peers(l);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

static void *
pretend(void *arg)
{
	unsigned char bytes[144];
	int a = accept(*(int *)arg, NULL, NULL);

	/* It knows all but the secret, and says that all is well. */
	if (recv(a, bytes, sizeof(bytes), MSG_WAITALL) == sizeof(bytes)) {
		memset(bytes, 0, sizeof(bytes));
		memcpy(bytes, "cmpt-ok1", 8);
		(void)send(a, bytes, 32, 0);
	}
	(void)recv(a, bytes, 1, 0);
	(void)close(a);
	return NULL;
}

/* Someone has the port of a stale node, and does not know the secret. */
START_TEST(an_impostor_is_refused)
{
	struct unix_node node;
	struct sockaddr_in in;
	socklen_t len = sizeof(in);
	uintptr_t handle;
	int l = uds_listen(PATH, 1), imp;
	pthread_t t;

	node = read_node();
	ck_assert_int_eq(close(l), 0);
	imp = socket(AF_INET, SOCK_STREAM, 0);
	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(imp, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(listen(imp, 5), 0);
	ck_assert_int_eq(getsockname(imp, (struct sockaddr *)&in, &len), 0);
	node.port = ntohs(in.sin_port);
	ck_assert_int_eq(unix_node_bind(PATH, &node, &handle), 0);
	unix_node_release(handle);
	ck_assert_int_eq(pthread_create(&t, NULL, pretend, &imp), 0);
	ck_assert_int_eq(uds_try_connect(PATH, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(close(imp), 0);
}
END_TEST

/* Who can read the node's number lists no more than a name. */
START_TEST(a_mailbox_is_its_users_alone)
{
	struct unix_node node;
	int fd = uds_bind_type(SOCK_DGRAM, PATH);

	node = read_node();
	ck_assert_int_eq(box_is_private(node.client), 1);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(box_is_private(node.client), -1);
}
END_TEST

/* Somebody else has the mailbox of that name: it does not know the secret. */
START_TEST(a_taken_mailbox_gets_nothing)
{
	int fd = uds_bind_type(SOCK_DGRAM, PATH);
	struct unix_node node;
	uintptr_t handle;

	node = read_node();
	node.server[UNIX_SECRET - 1] ^= 1;
	ck_assert_int_eq(unix_node_bind("t", &node, &handle), 0);
	ck_assert_int_eq(uds_send_to(fd, "t", "x"), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	uds_expect_nothing(fd);
	/* With the right one it is the socket's: the test tests something. */
	node.server[UNIX_SECRET - 1] ^= 1;
	ck_assert_int_eq(unix_node_rewrite(handle, &node), 0);
	ck_assert_int_eq(uds_send_to(fd, "t", "x"), 1);
	uds_expect(fd, "x");
	unix_node_release(handle);
	ck_assert_int_eq(unlink("t"), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* LIM-UNIX-20, LIM-UNIX-21. */
START_TEST(datagrams_have_limits_of_their_own)
{
	char *buf = calloc(1, MESSAGE_MAX + 1);
	struct pollfd p = { .events = POLLOUT };
	int fds[2], n, some;

	ck_assert_ptr_nonnull(buf);
	uds_pair(SOCK_DGRAM, fds);
	ck_assert_int_eq(send(fds[0], buf, MESSAGE_MAX, 0), MESSAGE_MAX);
	ck_assert_int_eq(recv(fds[1], buf, MESSAGE_MAX, 0), MESSAGE_MAX);
	errno = 0;
	ck_assert_int_eq(send(fds[0], buf, MESSAGE_MAX + 1, 0), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	/* A message has 56 bytes more, rounded up to 8. */
	p.fd = fds[0];
	for (n = some = 0; send(fds[0], buf, 968, MSG_DONTWAIT) > 0; n++)
		if (poll(&p, 1, 0) == 1)
			some = n + 1;
	ck_assert_int_eq(some, 64);
	ck_assert_int_eq(n, 288);
	errno = 0;
	ck_assert_uint_eq(compat_socket_handle(fds[0]), COMPAT_NO_SOCKET);
	ck_assert_int_eq(errno, EOPNOTSUPP);
	uds_close_pair(fds);
	free(buf);
}
END_TEST

/* LIM-SOCK-31. */
START_TEST(a_stale_node_has_its_type)
{
	int d = uds_bind_type(SOCK_DGRAM, NULL);

	ck_assert_int_eq(close(uds_listen(PATH, 1)), 0);
	ck_assert_int_eq(uds_try_connect_fd(d, PATH), -1);
	ck_assert_int_eq(errno, EPROTOTYPE);
	ck_assert_int_eq(close(d), 0);
}
END_TEST

/* LIM-UNIX-24. */
START_TEST(packets_have_limits_of_their_own)
{
	char *buf = calloc(1, MESSAGE_MAX + 1);
	int fds[2], n;

	ck_assert_ptr_nonnull(buf);
	uds_pair(SOCK_SEQPACKET, fds);
	ck_assert_int_eq(send(fds[0], buf, MESSAGE_MAX, 0), MESSAGE_MAX);
	ck_assert_int_eq(recv(fds[1], buf, MESSAGE_MAX, 0), MESSAGE_MAX);
	FAILS(send(fds[0], buf, MESSAGE_MAX + 1, 0), EMSGSIZE);
	for (n = 0; send(fds[0], buf, 968, MSG_DONTWAIT) > 0; n++)
		;
	ck_assert_int_eq(n, 288);
	errno = 0;
	ck_assert_uint_eq(compat_socket_handle(fds[0]), COMPAT_NO_SOCKET);
	ck_assert_int_eq(errno, EOPNOTSUPP);
	uds_close_pair(fds);
	free(buf);
}
END_TEST

/* COMPAT_UNIX_STRICT: bind(2) as on Linux. */
START_TEST(strict_leaves_stale_nodes_alone)
{
	int l = uds_listen(PATH, 1);

	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(setenv("COMPAT_UNIX_STRICT", "1", 1), 0);
	ck_assert_int_eq(uds_try_bind(PATH), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_int_eq(unsetenv("COMPAT_UNIX_STRICT"), 0);
	l = uds_try_bind(PATH);
	ck_assert_int_ge(l, 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* LIM-UNIX-1, LIM-UNIX-3. */
START_TEST(what_is_missing_says_so)
{
	struct ucred cred = { .uid = 99 };
	socklen_t len = sizeof(cred);
	struct sockaddr_un un;
	int fd = uds_socket(), fds[2];

	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	un.sun_path[1] = 'a';
	errno = 0;
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), -1);
	ck_assert_int_eq(errno, EADDRNOTAVAIL);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(getsockopt(fds[0], SOL_SOCKET, SO_PEERCRED, &cred,
	    &len), 0);
	ck_assert_int_eq(cred.pid, getpid());
	ck_assert_uint_eq(cred.uid, 0);
	uds_close_pair(fds);
}
END_TEST

static void
cannot_be_passed(int road, int fd, int listens)
{
	if (listens)
		ck_assert_int_eq(listen(fd, 1), 0);
	FAILS(pass_send(road, "x", 1, &fd, 1), EOPNOTSUPP);
	ck_assert_int_eq(close(fd), 0);
}

/* LIM-UNIX-30: what no child could inherit. */
START_TEST(what_cannot_be_passed_says_so)
{
	int fds[2], set = epoll_create1(0), l = uds_listen("l", 1);
	struct pass p;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	FAILS(pass_send(fds[0], "x", 1, &set, 1), EOPNOTSUPP);
	FAILS(pass_send(fds[0], "x", 1, &l, 1), EOPNOTSUPP);
	cannot_be_passed(fds[0], uds_bind_type(SOCK_SEQPACKET, NULL), 0);
	cannot_be_passed(fds[0], uds_bind_type(SOCK_SEQPACKET, "p"), 0);
	ck_assert_int_eq(unlink("p"), 0);
	cannot_be_passed(fds[0], uds_bind_type(SOCK_SEQPACKET, "p"), 1);
	ck_assert_int_eq(unlink("p"), 0);
	FAILS(pass_recv(fds[1], 1, 1, MSG_DONTWAIT, &p), EAGAIN);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink("l"), 0);
	ck_assert_int_eq(close(set), 0);
	uds_close_pair(fds);
}
END_TEST

/* LIM-UNIX-32: it would read what nobody counts. */
START_TEST(a_plain_program_ends_passing)
{
	char *argv[] = { (char *)(uintptr_t)"cmd", (char *)(uintptr_t)"/c",
	    NULL };
	posix_spawn_file_actions_t fa;
	int fds[2], status;
	struct pass p;
	pid_t pid;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(posix_spawn_file_actions_init(&fa), 0);
	ck_assert_int_eq(posix_spawnp(&pid, "cmd", &fa, NULL, argv, environ),
	    0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(pass_send(fds[0], "x", 1, fds, 2), 1);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&fa, fds[1], 0), 0);
	ck_assert_int_eq(posix_spawnp(&pid, "cmd", &fa, NULL, argv, environ),
	    0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	FAILS(pass_send(fds[0], "y", 1, fds, 2), EOPNOTSUPP);
	FAILS(pass_send(fds[1], "y", 1, fds, 2), EOPNOTSUPP);
	ck_assert_int_eq(pass_recv(fds[1], 8, 2, 0, &p), 1);
	ck_assert_int_eq(p.n, 2);
	ck_assert_int_eq(close(p.fds[0]), 0);
	ck_assert_int_eq(close(p.fds[1]), 0);
	ck_assert_int_eq(posix_spawn_file_actions_destroy(&fa), 0);
	uds_close_pair(fds);
}
END_TEST

/* LIM-UNIX-31: root of Linux may lie. */
START_TEST(nobody_lies_about_himself)
{
	struct ucred lies[3] = {
		{ .pid = getpid() + 4, .uid = getuid(), .gid = getgid() },
		{ .pid = getpid(), .uid = 1, .gid = getgid() },
		{ .pid = getpid(), .uid = getuid(), .gid = 1 },
	};
	struct pass p;
	int fds[2], i;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	for (i = 0; i < 3; i++)
		FAILS(pass_cred(fds[0], &lies[i], sizeof(lies[i])), EPERM);
	FAILS(pass_recv(fds[1], 1, 1, MSG_DONTWAIT, &p), EAGAIN);
	uds_close_pair(fds);
}
END_TEST

/* LIM-UNIX-4. */
START_TEST(a_stale_node_is_taken_over_without_unlink)
{
	int l = uds_listen(PATH, 1);

	ck_assert_int_eq(close(l), 0);
	l = uds_listen(PATH, 1);
	expect_good_peers(l);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("emulation");
	TCase *tc = tcase_create("emulation");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, garbage_gets_nothing);
	tcase_add_test(tc, a_wrong_secret_gets_nothing);
	tcase_add_test(tc, silent_peers_are_in_nobodys_way);
	tcase_add_test(tc, an_impostor_is_refused);
	tcase_add_test(tc, a_mailbox_is_its_users_alone);
	tcase_add_test(tc, a_taken_mailbox_gets_nothing);
	tcase_add_test(tc, datagrams_have_limits_of_their_own);
	tcase_add_test(tc, a_stale_node_has_its_type);
	tcase_add_test(tc, packets_have_limits_of_their_own);
	tcase_add_test(tc, strict_leaves_stale_nodes_alone);
	tcase_add_test(tc, what_is_missing_says_so);
	tcase_add_test(tc, what_cannot_be_passed_says_so);
	tcase_add_test(tc, a_plain_program_ends_passing);
	tcase_add_test(tc, nobody_lies_about_himself);
	tcase_add_test(tc, a_stale_node_is_taken_over_without_unlink);
	suite_add_tcase(s, tc);
	tmpdir_enter();
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	tmpdir_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
