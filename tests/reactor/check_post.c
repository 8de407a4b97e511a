/* Posting: rule 2, each refusal with a status of its own. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <check.h>
#include <poll.h>
#include <string.h>

static struct side server, client;
static struct stream st;

static void
refused(struct reactor_group *g, int opcode, uint16_t channel, int status)
{
	post_fails(g, message(g, opcode, channel, 1), status);
}

/* Section 6: post of raw, closed, foreign, listener channel. */
START_TEST(each_wrong_post_has_its_own_status)
{
	struct reactor_group *other;
	struct reactor_message *m = NULL;

	side_open(&server, NULL);
	side_open(&client, NULL);
	connect_sides(&server, &client, peer_address[0], &st);
	ck_assert_int_eq(reactor_post(client.group, &m, NULL),
	    REACTOR_NULL_MESSAGE);
	ck_assert_int_eq(reactor_post(client.group, NULL, NULL),
	    REACTOR_NULL_MESSAGE);
	refused(client.group, 10, st.client, REACTOR_INVALID_OP_CODE);
	refused(client.group, REACTOR_WELCOME_RESPONSE, st.client,
	    REACTOR_INVALID_OP_CODE);
	refused(client.group, REACTOR_REQUEST, 0,
	    REACTOR_INVALID_CHANNEL_NUMBER);
	refused(client.group, REACTOR_REQUEST, 65535,
	    REACTOR_INVALID_CHANNEL_NUMBER);
	refused(client.group, REACTOR_REQUEST, 4711,
	    REACTOR_INVALID_CHANNEL_NUMBER);
	refused(client.group, REACTOR_HELLO_REQUEST, st.client,
	    REACTOR_INVALID_CHANNEL_NUMBER);
	refused(client.group, REACTOR_HELLO_RESPONSE, st.client,
	    REACTOR_NOT_ALLOWED);
	refused(client.group, REACTOR_BYE_RESPONSE, st.client,
	    REACTOR_NOT_ALLOWED);
	refused(server.group, REACTOR_SIGNAL, st.listener,
	    REACTOR_IS_LISTENER);
	m = message(client.group, REACTOR_RESPONSE, st.client, 0);
	post_fails(client.group, m, REACTOR_INVALID_MESSAGE_ID);
	m = message(client.group, REACTOR_BYE_REQUEST, st.client, 0);
	reactor_message_header(m)->flags = REACTOR_MORE;
	post_fails(client.group, m, REACTOR_INVALID_MORE_USAGE);
	m = message(server.group, REACTOR_SIGNAL, st.client, 0);
	ck_assert_int_eq(reactor_post(client.group, &m, NULL),
	    REACTOR_INVALID_MESSAGE);
	reactor_message_put(&m);
	ck_assert_int_eq(reactor_group_open(client.engine, &other), 0);
	refused(other, REACTOR_SIGNAL, st.client, REACTOR_INVALID_MCHN_GROUP);
	reactor_group_close(other);
	bye(client.group, st.client, server.group, st.server);
	refused(client.group, REACTOR_SIGNAL, st.client,
	    REACTOR_INVALID_CHANNEL_NUMBER);
	side_close(&client);
	side_close(&server);
}
END_TEST

/* A number stays taken while a message that carries it is held. */
START_TEST(a_closed_channel_is_told_apart_from_none)
{
	struct reactor_message *m;

	side_open(&server, NULL);
	side_open(&client, NULL);
	connect_sides(&server, &client, peer_address[_i], &st);
	(void)send_empty(client.group, REACTOR_BYE_SIGNAL, st.client);
	m = receive(client.group, REACTOR_SIGNAL, REACTOR_ENGINE,
	    REACTOR_CHANNEL_CLOSED);
	refused(client.group, REACTOR_SIGNAL, st.client,
	    REACTOR_CHANNEL_CLOSED);
	reactor_message_put(&m);
	refused(client.group, REACTOR_SIGNAL, st.client,
	    REACTOR_INVALID_CHANNEL_NUMBER);
	side_close(&client);
	side_close(&server);
}
END_TEST

/* Section 4, "nothing but it before the answer". */
START_TEST(nothing_may_be_posted_before_the_hello_is_answered)
{
	uint16_t ch, in;
	char bound[300];

	side_open(&server, NULL);
	side_open(&client, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	ch = hello(client.group, bound).channel;
	refused(client.group, REACTOR_REQUEST, ch, REACTOR_NOT_ALLOWED);
	refused(client.group, REACTOR_BYE_REQUEST, ch, REACTOR_NOT_ALLOWED);
	in = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0).channel;
	refused(server.group, REACTOR_REQUEST, in, REACTOR_NOT_ALLOWED);
	(void)send_empty(server.group, REACTOR_HELLO_RESPONSE, in);
	refused(server.group, REACTOR_HELLO_RESPONSE, in,
	    REACTOR_NOT_ALLOWED);
	(void)expect(client.group, REACTOR_HELLO_RESPONSE, 0, 0);
	bye(client.group, ch, server.group, in);
	side_close(&client);
	side_close(&server);
}
END_TEST

