/*
 * The server of programs/admin with clients that take their time, with many,
 * and at its end.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../programs/admin/client.h"
#include "admin_peer.h"
#include "support/main.h"

#define MANY 500
#define SHORT 200	/* ms */
#define LONG 60000

static struct admin_options opt;
static struct admin_request *held;
static sem_t is_held;

/* "hold" is under way until the test ends it. */
static enum admin_verdict
handle(struct admin_request *req, void *arg)
{
	const char *name = json_string_value(admin_body(req));

	(void)arg;
	if (name == NULL || strcmp(name, "hold") != 0)
		return ADMIN_SUCCESS;
	held = req;
	(void)sem_post(&is_held);
	return ADMIN_LATER;
}

static void
setup(void)
{
	held = NULL;
	ck_assert_int_eq(sem_init(&is_held, 0, 0), 0);
	admin_options_init(&opt);
	opt.path = ADMIN_PATH;
	opt.handle = handle;
	opt.frame_time = opt.idle_time = opt.drain_time = LONG;
}

static int
hold(void)
{
	int fd = admin_peer_connect();

	admin_peer_ask(fd, "\"hold\"");
	ck_assert_int_eq(sem_wait(&is_held), 0);
	ck_assert(held != NULL);
	return fd;
}

static void
expect_no_server(void)
{
	struct stat st;

	ck_assert_int_eq(lstat(ADMIN_PATH, &st), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(admin_probe(ADMIN_PATH), ENOENT);
}

static void
ping(int fd)
{
	admin_peer_ask(fd, "\"Ping\"");
	admin_peer_expect(fd, "\"Success\"");
}

/* A byte now and then puts nothing off. */
START_TEST(a_request_has_its_time_to_come)
{
	struct pollfd pfd = { .events = POLLIN };
	int i, n = 0, other;

	setup();
	opt.frame_time = SHORT;
	admin_peer_start(&opt);
	pfd.fd = admin_peer_connect();
	other = admin_peer_connect();
	ping(pfd.fd);
	admin_peer_put(pfd.fd, "\0\0\0\xff\"", 5);
	for (i = 0; i < 100 && n == 0; i++) {
		ping(other);
		/* Perhaps it is over by now. */
		(void)send(pfd.fd, "x", 1, MSG_NOSIGNAL);
		n = poll(&pfd, 1, SHORT / 4);
	}
	ck_assert_int_eq(n, 1);
	admin_peer_expect_error(pfd.fd, "the request takes too long");
	admin_peer_expect_end(pfd.fd);
	ping(other);
	ck_assert_int_eq(close(other), 0);
	admin_peer_stop();
}
END_TEST

START_TEST(a_silent_client_is_dropped)
{
	int fd, silent;

	setup();
	/* Enough for hold() to ask, once it is connected. */
	opt.idle_time = 10 * SHORT;
	admin_peer_start(&opt);
	fd = hold();
	silent = admin_peer_connect();
	admin_peer_expect_end(silent);
	/* One that waits for its answer is not silent. */
	admin_finish(held, ADMIN_SUCCESS);
	admin_peer_expect(fd, "\"Success\"");
	ck_assert_int_eq(close(fd), 0);
	admin_peer_stop();
}
END_TEST

/* Each has begun to ask before any is done. */
START_TEST(five_hundred_clients_are_served_together)
{
	struct rlimit lim;
	static int fds[MANY];
	int i;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &lim), 0);
	if (lim.rlim_cur < 4 * MANY && lim.rlim_max >= 4 * MANY) {
		lim.rlim_cur = 4 * MANY;
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &lim), 0);
	}
	setup();
	admin_peer_start(&opt);
	for (i = 0; i < MANY; i++) {
		fds[i] = admin_peer_connect();
		admin_peer_put(fds[i], "\0\0\0\6\"P", 6);
	}
	for (i = MANY - 1; i >= 0; i--)
		admin_peer_put(fds[i], "ing\"", 4);
	for (i = 0; i < MANY; i++)
		admin_peer_expect(fds[i], "\"Success\"");
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(close(fds[i]), 0);
	admin_peer_stop();
}
END_TEST

