/* AF_UNIX streams: unix(7), bind(2), connect(2). */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/tmpdir.h"
#include "uds.h"

#define PATH "s"

static void
teardown(void)
{
	(void)unlink(PATH);
}

START_TEST(a_client_and_its_server_talk)
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	int l = uds_listen(PATH, 5), c, a;

	c = uds_connect(PATH);
	a = accept(l, (struct sockaddr *)&un, &len);
	ck_assert_int_ge(a, 0);
	/* The client is unnamed. */
	ck_assert_int_eq(un.sun_family, AF_UNIX);
	ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path));
	uds_exchange(c, a);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(read(a, &un, 1), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

static void
expect_name(int fd, int peer, const char *path)
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);

	memset(&un, 'x', sizeof(un));
	if (peer)
		ck_assert_int_eq(getpeername(fd, (struct sockaddr *)&un,
		    &len), 0);
	else
		ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&un,
		    &len), 0);
	ck_assert_int_eq(un.sun_family, AF_UNIX);
	if (path[0] == '\0') {
		ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path));
		return;
	}
	ck_assert_uint_eq(len, offsetof(struct sockaddr_un, sun_path) +
	    strlen(path) + 1);
	ck_assert_str_eq(un.sun_path, path);
}

/* unix(7), "Pathname sockets"; getsockname(2), getpeername(2). */
START_TEST(both_ends_know_the_path)
{
	int l = uds_listen(PATH, 5), c = uds_connect(PATH);
	int a = accept(l, NULL, NULL);

	ck_assert_int_ge(a, 0);
	expect_name(l, 0, PATH);
	expect_name(c, 1, PATH);
	expect_name(a, 0, PATH);
	expect_name(c, 0, "");
	expect_name(a, 1, "");
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* A client may have a name of its own. */
START_TEST(a_bound_client_has_its_name)
{
	struct sockaddr_un un;
	socklen_t len;
	int l = uds_listen(PATH, 5), c = uds_try_bind("client"), a;

	ck_assert_int_ge(c, 0);
	len = uds_addr(&un, PATH);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&un, len), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	expect_name(a, 1, "client");
	expect_name(c, 0, "client");
	uds_exchange(a, c);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink("client"), 0);
}
END_TEST

