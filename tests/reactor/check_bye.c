/* Closing: by agreement, at once, by both sides, and by nobody's answer. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

static struct side server, client;
static struct stream st;

static void
open_both(int i, const struct reactor_options *o)
{
	side_open(&server, o);
	side_open(&client, o);
	connect_sides(&server, &client, peer_address[i], &st);
}

static void
close_both(void)
{
	side_close(&client);
	side_close(&server);
}

/* Rule 6: what the peer was promised arrives; Bye is queued behind it. */
START_TEST(bye_comes_behind_all_that_is_queued)
{
	struct reactor_message *m;
	int i;

	open_both(_i, NULL);
	for (i = 0; i < 200; i++) {
		m = message(client.group, REACTOR_SIGNAL, st.client,
		    (uint64_t)i + 1);
		ck_assert_int_eq(reactor_body_reserve(m, 16384), 0);
		ck_assert_int_eq(reactor_body_set_len(m, 16384), 0);
		memset(reactor_body(m), i, 16384);
		(void)post(client.group, m);
	}
	(void)send_empty(client.group, REACTOR_BYE_REQUEST, st.client);
	post_fails(client.group, message(client.group, REACTOR_SIGNAL,
	    st.client, 0), REACTOR_CHANNEL_CLOSING);
	for (i = 0; i < 200; i++)
		ck_assert_uint_eq(expect(server.group, REACTOR_SIGNAL, 0,
		    0).id, (uint64_t)i + 1);
	(void)expect(server.group, REACTOR_BYE_REQUEST, 0, 0);
	/* The one who was asked may still finish what it has to say. */
	m = message(server.group, REACTOR_SIGNAL, st.server, 77);
	(void)post(server.group, m);
	(void)send_empty(server.group, REACTOR_BYE_RESPONSE, st.server);
	ck_assert_uint_eq(expect(client.group, REACTOR_SIGNAL, 0, 0).id, 77);
	(void)expect(client.group, REACTOR_BYE_RESPONSE, 0, 0);
	expect_closed(client.group, st.client, "success");
	expect_closed(server.group, st.server, "success");
	close_both();
}
END_TEST

/* Section 3: both sides at once works too. */
START_TEST(both_may_say_bye_at_once)
{
	int i;

	open_both(_i, NULL);
	for (i = 0; i < 20; i++) {
		struct reactor_header h;

		(void)send_empty(client.group, REACTOR_BYE_REQUEST,
		    st.client);
		(void)send_empty(server.group, REACTOR_BYE_REQUEST,
		    st.server);
		(void)expect(server.group, REACTOR_BYE_REQUEST, 0, 0);
		(void)expect(client.group, REACTOR_BYE_REQUEST, 0, 0);
		expect_closed(client.group, st.client, "success");
		expect_closed(server.group, st.server, "success");
		st.client = hello(client.group, st.bound).channel;
		h = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0);
		st.server = h.channel;
		(void)send_empty(server.group, REACTOR_HELLO_RESPONSE,
		    st.server);
		(void)expect(client.group, REACTOR_HELLO_RESPONSE, 0, 0);
	}
	close_both();
}
END_TEST

/* Section 3: a peer that does not answer is cut off. */
START_TEST(a_bye_without_answer_ends_by_its_timeout)
{
	struct reactor_options o;

	reactor_options_init(&o);
	o.bye_timeout = REACTOR_MSEC(100);
	open_both(_i, &o);
	(void)send_empty(client.group, REACTOR_BYE_REQUEST, st.client);
	expect_closed(client.group, st.client, "timeout");
	(void)expect(server.group, REACTOR_BYE_REQUEST, 0, 0);
	expect_closed(server.group, st.server, "peer_disconnected");
	close_both();
}
END_TEST

/* Section 3: after a ByeSignal pending messages come back, in order, with
 * the engine's mark and a reason; then channel_closed. */
