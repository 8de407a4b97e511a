/* Engines and groups: opening, closing, closing under traffic, threads. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CYCLES	1000
#define THREADS	32
#define ECHOES	20

static struct side server, client;

/* Section 6: create/destroy x1000 without leak. */
START_TEST(a_thousand_engines_leave_nothing_behind)
{
	struct side s;
	int i, before, after;

	before = dup(0);
	ck_assert_int_eq(close(before), 0);
	for (i = 0; i < CYCLES; i++) {
		side_open(&s, NULL);
		side_close(&s);
	}
	after = dup(0);
	ck_assert_int_eq(close(after), 0);
	ck_assert_int_eq(before, after);
}
END_TEST

/* Creating an engine reports the real error. */
START_TEST(senseless_options_are_refused)
{
	struct reactor_options o;
	struct reactor_engine *e;

	reactor_options_init(&o);
	o.pool_max = 0;
	ck_assert_int_eq(reactor_engine_open(&o, &e), REACTOR_INVALID_MESSAGE);
	reactor_options_init(&o);
	o.pool_initial = o.pool_max + 1;
	ck_assert_int_eq(reactor_engine_open(&o, &e), REACTOR_INVALID_MESSAGE);
	reactor_options_init(&o);
	o.max_channels = 65535;
	ck_assert_int_eq(reactor_engine_open(&o, &e), REACTOR_INVALID_MESSAGE);
	reactor_options_init(&o);
	o.bye_timeout = 0;
	ck_assert_int_eq(reactor_engine_open(&o, &e), REACTOR_INVALID_MESSAGE);
}
END_TEST

/* Section 1: closing an engine is safe with groups still open. */
START_TEST(groups_and_messages_outlive_their_engine)
{
	struct reactor_message *held, *m;
	struct stream st;
	struct side s;

	side_open(&s, NULL);
	side_open(&client, NULL);
	connect_sides(&s, &client, peer_address[_i], &st);
	held = message(s.group, REACTOR_SIGNAL, st.server, 1);
	reactor_engine_close(s.engine);
	ck_assert_int_eq(reactor_wait(s.group, REACTOR_FOREVER, &m),
	    REACTOR_SHUTDOWN_STARTED);
	ck_assert_int_eq(reactor_message_get(s.group, REACTOR_ALWAYS, &m),
	    REACTOR_SHUTDOWN_STARTED);
	ck_assert_int_eq(reactor_group_wake(s.group, NULL),
	    REACTOR_SHUTDOWN_STARTED);
	ck_assert_int_eq(reactor_post(s.group, &held, NULL),
	    REACTOR_SHUTDOWN_STARTED);
	expect_closed(client.group, st.client, "peer_disconnected");
	reactor_group_close(s.group);
	reactor_message_put(&held);
	side_close(&client);
}
END_TEST

/* Section 1: closing a group closes its channels, and only those. */
START_TEST(a_closed_group_closes_its_channels)
{
	struct reactor_group *second;
	struct stream st, other;
	char bound[300];

	side_open(&server, NULL);
	side_open(&client, NULL);
	connect_sides(&server, &client, peer_address[_i], &st);
	ck_assert_int_eq(reactor_group_open(client.engine, &second), 0);
	other.client = hello(second, st.bound).channel;
	other.server = expect(server.group, REACTOR_HELLO_REQUEST, 0,
	    0).channel;
	(void)send_empty(server.group, REACTOR_HELLO_RESPONSE, other.server);
	(void)expect(second, REACTOR_HELLO_RESPONSE, 0, 0);
	reactor_group_close(second);
	expect_closed(server.group, other.server, "peer_disconnected");
	bye(client.group, st.client, server.group, st.server);
	(void)strcpy(bound, st.bound);
	side_close(&client);
	side_close(&server);
}
END_TEST

static void *
wait_for_ever(void *arg)
{
	struct reactor_group *g = arg;
	struct reactor_message *m;
	int status;

	while ((status = reactor_wait(g, REACTOR_FOREVER, &m)) == 0)
		reactor_message_put(&m);
	return (void *)(intptr_t)status;
}

