/* Echo: what goes in comes out, in order, whole, on both kinds of socket. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ECHOES	300
#define BURST	2000
#define STREAM	(24 * 1024 * 1024)
#define QUEUED	400

static struct side server, client;
static struct stream st;

static void
open_both(int i)
{
	side_open(&server, NULL);
	side_open(&client, NULL);
	connect_sides(&server, &client, peer_address[i], &st);
}

static void
close_both(void)
{
	bye(client.group, st.client, server.group, st.server);
	side_close(&client);
	side_close(&server);
}

/* Section 3: data arrives as sent, an answer carries the id of its request. */
START_TEST(an_echo_has_id_text_and_body)
{
	struct reactor_message *m;
	struct reactor_header h;
	char text[32];
	int i;

	open_both(_i);
	for (i = 0; i < ECHOES; i++) {
		m = message(client.group, REACTOR_REQUEST, st.client, 0);
		ck_assert_int_eq(reactor_text_add(m, "name", "value"), 0);
		ck_assert_int_eq(reactor_body_set(m, &i, sizeof(i)), 0);
		h = post(client.group, m);

		m = receive(server.group, REACTOR_REQUEST, 0, 0);
		ck_assert_int_eq(reactor_message_header(m)->channel,
		    st.server);
		ck_assert_uint_eq(reactor_message_header(m)->id, h.id);
		reactor_message_header(m)->opcode = REACTOR_RESPONSE;
		(void)post(server.group, m);

		m = receive(client.group, REACTOR_RESPONSE, 0, 0);
		ck_assert_uint_eq(reactor_message_header(m)->id, h.id);
		ck_assert_int_eq(reactor_message_header(m)->channel,
		    st.client);
		ck_assert_int_eq(reactor_text_find(m, "name", text,
		    sizeof(text)), 5);
		ck_assert_str_eq(text, "value");
		ck_assert_uint_eq(reactor_body_len(m), sizeof(i));
		ck_assert_mem_eq(reactor_body(m), &i, sizeof(i));
		reactor_message_put(&m);
	}
	close_both();
}
END_TEST

/* Section 2: each part has at most 65,535 bytes. */
START_TEST(the_longest_frame_passes)
{
	struct reactor_message *m;
	char *big, *text;
	size_t i;

	big = malloc(REACTOR_BODY_MAX);
	text = malloc(REACTOR_TEXT_MAX);
	ck_assert_ptr_nonnull(big);
	ck_assert_ptr_nonnull(text);
	for (i = 0; i < REACTOR_BODY_MAX; i++)
		big[i] = (char)(i * 31 >> 3);
	memset(text, 'v', REACTOR_TEXT_MAX);
	open_both(_i);
	m = message(client.group, REACTOR_SIGNAL, st.client, 5);
	/* One byte more than `n:` and CRLF leave room for is refused. */
	ck_assert_int_eq(reactor_text_add_mem(m, "n", 1, text,
	    REACTOR_TEXT_MAX - 3), REACTOR_INVALID_HEADERS_LEN);
	ck_assert_int_eq(reactor_text_add_mem(m, "n", 1, text,
	    REACTOR_TEXT_MAX - 4), 0);
	ck_assert_int_eq(reactor_body_set(m, big, REACTOR_BODY_MAX + 1),
	    REACTOR_INVALID_BODY_LEN);
	ck_assert_int_eq(reactor_body_set(m, big, REACTOR_BODY_MAX), 0);
	(void)post(client.group, m);
	m = receive(server.group, REACTOR_SIGNAL, 0, 0);
	ck_assert_uint_eq(reactor_body_len(m), REACTOR_BODY_MAX);
	ck_assert_mem_eq(reactor_body(m), big, REACTOR_BODY_MAX);
	ck_assert_int_eq(reactor_text_find(m, "n", NULL, 0),
	    REACTOR_TEXT_MAX - 4);
	reactor_message_put(&m);
	close_both();
	free(big);
	free(text);
}
END_TEST

/* Rule 8: many messages leave in one call; and none is lost or swapped. */
START_TEST(a_burst_keeps_its_order_and_needs_few_calls)
{
	struct reactor_message *m;
	struct reactor_stats stats;
	int i;

	open_both(_i);
	for (i = 0; i < BURST; i++) {
		m = message(client.group, REACTOR_SIGNAL, st.client, 0);
		ck_assert_int_eq(reactor_body_set(m, &i, sizeof(i)), 0);
		(void)post(client.group, m);
	}
	for (i = 0; i < BURST; i++) {
		m = receive(server.group, REACTOR_SIGNAL, 0, 0);
		ck_assert_mem_eq(reactor_body(m), &i, sizeof(i));
		reactor_message_put(&m);
	}
	reactor_engine_stats(client.engine, &stats);
	ck_assert_uint_ge(stats.messages_sent, BURST);
	ck_assert_uint_le(stats.send_calls, stats.messages_sent);
	close_both();
}
END_TEST

