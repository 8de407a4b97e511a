/*
 * A thread found nothing and is about to wait for AFD when that changes of
 * which AFD knows nothing: it does not sleep through it.  Built on NT only:
 * the moment is found in the table of NT's calls.
 */
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "compat/nt/between.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

static int fds[2];			/* [1] is written to */
static int calls, there;

static void
begin(int mark)
{
	const struct timeval patience = { 10, 0 };	/* no test needs it */

	net_pair(fds);
	ck_assert_int_eq(setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof(patience)), 0);
	net_mark(fds[0], mark);
	calls = there = 0;
}

static void
end(void)
{
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}

static void *
look(void *arg)
{
	struct pollfd p = { .fd = fds[0], .events = POLLIN };

	*(int *)arg = poll(&p, 1, 0);
	return NULL;
}

/* Another thread's poll(2) below the mark takes out all that came. */
static void
bytes_are_read_ahead(void *text)
{
	pthread_t thread;
	int n = -1;

	net_put(fds[1], text);
	net_await(fds[0], there + (int)strlen(text));
	ck_assert_int_eq(pthread_create(&thread, NULL, look, &n), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(n, 0);
	calls++;
}

static void
receive(size_t len, int flags, const char *text)
{
	char buf[16];

	ck_assert_int_eq(recv(fds[0], buf, len, flags),
	    (ssize_t)strlen(text));
	ck_assert_mem_eq(buf, text, strlen(text));
	ck_assert_int_eq(calls, 1);
}

START_TEST(a_receive_has_what_was_read_ahead_meanwhile)
{
	char text[] = "a";

	begin(8);
	between(bytes_are_read_ahead, text);
	receive(1, 0, text);
	end();
}
END_TEST

START_TEST(a_peek_has_what_was_read_ahead_meanwhile)
{
	char text[] = "abcdefgh";

	begin(16);
	between(bytes_are_read_ahead, text);
	receive(8, MSG_PEEK | MSG_WAITALL, text);
	receive(8, 0, text);
	end();
}
END_TEST

/* It had read ahead itself: more than that is news. */
START_TEST(a_peek_has_what_came_to_it_meanwhile)
{
	char text[] = "defgh";

	begin(16);
	net_put(fds[1], "abc");
	net_await(fds[0], there = 3);
	between(bytes_are_read_ahead, text);
	receive(8, MSG_PEEK | MSG_WAITALL, "abcdefgh");
	receive(8, 0, "abcdefgh");
	end();
}
END_TEST

static void
is_shut(void *arg)
{
	ck_assert_int_eq(shutdown(fds[0], *(int *)arg), 0);
	calls++;
}

START_TEST(a_shutdown_meanwhile_is_the_end)
{
	int how = SHUT_RD;

	begin(1);
	between(is_shut, &how);
	receive(8, 0, "");
	end();
}
END_TEST

static void
is_closed(void *arg)
{
	(void)arg;
	ck_assert_int_eq(close(fds[0]), 0);
	calls++;
}

START_TEST(a_close_meanwhile_ends_a_receive)
{
	char c;

	begin(1);
	between(is_closed, NULL);
	FAILS(recv(fds[0], &c, 1, 0), EBADF);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_receive_has_what_was_read_ahead_meanwhile,
		a_peek_has_what_was_read_ahead_meanwhile,
		a_peek_has_what_came_to_it_meanwhile,
		a_shutdown_meanwhile_is_the_end,
		a_close_meanwhile_ends_a_receive,
	};

	return run_cases("about to wait", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