START_TEST(a_bye_signal_returns_what_was_pending)
{
	struct reactor_message *m;
	struct reactor_header h;
	uint64_t last = 0;
	int fd, posted = 0, status;
	char bound[300];
	uint16_t ch;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	fd = raw_connect(bound);
	ch = raw_hello(fd, server.group);
	/* The peer does not read: some of this must stay here. */
	do {
		m = message(server.group, REACTOR_SIGNAL, ch,
		    (uint64_t)++posted);
		ck_assert_int_eq(reactor_body_reserve(m, REACTOR_BODY_MAX), 0);
		ck_assert_int_eq(reactor_body_set_len(m, REACTOR_BODY_MAX), 0);
		memset(reactor_body(m), 1, REACTOR_BODY_MAX);
		status = reactor_post(server.group, &m, NULL);
	} while (status == 0 && posted < 1000);
	reactor_message_put(&m);
	(void)send_empty(server.group, REACTOR_BYE_SIGNAL, ch);
	for (;;) {
		ck_assert_int_eq(reactor_wait(server.group, PATIENCE, &m), 0);
		h = *reactor_message_header(m);
		ck_assert_int_eq(h.channel, ch);
		ck_assert_int_eq(h.flags, REACTOR_ENGINE);
		ck_assert_int_eq(h.status, REACTOR_CHANNEL_CLOSED);
		if (reactor_text_find(m, REACTOR_REASON, NULL, 0) > 0)
			break;
		ck_assert_uint_gt(h.id, last);
		ck_assert_uint_eq(reactor_body_len(m), REACTOR_BODY_MAX);
		last = h.id;
		reactor_message_put(&m);
	}
	reactor_message_put(&m);
	ck_assert_uint_gt(last, 0);
	expect_nothing(server.group);
	ck_assert_int_eq(close(fd), 0);
	side_close(&server);
}
END_TEST

/* Section 3, "connection lost": what was not sent comes back first. */
START_TEST(a_lost_connection_returns_what_was_pending)
{
	struct reactor_message *m;
	struct reactor_header h;
	int fd, back = 0, status;
	char bound[300];
	uint16_t ch;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	fd = raw_connect(bound);
	ch = raw_hello(fd, server.group);
	do {
		m = message(server.group, REACTOR_SIGNAL, ch, 1);
		ck_assert_int_eq(reactor_body_reserve(m, REACTOR_BODY_MAX), 0);
		ck_assert_int_eq(reactor_body_set_len(m, REACTOR_BODY_MAX), 0);
		memset(reactor_body(m), 1, REACTOR_BODY_MAX);
		status = reactor_post(server.group, &m, NULL);
	} while (status == 0);
	ck_assert_int_eq(status, REACTOR_QUEUE_FULL);
	reactor_message_put(&m);
	ck_assert_int_eq(close(fd), 0);
	for (;;) {
		ck_assert_int_eq(reactor_wait(server.group, PATIENCE, &m), 0);
		h = *reactor_message_header(m);
		if (h.status == REACTOR_CHANNEL_CLOSED)
			break;
		ck_assert_int_eq(h.status, REACTOR_PEER_DISCONNECTED);
		ck_assert_int_eq(h.flags, REACTOR_ENGINE);
		back++;
		reactor_message_put(&m);
	}
	ck_assert_uint_eq(h.id, 7);	/* that of the Hello */
	reactor_message_put(&m);
	ck_assert_int_gt(back, 0);
	post_fails(server.group, message(server.group, REACTOR_SIGNAL, ch, 0),
	    REACTOR_INVALID_CHANNEL_NUMBER);
	side_close(&server);
}
END_TEST

/* Rule 7: input that arrived before a hang-up is delivered before it. */
START_TEST(input_comes_before_the_hang_up)
{
	unsigned char frame[16];
	char bound[300];
	uint16_t ch;
	int fd, i, round;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	for (round = 0; round < 50; round++) {
		fd = raw_connect(bound);
		ch = raw_hello(fd, server.group);
		for (i = 1; i <= 10; i++)
			raw_write(fd, frame, raw_frame(frame, REACTOR_SIGNAL,
			    (uint64_t)i, 0, 0));
		ck_assert_int_eq(close(fd), 0);
		for (i = 1; i <= 10; i++)
			ck_assert_uint_eq(expect(server.group, REACTOR_SIGNAL,
			    0, 0).id, (uint64_t)i);
		expect_closed(server.group, ch, "peer_disconnected");
	}
	side_close(&server);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("bye");
	TCase *t = tcase_create("bye");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_loop_test(t, bye_comes_behind_all_that_is_queued, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, both_may_say_bye_at_once, 0, ADDRESSES);
	tcase_add_loop_test(t, a_bye_without_answer_ends_by_its_timeout, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, a_bye_signal_returns_what_was_pending, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, a_lost_connection_returns_what_was_pending, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, input_comes_before_the_hang_up, 0, ADDRESSES);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