/* Section 3, "engine closing": every blocked receiver is woken. */
START_TEST(closing_wakes_every_blocked_receiver)
{
	struct reactor_group *g[8];
	struct reactor_engine *e;
	pthread_t thread[8];
	void *status;
	int i;

	ck_assert_int_eq(reactor_engine_open(NULL, &e), 0);
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(reactor_group_open(e, &g[i]), 0);
		ck_assert_int_eq(pthread_create(&thread[i], NULL,
		    wait_for_ever, g[i]), 0);
	}
	reactor_engine_close(e);
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(pthread_join(thread[i], &status), 0);
		ck_assert_int_eq((int)(intptr_t)status,
		    REACTOR_SHUTDOWN_STARTED);
		reactor_group_close(g[i]);
	}
}
END_TEST

struct poster {
	struct reactor_group *group;
	uint16_t channel;
};

static void *
post_for_ever(void *arg)
{
	struct poster *p = arg;
	struct reactor_message *m;
	int status = 0;

	while (status != REACTOR_SHUTDOWN_STARTED) {
		status = reactor_message_get(p->group, REACTOR_ALWAYS, &m);
		if (status != 0)
			continue;
		reactor_message_header(m)->opcode = REACTOR_SIGNAL;
		reactor_message_header(m)->channel = p->channel;
		status = reactor_post(p->group, &m, NULL);
		reactor_message_put(&m);
	}
	return NULL;
}

/* Section 6: engine close under traffic, from several threads. */
START_TEST(an_engine_can_be_closed_under_traffic)
{
	struct stream st;
	struct poster p;
	pthread_t thread[3];
	struct reactor_message *m;
	int round, i, got;

	for (round = 0; round < 10; round++) {
		side_open(&server, NULL);
		side_open(&client, NULL);
		connect_sides(&server, &client, peer_address[_i], &st);
		p.group = client.group;
		p.channel = st.client;
		for (i = 0; i < 3; i++)
			ck_assert_int_eq(pthread_create(&thread[i], NULL,
			    post_for_ever, &p), 0);
		for (got = 0; got < 500; got++) {
			ck_assert_int_eq(reactor_wait(server.group, PATIENCE,
			    &m), 0);
			reactor_message_put(&m);
		}
		reactor_engine_close(client.engine);
		for (i = 0; i < 3; i++)
			ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
		reactor_group_close(client.group);
		reactor_engine_close(server.engine);
		reactor_group_close(server.group);
	}
}
END_TEST

static void *
scenario(void *arg)
{
	const char *address = arg;
	struct side a, b;
	struct stream st;
	struct reactor_message *m;
	int i;

	side_open(&a, NULL);
	side_open(&b, NULL);
	connect_sides(&a, &b, address, &st);
	for (i = 0; i < ECHOES; i++) {
		(void)send_empty(b.group, REACTOR_REQUEST, st.client);
		m = receive(a.group, REACTOR_REQUEST, 0, 0);
		reactor_message_header(m)->opcode = REACTOR_RESPONSE;
		(void)post(a.group, m);
		(void)expect(b.group, REACTOR_RESPONSE, 0, 0);
	}
	bye(b.group, st.client, a.group, st.server);
	side_close(&b);
	side_close(&a);
	return NULL;
}

/* Section 6: 32 scenario threads at once. */
START_TEST(thirty_two_scenarios_run_at_once)
{
	static char address[THREADS][32];
	pthread_t thread[THREADS];
	int i;

	for (i = 0; i < THREADS; i++) {
		(void)snprintf(address[i], sizeof(address[i]), i % 2 == 0 ?
		    "tcp|127.0.0.1|0" : "uds|s%d.sock", i);
		ck_assert_int_eq(pthread_create(&thread[i], NULL, scenario,
		    address[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("close");
	TCase *t = tcase_create("close");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, a_thousand_engines_leave_nothing_behind);
	tcase_add_test(t, senseless_options_are_refused);
	tcase_add_loop_test(t, groups_and_messages_outlive_their_engine, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, a_closed_group_closes_its_channels, 0,
	    ADDRESSES);
	tcase_add_test(t, closing_wakes_every_blocked_receiver);
	tcase_add_loop_test(t, an_engine_can_be_closed_under_traffic, 0,
	    ADDRESSES);
	tcase_add_test(t, thirty_two_scenarios_run_at_once);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