/* The one that was answered least recently makes room. */
START_TEST(silent_clients_do_not_keep_others_out)
{
	int busy, old, young, late;

	setup();
	opt.clients_max = 3;
	admin_peer_start(&opt);
	busy = hold();
	old = admin_peer_connect();
	ping(old);
	young = admin_peer_connect();
	ping(young);
	late = admin_peer_connect();
	ping(late);
	admin_peer_expect_end(old);
	ping(young);
	admin_finish(held, ADMIN_SUCCESS);
	admin_peer_expect(busy, "\"Success\"");
	ck_assert_int_eq(close(busy), 0);
	ck_assert_int_eq(close(young), 0);
	ck_assert_int_eq(close(late), 0);
	admin_peer_stop();
}
END_TEST

/* While every place is a command's, the next client waits for one. */
START_TEST(a_client_waits_for_commands_to_end)
{
	int busy, late;

	setup();
	opt.clients_max = 1;
	admin_peer_start(&opt);
	busy = hold();
	late = admin_peer_connect();
	admin_peer_ask(late, "\"Ping\"");
	admin_finish(held, ADMIN_SUCCESS);
	admin_peer_expect(busy, "\"Success\"");
	admin_peer_expect(late, "\"Success\"");
	admin_peer_expect_end(busy);
	ck_assert_int_eq(close(late), 0);
	admin_peer_stop();
}
END_TEST

/* admin.h, admin_run(): what each client sees of a graceful end. */
START_TEST(a_stop_ends_everything_in_order)
{
	int idle, begun, busy;

	setup();
	admin_peer_start(&opt);
	idle = admin_peer_connect();
	ping(idle);
	begun = admin_peer_connect();
	/* It comes with what is answered, so it has come. */
	admin_peer_put(begun, "\0\0\0\6\"Ping\"\0\0\0\6\"P", 16);
	admin_peer_expect(begun, "\"Success\"");
	busy = hold();
	/* Behind the one that is under way. */
	admin_peer_ask(busy, "\"Ping\"");
	admin_stop(admin_peer_server);
	admin_peer_expect_end(idle);
	admin_peer_expect_error(begun, "shutting down");
	admin_peer_expect_end(begun);
	expect_no_server();
	admin_finish(held, ADMIN_SUCCESS);
	admin_peer_expect(busy, "\"Success\"");
	admin_peer_expect_error(busy, "shutting down");
	admin_peer_expect_end(busy);
	admin_peer_join();
}
END_TEST

/* A command that does not end in time is not waited for. */
START_TEST(a_stop_does_not_wait_for_ever)
{
	int by_time, fd;

	for (by_time = 0; by_time < 2; by_time++) {
		setup();
		if (by_time)
			opt.drain_time = SHORT;
		admin_peer_start(&opt);
		fd = hold();
		admin_stop(admin_peer_server);
		if (!by_time)
			admin_stop(admin_peer_server);
		admin_peer_expect_error(fd, "shutting down");
		admin_peer_expect_end(fd);
		ck_assert_int_eq(admin_json(held, admin_body(held)), EPIPE);
		admin_peer_join();
		expect_no_server();
		/* What is left of it may come when the server is no more. */
		ck_assert_int_eq(admin_json(held, admin_body(held)), EPIPE);
		admin_finish(held, ADMIN_SUCCESS);
	}
}
END_TEST

/* The answer goes nowhere, and the next client is served. */
START_TEST(a_client_may_leave_before_its_answer)
{
	int fd;

	setup();
	admin_peer_start(&opt);
	ck_assert_int_eq(close(hold()), 0);
	fd = admin_peer_connect();
	ping(fd);
	(void)admin_json(held, admin_body(held));
	admin_finish(held, ADMIN_SUCCESS);
	ping(fd);
	ck_assert_int_eq(close(fd), 0);
	admin_peer_stop();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_request_has_its_time_to_come,
		a_silent_client_is_dropped,
		five_hundred_clients_are_served_together,
		silent_clients_do_not_keep_others_out,
		a_client_waits_for_commands_to_end,
		a_stop_ends_everything_in_order,
		a_stop_does_not_wait_for_ever,
		a_client_may_leave_before_its_answer,
	};

	return run_cases("admin time", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
