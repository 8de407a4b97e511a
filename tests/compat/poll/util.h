/* What the tests of the readiness calls share. */
#ifndef TESTS_POLL_UTIL_H
#define TESTS_POLL_UTIL_H

#include <sys/epoll.h>

#include <check.h>
#include <stdint.h>

/* A time in ms that no test reaches unless it fails. */
#ifndef LONG_MS
#define LONG_MS 5000
#endif

/* How much earlier than asked a wait may end: nothing, but for rounding. */
#define now_ms() ((double)now_ns() / 1e6)
int64_t now_ns(void);

/* A connected pair over loopback TCP: [0] connected, [1] was accepted. */
void tcp_pair(int fd[2]);
int tcp_listen(uint16_t *port);
int tcp_connect(uint16_t port);
void set_nonblock(int fd);

/* epoll_ctl() with data.fd = fd, which must succeed. */
void ep_add(int ep, int fd, uint32_t events);
void ep_mod(int ep, int fd, uint32_t events);
void ep_del(int ep, int fd);

/* Wait up to ms; the events that fd has, 0 if it is not reported. */
uint32_t ep_wait_for(int ep, int fd, int ms);

/* Nothing is ready now. */
#define ck_assert_idle(ep) do {						\
	struct epoll_event idle_ev_;					\
	ck_assert_int_eq(epoll_wait((ep), &idle_ev_, 1, 0), 0);		\
} while (0)

/* Run the suite; the exit status of the program. */

int run_suite(Suite *);

#define ck_assert_fails(call, err) do {					\
	errno = 0;							\
	ck_assert_int_eq((call), -1);					\
	ck_assert_int_eq(errno, (err));					\
} while (0)

#endif
