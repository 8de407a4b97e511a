/* The pool: its bound, what happens when it is empty, and that it recovers. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <check.h>
#include <unistd.h>

static void
small(struct reactor_options *o, uint32_t initial, uint32_t max)
{
	reactor_options_init(o);
	o->pool_initial = initial;
	o->pool_max = max;
}

/* Section 1: the maximum bounds what is outstanding, not only what is free;
 * `pool only` returns empty at once, `always` may allocate. */
START_TEST(the_maximum_bounds_what_is_outstanding)
{
	struct reactor_options o;
	struct reactor_message *m[4];
	struct reactor_stats stats;
	struct side a;
	int i;

	small(&o, 1, 3);
	side_open(&a, &o);
	ck_assert_int_eq(reactor_message_get(a.group, REACTOR_POOL_ONLY,
	    &m[0]), 0);
	ck_assert_int_eq(reactor_message_get(a.group, REACTOR_POOL_ONLY,
	    &m[1]), REACTOR_POOL_EMPTY);
	ck_assert_ptr_null(m[1]);
	for (i = 1; i < 3; i++)
		ck_assert_int_eq(reactor_message_get(a.group, REACTOR_ALWAYS,
		    &m[i]), 0);
	ck_assert_int_eq(reactor_message_get(a.group, REACTOR_ALWAYS, &m[3]),
	    REACTOR_POOL_EMPTY);
	reactor_engine_stats(a.engine, &stats);
	ck_assert_uint_eq(stats.pool_outstanding, 3);
	ck_assert_uint_eq(stats.pool_allocated, 3);
	for (i = 0; i < 3; i++) {
		reactor_message_put(&m[i]);
		ck_assert_ptr_null(m[i]);
	}
	reactor_engine_stats(a.engine, &stats);
	ck_assert_uint_eq(stats.pool_outstanding, 0);
	ck_assert_int_eq(reactor_message_get(a.group, REACTOR_POOL_ONLY,
	    &m[0]), 0);
	reactor_message_put(&m[0]);
	reactor_message_put(&m[0]);
	reactor_message_put(NULL);
	side_close(&a);
}
END_TEST

/* Section 3, "pool exhausted": told once, reading stops, nothing is lost. */
START_TEST(an_empty_pool_is_told_once_and_reading_resumes)
{
	enum { POOL = 8, SENT = 1000 };
	struct reactor_message *held[POOL + 1], *m;
	struct reactor_options o;
	struct reactor_stats stats;
	struct side server;
	static unsigned char frames[SENT * 20];
	char bound[300];
	uint32_t i, got = 0, next = 1;
	int fd, status;

	small(&o, POOL, POOL);
	side_open(&server, &o);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	fd = raw_connect(bound);
	(void)raw_hello(fd, server.group);
	for (i = 1; i <= SENT; i++)
		(void)raw_frame(frames + 20 * (i - 1), REACTOR_SIGNAL, i, 0,
		    4);
	raw_write(fd, frames, sizeof(frames));
	while ((status = reactor_wait(server.group, PATIENCE, &m)) == 0) {
		ck_assert_uint_lt(got, POOL + 1);
		held[got++] = m;
	}
	ck_assert_int_eq(status, REACTOR_POOL_EMPTY);
	ck_assert_uint_eq(got, POOL);
	ck_assert_int_eq(reactor_wait(server.group, REACTOR_MSEC(20), &m),
	    REACTOR_TIMEOUT);
	reactor_engine_stats(server.engine, &stats);
	ck_assert_uint_eq(stats.pool_empty, 1);
	for (i = 0; i < got; i++) {
		ck_assert_uint_eq(reactor_message_header(held[i])->id, next++);
		reactor_message_put(&held[i]);
	}
	while (next <= SENT) {
		status = reactor_wait(server.group, PATIENCE, &m);
		if (status == REACTOR_POOL_EMPTY)
			continue;
		ck_assert_int_eq(status, 0);
		ck_assert_uint_eq(reactor_message_header(m)->id, next++);
		ck_assert_uint_eq(reactor_body_len(m), 4);
		reactor_message_put(&m);
	}
	ck_assert_int_eq(close(fd), 0);
	side_close(&server);
}
END_TEST

/* Section 6, "smallest pool": one message does for a whole conversation. */
START_TEST(one_message_is_enough_to_talk)
{
	struct reactor_options o;
	struct side server, client;
	struct reactor_message *m;
	struct stream st;
	int i;

	small(&o, 0, 1);
	side_open(&server, &o);
	side_open(&client, &o);
	connect_sides(&server, &client, peer_address[_i], &st);
	for (i = 0; i < 50; i++) {
		(void)post(client.group, message(client.group,
		    REACTOR_REQUEST, st.client, 0));
		m = receive(server.group, REACTOR_REQUEST, 0, 0);
		reactor_message_header(m)->opcode = REACTOR_RESPONSE;
		(void)post(server.group, m);
		(void)expect(client.group, REACTOR_RESPONSE, 0, 0);
	}
	bye(client.group, st.client, server.group, st.server);
	side_close(&client);
	side_close(&server);
}
END_TEST

/* Rule 3: one peer cannot take the whole pool. */
START_TEST(receive_credit_pauses_one_channel_only)
{
	enum { CREDIT = 10, SENT = 200 };
	struct reactor_message *held[CREDIT + 1], *m;
	struct reactor_options o;
	struct side server;
	static unsigned char frames[SENT * 16];
	unsigned char frame[16];
	char bound[300];
	uint64_t next = 1;
	int greedy, modest, got = 0, i;

	reactor_options_init(&o);
	o.receive_credit = CREDIT;
	side_open(&server, &o);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	greedy = raw_connect(bound);
	(void)raw_hello(greedy, server.group);
	modest = raw_connect(bound);
	(void)raw_hello(modest, server.group);
	for (i = 0; i < SENT; i++)
		(void)raw_frame(frames + 16 * i, REACTOR_SIGNAL,
		    (uint64_t)i + 1, 0, 0);
	raw_write(greedy, frames, sizeof(frames));
	while (got < CREDIT) {
		held[got] = receive(server.group, REACTOR_SIGNAL, 0, 0);
		ck_assert_uint_eq(reactor_message_header(held[got++])->id,
		    next++);
	}
	raw_write(modest, frame, raw_frame(frame, REACTOR_REQUEST, 5, 0, 0));
	(void)expect(server.group, REACTOR_REQUEST, 0, 0);
	expect_nothing(server.group);
	while (got > 0)
		reactor_message_put(&held[--got]);
	for (; next <= SENT; next++) {
		m = receive(server.group, REACTOR_SIGNAL, 0, 0);
		ck_assert_uint_eq(reactor_message_header(m)->id, next);
		reactor_message_put(&m);
	}
	ck_assert_int_eq(close(greedy), 0);
	ck_assert_int_eq(close(modest), 0);
	side_close(&server);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pool");
	TCase *t = tcase_create("pool");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, the_maximum_bounds_what_is_outstanding);
	tcase_add_loop_test(t, an_empty_pool_is_told_once_and_reading_resumes, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, one_message_is_enough_to_talk, 0, ADDRESSES);
	tcase_add_loop_test(t, receive_credit_pauses_one_channel_only, 0,
	    ADDRESSES);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
