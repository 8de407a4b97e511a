/*
 * AF_UNIX streams that are registered before they are connected or listen:
 * epoll(7), unix(7).
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "compat/afunix/uds.h"
#include "compat/poll/util.h"
#include "support/main.h"

#define PATH "s"
#define ALL (EPOLLIN | EPOLLOUT | EPOLLRDHUP)

/* A fresh one, in an instance of its own. */
static int
begin(int *ep, uint32_t events)
{
	int fd = uds_socket();

	ck_assert_int_ge(*ep = epoll_create1(0), 0);
	ep_add(*ep, fd, events);
	ck_assert_uint_eq(ep_wait_for(*ep, fd, LONG_MS),
	    (events & EPOLLOUT) | EPOLLHUP);
	return fd;
}

static int
bind_here(int fd)
{
	struct sockaddr_un un;

	return bind(fd, (struct sockaddr *)&un, uds_addr(&un, PATH));
}

static void
end(int fd, int ep)
{
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(ep), 0);
}

START_TEST(a_listener_may_be_registered_before)
{
	int ep, l = begin(&ep, ALL), a, c;

	ck_assert_int_eq(bind_here(l), 0);
	ck_assert_uint_eq(ep_wait_for(ep, l, LONG_MS), EPOLLOUT | EPOLLHUP);
	ck_assert_int_eq(listen(l, 5), 0);
	ck_assert_idle(ep);
	c = uds_connect(PATH);
	ck_assert_uint_eq(ep_wait_for(ep, l, LONG_MS), EPOLLIN);
	ck_assert_int_ge(a = accept(l, NULL, NULL), 0);
	ck_assert_idle(ep);
	uds_exchange(a, c);
	ck_assert_idle(ep);
	end(l, ep);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

/* A connect that fails leaves it as it was. */
START_TEST(a_client_may_be_registered_before)
{
	int ep, c = begin(&ep, ALL), a, l = uds_socket();

	ck_assert_int_eq(uds_try_connect_fd(c, PATH), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(bind_here(l), 0);
	ck_assert_int_eq(uds_try_connect_fd(c, PATH), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	ck_assert_uint_eq(ep_wait_for(ep, c, LONG_MS), EPOLLOUT | EPOLLHUP);
	ck_assert_int_eq(listen(l, 5), 0);
	ck_assert_int_eq(uds_try_connect_fd(c, PATH), 0);
	ck_assert_uint_eq(ep_wait_for(ep, c, LONG_MS), EPOLLOUT);
	ck_assert_int_ge(a = accept(l, NULL, NULL), 0);
	ck_assert_uint_eq(ep_wait_for(ep, c, LONG_MS), EPOLLOUT);
	ep_mod(ep, c, EPOLLIN);
	ck_assert_idle(ep);
	ck_assert_int_eq(write(a, "x", 1), 1);
	ck_assert_uint_eq(ep_wait_for(ep, c, LONG_MS), EPOLLIN);
	ck_assert_int_eq(close(a), 0);
	ck_assert_uint_eq(ep_wait_for(ep, c, LONG_MS), EPOLLIN | EPOLLHUP);
	end(c, ep);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

struct sleeper {
	int ep, fd;
	uint32_t want, got;
};

/* Until what is wanted is there. */
static void *
sleep_for(void *arg)
{
	struct sleeper *s = arg;

	do
		s->got = ep_wait_for(s->ep, s->fd, LONG_MS);
	while (s->got != 0 && (s->got & s->want) == 0);
	return NULL;
}

/* Who sleeps already is woken. */
START_TEST(who_waits_for_a_client_is_woken)
{
	struct sleeper s = { .want = EPOLLIN };
	pthread_t thread;
	int a, c;

	s.fd = begin(&s.ep, EPOLLIN | EPOLLET);
	ck_assert_int_eq(pthread_create(&thread, NULL, sleep_for, &s), 0);
	ck_assert_int_eq(bind_here(s.fd), 0);
	ck_assert_int_eq(listen(s.fd, 5), 0);
	c = uds_connect(PATH);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_uint_eq(s.got, EPOLLIN);
	ck_assert_int_ge(a = accept(s.fd, NULL, NULL), 0);
	end(s.fd, s.ep);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

START_TEST(who_waits_for_data_is_woken)
{
	struct sleeper s = { .want = EPOLLIN };
	int a, l = uds_listen(PATH, 5);
	pthread_t thread;

	s.fd = begin(&s.ep, EPOLLIN | EPOLLET);
	ck_assert_int_eq(pthread_create(&thread, NULL, sleep_for, &s), 0);
	ck_assert_int_eq(uds_try_connect_fd(s.fd, PATH), 0);
	ck_assert_int_ge(a = accept(l, NULL, NULL), 0);
	ck_assert_int_eq(write(a, "x", 1), 1);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_uint_eq(s.got, EPOLLIN);
	end(s.fd, s.ep);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(PATH), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_listener_may_be_registered_before,
		a_client_may_be_registered_before,
		who_waits_for_a_client_is_woken,
		who_waits_for_data_is_woken,
	};

	return run_cases("epoll of AF_UNIX", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