/* Section 2: `more` keeps one id until the last; 24 MiB both in and out. */
START_TEST(a_long_stream_of_more_arrives_whole)
{
	struct reactor_message *m;
	size_t sent = 0, got = 0, i, n;
	unsigned char *p;
	uint64_t id = 0;
	int status;

	open_both(_i);
	while (got < STREAM) {
		while (sent < STREAM && sent - got < 4 * 1024 * 1024) {
			m = message(client.group, REACTOR_REQUEST, st.client,
			    id);
			ck_assert_int_eq(reactor_body_reserve(m,
			    REACTOR_BODY_MAX), 0);
			n = STREAM - sent < REACTOR_BODY_MAX ? STREAM - sent :
			    REACTOR_BODY_MAX;
			p = reactor_body(m);
			memset(p, 0, n);
			for (i = 0; i < n; i += 64)
				p[i] = (unsigned char)((sent + i) / 7);
			ck_assert_int_eq(reactor_body_set_len(m, n), 0);
			if (sent + n < STREAM)
				reactor_message_header(m)->flags =
				    REACTOR_MORE;
			id = post(client.group, m).id;
			sent += n;
		}
		status = reactor_wait(server.group, PATIENCE, &m);
		ck_assert_int_eq(status, 0);
		n = reactor_body_len(m);
		p = reactor_body(m);
		for (i = 0; i < n; i += 64)
			ck_assert_uint_eq(p[i],
			    (unsigned char)((got + i) / 7));
		got += n;
		ck_assert_uint_eq(reactor_message_header(m)->id, id);
		ck_assert_int_eq(reactor_message_header(m)->flags,
		    got < STREAM ? REACTOR_MORE : 0);
		reactor_message_put(&m);
	}
	close_both();
}
END_TEST

static struct reactor_message *
block(int fill)
{
	struct reactor_message *m = message(server.group, REACTOR_SIGNAL,
	    st.server, 1);

	ck_assert_int_eq(reactor_body_reserve(m, REACTOR_BODY_MAX), 0);
	ck_assert_int_eq(reactor_body_set_len(m, REACTOR_BODY_MAX), 0);
	memset(reactor_body(m), fill, REACTOR_BODY_MAX);
	return m;
}

/* One frame that block() or the test below sent; its id. */
static int
raw_block(int fd)
{
	static unsigned char frame[16 + REACTOR_BODY_MAX];
	size_t len;

	raw_read(fd, frame, 16);
	len = (size_t)frame[14] << 8 | frame[15];
	raw_read(fd, frame + 16, len);
	return frame[11];
}

/*
 * Rule 5: out-of-band overtakes what is queued on its own channel, at a
 * frame's boundary.  The peer reads only when all is posted, so that no more
 * can be ahead than a socket's buffers and a turn of the engine's hold.
 */
START_TEST(out_of_band_overtakes)
{
	struct reactor_options o;
	struct reactor_message *m;
	int ahead = 0, fd, i;

	reactor_options_init(&o);
	o.send_bytes = 2 * QUEUED * REACTOR_BODY_MAX;
	side_open(&server, &o);
	(void)listen_on(server.group, peer_address[_i], st.bound,
	    sizeof(st.bound));
	fd = raw_connect(st.bound);
	st.server = raw_hello(fd, server.group);
	for (i = 0; i < QUEUED; i++)
		(void)post(server.group, block(i));
	m = message(server.group, REACTOR_SIGNAL, st.server, 2);
	reactor_message_header(m)->flags = REACTOR_OOB;
	(void)post(server.group, m);
	while ((i = raw_block(fd)) == 1)
		ahead++;
	ck_assert_int_eq(i, 2);
	ck_assert_int_lt(ahead, QUEUED / 2);
	for (i = ahead; i < QUEUED; i++)
		ck_assert_int_eq(raw_block(fd), 1);
	(void)close(fd);
	expect_closed(server.group, st.server, "peer_disconnected");
	side_close(&server);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("echo");
	TCase *t = tcase_create("both kinds of socket");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_loop_test(t, an_echo_has_id_text_and_body, 0, ADDRESSES);
	tcase_add_loop_test(t, the_longest_frame_passes, 0, ADDRESSES);
	tcase_add_loop_test(t, a_burst_keeps_its_order_and_needs_few_calls, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, a_long_stream_of_more_arrives_whole, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, out_of_band_overtakes, 0, ADDRESSES);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