/* stat(2), S_ISSOCK; the node stays when the socket is closed; unlink(2). */
START_TEST(the_node_is_a_socket_and_can_be_unlinked)
{
	struct stat st;
	int l = uds_listen(PATH, 5);

	ck_assert_int_eq(stat(PATH, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(lstat(PATH, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(fstat(l, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(stat(PATH, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	ck_assert_int_eq(unlink(PATH), 0);
	errno = 0;
	ck_assert_int_eq(stat(PATH, &st), -1);
	ck_assert_int_eq(errno, ENOENT);
	l = uds_listen(PATH, 5);
	/* What servers do when they end. */
	ck_assert_int_eq(unlink(PATH), 0);
	ck_assert_int_eq(close(l), 0);
	errno = 0;
	ck_assert_int_eq(stat(PATH, &st), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

/* bind(2), EADDRINUSE; the listener goes on. */
START_TEST(a_live_listener_is_not_displaced)
{
	int l = uds_listen(PATH, 5), c;

	ck_assert_int_eq(uds_try_bind(PATH), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	c = uds_connect(PATH);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* unlink(2): the name is free, and the old socket goes on without it. */
START_TEST(an_unlinked_name_can_be_bound_again)
{
	int old = uds_listen(PATH, 5), c = uds_connect(PATH), l, d, a;

	ck_assert_int_eq(unlink(PATH), 0);
	l = uds_listen(PATH, 5);
	d = uds_connect(PATH);
	a = accept(old, NULL, NULL);
	ck_assert_int_ge(a, 0);
	uds_exchange(c, a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(old), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	uds_exchange(d, a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(d), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* Bound but not listening is alive too; connect(2), ECONNREFUSED. */
START_TEST(a_bound_socket_refuses_and_is_not_displaced)
{
	int b = uds_try_bind(PATH);

	ck_assert_int_ge(b, 0);
	ck_assert_int_eq(uds_try_connect(PATH, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	ck_assert_int_eq(uds_try_bind(PATH), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_int_eq(listen(b, 1), 0);
	ck_assert_int_eq(close(uds_connect(PATH)), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

/* connect(2): ENOENT, ECONNREFUSED; bind(2): ENOENT, EINVAL. */
START_TEST(names_have_their_errors)
{
	struct sockaddr_un un;
	int fd = uds_socket(), l;

	ck_assert_int_eq(uds_try_connect(PATH, 0), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(uds_try_connect("no/such", 0), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(uds_try_bind("no/such"), -1);
	ck_assert_int_eq(errno, ENOENT);
	(void)uds_addr(&un, PATH);
	errno = 0;
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un) + 1), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(listen(fd, 1), -1);
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_int_eq(getpeername(fd, (struct sockaddr *)&un,
	    &(socklen_t){ sizeof(un) }), -1);
	ck_assert_int_eq(errno, ENOTCONN);
	ck_assert_int_eq(close(fd), 0);
	l = uds_listen(PATH, 1);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(uds_try_connect(PATH, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
}
END_TEST

/* bind(2), EADDRINUSE: what is no socket stays as it is. */
START_TEST(a_regular_file_stays)
{
	char buf[8];
	int fd = open(PATH, O_WRONLY | O_CREAT | O_EXCL, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "data", 4), 4);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(uds_try_bind(PATH), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_int_eq(uds_try_connect(PATH, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	fd = open(PATH, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, buf, sizeof(buf)), 4);
	ck_assert_mem_eq(buf, "data", 4);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(mkdir("dir", 0700), 0);
	ck_assert_int_eq(uds_try_bind("dir"), -1);
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_int_eq(rmdir("dir"), 0);
}
END_TEST

/* unix(7): the path is bytes, here UTF-8, up to the size of sun_path. */
START_TEST(long_and_foreign_paths_work)
{
	static const char foreign[] = "s\xc3\xb6" "cket \xe6\xbc\xa2";
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct stat st;
	int l, c;

	l = uds_listen(foreign, 1);
	c = uds_connect(foreign);
	expect_name(c, 1, foreign);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(foreign), 0);
	memset(path, 'n', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	l = uds_listen(path, 1);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert(S_ISSOCK(st.st_mode));
	c = uds_connect(path);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(path), 0);
}
END_TEST

/* listen(2), connect(2), EAGAIN: a full backlog. */
START_TEST(a_full_backlog_is_eagain)
{
	int l = uds_listen(PATH, 1), c[3], a, i;

	for (i = 0; i < 2; i++)
		c[i] = uds_connect(PATH);
	ck_assert_int_eq(uds_try_connect(PATH, SOCK_NONBLOCK), -1);
	ck_assert_int_eq(errno, EAGAIN);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	uds_exchange(c[0], a);
	ck_assert_int_eq(close(a), 0);
	c[2] = uds_try_connect(PATH, SOCK_NONBLOCK);
	ck_assert_int_ge(c[2], 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(close(c[i]), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

static void *
connect_in_thread(void *arg)
{
	*(int *)arg = uds_try_connect(PATH, 0);
	return NULL;
}

/* connect(2) waits for room. */
START_TEST(a_blocking_connect_waits_for_room)
{
	int l = uds_listen(PATH, 0), first = uds_connect(PATH), late = -2;
	int a, b;
	pthread_t t;

	ck_assert_int_eq(pthread_create(&t, NULL, connect_in_thread, &late),
	    0);
	a = accept(l, NULL, NULL);
	b = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	ck_assert_int_ge(b, 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_ge(late, 0);
	uds_exchange(first, a);
	uds_exchange(late, b);
	ck_assert_int_eq(close(first), 0);
	ck_assert_int_eq(close(late), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* poll(2) on a listener; accept(2), EAGAIN. */
START_TEST(a_listener_is_readable_when_somebody_came)
{
	struct pollfd p = { .events = POLLIN };
	int c, a;

	p.fd = uds_listen(PATH, 5);
	ck_assert_int_eq(fcntl(p.fd, F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	errno = 0;
	ck_assert_int_eq(accept(p.fd, NULL, NULL), -1);
	ck_assert_int_eq(errno, EAGAIN);
	c = uds_connect(PATH);
	ck_assert_int_eq(poll(&p, 1, 5000), 1);
	ck_assert_int_eq(p.revents, POLLIN);
	a = accept(p.fd, NULL, NULL);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(p.fd), 0);
}
END_TEST

/* shutdown(2); accept(2), EINVAL. */
static void *
accept_in_thread(void *arg)
{
	int *fd = arg;

	errno = 0;
	*fd = accept(*fd, NULL, NULL) == -1 ? errno : 0;
	return NULL;
}

START_TEST(shutdown_ends_a_blocked_accept)
{
	struct timespec delay = { 0, 0 };
	pthread_t t;
	int l, how;

	for (; delay.tv_nsec < 20000000; delay.tv_nsec += 2000000) {
		l = how = uds_listen(PATH, 1);
		ck_assert_int_eq(pthread_create(&t, NULL, accept_in_thread,
		    &how), 0);
		/* Before, while and after it blocks. */
		(void)nanosleep(&delay, NULL);
		ck_assert_int_eq(shutdown(l, SHUT_RDWR), 0);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
		ck_assert_int_eq(how, EINVAL);
		ck_assert_int_eq(close(l), 0);
		teardown();
	}
}
END_TEST

/* unix(7), SO_PEERCRED. */
START_TEST(the_peer_is_known)
{
	struct ucred cred = { .pid = 0 };
	socklen_t len = sizeof(cred);
	int l = uds_listen(PATH, 1), c = uds_connect(PATH);
	int a = accept(l, NULL, NULL);

	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(getsockopt(c, SOL_SOCKET, SO_PEERCRED, &cred, &len),
	    0);
	ck_assert_int_eq(cred.pid, getpid());
	cred.pid = 0;
	ck_assert_int_eq(getsockopt(a, SOL_SOCKET, SO_PEERCRED, &cred, &len),
	    0);
	ck_assert_int_eq(cred.pid, getpid());
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* send(2), EPIPE; recv(2), ECONNRESET is for unread data only. */
START_TEST(a_peer_that_closed_is_epipe)
{
	int l = uds_listen(PATH, 1), c = uds_connect(PATH), i;
	int a = accept(l, NULL, NULL);
	char ch;

	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(recv(c, &ch, 1, 0), 0);
	for (i = 0; i < 1000; i++) {
		errno = 0;
		if (send(c, "x", 1, MSG_NOSIGNAL) == -1)
			break;
	}
	ck_assert_int_eq(errno, EPIPE);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("afunix");
	TCase *tc = tcase_create("afunix");
	SRunner *sr;
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, a_client_and_its_server_talk);
	tcase_add_test(tc, both_ends_know_the_path);
	tcase_add_test(tc, a_bound_client_has_its_name);
	tcase_add_test(tc, the_node_is_a_socket_and_can_be_unlinked);
	tcase_add_test(tc, a_live_listener_is_not_displaced);
	tcase_add_test(tc, an_unlinked_name_can_be_bound_again);
	tcase_add_test(tc, a_bound_socket_refuses_and_is_not_displaced);
	tcase_add_test(tc, names_have_their_errors);
	tcase_add_test(tc, a_regular_file_stays);
	tcase_add_test(tc, long_and_foreign_paths_work);
	tcase_add_test(tc, a_full_backlog_is_eagain);
	tcase_add_test(tc, a_blocking_connect_waits_for_room);
	tcase_add_test(tc, a_listener_is_readable_when_somebody_came);
	tcase_add_test(tc, shutdown_ends_a_blocked_accept);
	tcase_add_test(tc, the_peer_is_known);
	tcase_add_test(tc, a_peer_that_closed_is_epipe);
	suite_add_tcase(s, tc);
	tmpdir_enter();
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	tmpdir_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