/* Section 1: one group may hold both ends. */
START_TEST(one_group_can_be_both_sides)
{
	struct reactor_message *m;
	uint16_t out, in;
	char bound[300];

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	out = hello(server.group, bound).channel;
	in = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0).channel;
	ck_assert_int_ne(in, out);
	(void)send_empty(server.group, REACTOR_HELLO_RESPONSE, in);
	(void)expect(server.group, REACTOR_HELLO_RESPONSE, 0, 0);
	(void)send_empty(server.group, REACTOR_REQUEST, out);
	m = receive(server.group, REACTOR_REQUEST, 0, 0);
	ck_assert_int_eq(reactor_message_header(m)->channel, in);
	reactor_message_header(m)->opcode = REACTOR_RESPONSE;
	(void)post(server.group, m);
	ck_assert_int_eq(expect(server.group, REACTOR_RESPONSE, 0,
	    0).channel, out);
	side_close(&server);
}
END_TEST

/* Rule 3: the high-water mark refuses; nothing that was taken is lost. */
START_TEST(a_full_queue_refuses)
{
	struct reactor_options o;
	struct reactor_message *m;
	unsigned char frame[16 + 8192];
	int fd, n, i, status;
	char bound[300];
	uint16_t ch;

	reactor_options_init(&o);
	o.send_messages = 16;
	side_open(&server, &o);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	fd = raw_connect(bound);
	ch = raw_hello(fd, server.group);
	for (n = 0;; n++) {
		m = message(server.group, REACTOR_SIGNAL, ch,
		    (uint64_t)n + 1);
		ck_assert_int_eq(reactor_body_reserve(m, 8192), 0);
		ck_assert_int_eq(reactor_body_set_len(m, 8192), 0);
		memset(reactor_body(m), n, 8192);
		status = reactor_post(server.group, &m, NULL);
		if (status != 0)
			break;
	}
	ck_assert_int_eq(status, REACTOR_QUEUE_FULL);
	/* The HelloResponse may still have been counted. */
	ck_assert_int_ge(n, 15);
	reactor_message_put(&m);
	for (i = 0; i < n; i++) {
		raw_read(fd, frame, sizeof(frame));
		ck_assert_uint_eq((size_t)frame[10] << 8 | frame[11],
		    (size_t)i + 1);
		ck_assert_int_eq((char)frame[16 + 8191], (char)i);
	}
	(void)send_empty(server.group, REACTOR_BYE_SIGNAL, ch);
	expect_closed(server.group, ch, "channel_closed");
	raw_expect_end(fd);
	side_close(&server);
}
END_TEST

/* Section 3, "wake". */
START_TEST(a_wake_is_an_update_or_the_callers_message)
{
	struct reactor_message *m, *got;

	side_open(&server, NULL);
	ck_assert_int_eq(reactor_group_wake(server.group, NULL), 0);
	ck_assert_int_eq(reactor_wait(server.group, REACTOR_FOREVER, &got),
	    REACTOR_RECEIVER_UPDATE);
	ck_assert_ptr_null(got);
	m = message(server.group, REACTOR_SIGNAL, 3, 9);
	ck_assert_int_eq(reactor_group_wake(server.group, &m), 0);
	ck_assert_ptr_null(m);
	got = receive(server.group, REACTOR_SIGNAL, 0, 0);
	ck_assert_int_eq(reactor_message_header(got)->channel, 3);
	ck_assert_uint_eq(reactor_message_header(got)->id, 9);
	reactor_message_put(&got);
	ck_assert_int_eq(reactor_group_wake(server.group, &m),
	    REACTOR_NULL_MESSAGE);
	expect_nothing(server.group);
	side_close(&server);
}
END_TEST

/* Section 1: a pollable descriptor per group. */
START_TEST(the_groups_descriptor_tells_when_there_is_something)
{
	struct reactor_message *m;
	struct pollfd p = { .events = POLLIN };
	int i;

	side_open(&server, NULL);
	p.fd = reactor_group_fd(server.group);
	for (i = 0; i < 50; i++) {
		expect_nothing(server.group);
		ck_assert_int_eq(poll(&p, 1, 0), 0);
		m = message(server.group, REACTOR_SIGNAL, 1, 1);
		ck_assert_int_eq(reactor_group_wake(server.group, &m), 0);
		ck_assert_int_eq(poll(&p, 1, 20000), 1);
		(void)expect(server.group, REACTOR_SIGNAL, 0, 0);
	}
	side_close(&server);
}
END_TEST

/* reactor_wait: a time that is over. */
START_TEST(a_finite_wait_ends)
{
	struct reactor_message *m;

	side_open(&server, NULL);
	ck_assert_int_eq(reactor_wait(server.group, REACTOR_MSEC(5), &m),
	    REACTOR_TIMEOUT);
	ck_assert_int_eq(reactor_wait(server.group, 1, &m), REACTOR_TIMEOUT);
	side_close(&server);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("post");
	TCase *t = tcase_create("post");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, each_wrong_post_has_its_own_status);
	tcase_add_loop_test(t, a_closed_channel_is_told_apart_from_none, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, nothing_may_be_posted_before_the_hello_is_answered, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, one_group_can_be_both_sides, 0, ADDRESSES);
	tcase_add_loop_test(t, a_full_queue_refuses, 0, ADDRESSES);
	tcase_add_test(t, a_wake_is_an_update_or_the_callers_message);
	tcase_add_test(t, the_groups_descriptor_tells_when_there_is_something);
	tcase_add_test(t, a_finite_wait_ends);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
