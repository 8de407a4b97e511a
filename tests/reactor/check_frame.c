/*
 * The parser: every malformed frame, every byte boundary (rules 1 and 3 of
 * the frame, README.md of the reactor).
 */
#include "reactor/peer.h"
#include "private.h"
#include "support/tmpdir.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

static struct side server;
static char bound[300];

/* Frame layout: all integers big-endian. */
START_TEST(a_header_has_its_bytes_in_network_order)
{
	static const unsigned char wire[16] = { 0xfe, 0xdc, 0x21, 0x16,
	    1, 2, 3, 4, 5, 6, 7, 8, 0x9a, 0xbc, 0xde, 0xf0 };
	unsigned char out[16];
	struct rx_frame f;

	rx_frame_decode(wire, &f);
	ck_assert_uint_eq(f.channel, 0xfedc);
	ck_assert_uint_eq(f.proto, 0x21);
	ck_assert_uint_eq(f.status, 0x16);
	ck_assert_uint_eq(f.id, UINT64_C(0x0102030405060708));
	ck_assert_uint_eq(f.text_len, 0x9abc);
	ck_assert_uint_eq(f.body_len, 0xdef0);
	rx_frame_encode(out, &f);
	ck_assert_mem_eq(out, wire, sizeof(out));
}
END_TEST

/* Rule 1, all 256 values of proto; ids matter to a Response only. */
START_TEST(only_travelling_opcodes_and_clean_bits_pass)
{
	struct rx_frame f = { .id = 1 };
	int proto, want, op;

	for (proto = 0; proto < 256; proto++) {
		op = proto & 15;
		want = (proto & 0x80) != 0 ? REACTOR_RESERVED_BITS :
		    op > 6 ? REACTOR_INVALID_OP_CODE :
		    (proto & 0x20) != 0 && op > 2 ?
		    REACTOR_INVALID_MORE_USAGE : 0;
		f.proto = (uint8_t)proto;
		ck_assert_int_eq(rx_frame_check(&f), want);
	}
	f.proto = REACTOR_RESPONSE;
	f.id = 0;
	ck_assert_int_eq(rx_frame_check(&f), REACTOR_INVALID_MESSAGE_ID);
}
END_TEST

/* Rule 1: a bad frame closes its channel with its own status, allocates
 * nothing of the announced size, and disturbs no other channel. */
START_TEST(a_bad_frame_closes_only_its_own_channel)
{
	static const struct {
		int proto;
		uint64_t id;
		const char *reason;
	} bad[] = {
		{ 0x80, 1, "reserved_bits" },
		{ REACTOR_BYE_SIGNAL, 1, "invalid_op_code" },
		{ REACTOR_WELCOME_REQUEST, 1, "invalid_op_code" },
		{ REACTOR_WELCOME_RESPONSE, 1, "invalid_op_code" },
		{ 15, 1, "invalid_op_code" },
		{ REACTOR_BYE_REQUEST | REACTOR_MORE, 1, "invalid_more" },
		{ REACTOR_RESPONSE, 0, "invalid_message_id" },
		{ REACTOR_HELLO_REQUEST, 1, "handshake" },
		{ REACTOR_HELLO_RESPONSE, 1, "handshake" },
		{ REACTOR_BYE_RESPONSE, 1, "handshake" },
	};
	unsigned char frame[16];
	struct reactor_stats before, after;
	uint16_t good, channel;
	int well, fd;
	size_t i;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	well = raw_connect(bound);
	good = raw_hello(well, server.group);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fd = raw_connect(bound);
		channel = raw_hello(fd, server.group);
		reactor_engine_stats(server.engine, &before);
		raw_write(fd, frame, raw_frame(frame, bad[i].proto, bad[i].id,
		    65535, 65535));
		expect_closed(server.group, channel, bad[i].reason);
		raw_expect_end(fd);
		reactor_engine_stats(server.engine, &after);
		ck_assert_uint_eq(after.bad_frames, before.bad_frames + 1);
		ck_assert_uint_eq(after.pool_allocated,
		    before.pool_allocated);
		raw_write(well, frame, raw_frame(frame, REACTOR_SIGNAL, i, 0,
		    0));
		ck_assert_int_eq(expect(server.group, REACTOR_SIGNAL, 0,
		    0).channel, good);
	}
	ck_assert_int_eq(close(well), 0);
	expect_closed(server.group, good, "peer_disconnected");
	side_close(&server);
}
END_TEST

/* Rule 1: the first frame is a HelloRequest, and the program never hears of
 * those that sent another. */
START_TEST(a_stranger_that_does_not_say_hello_is_dropped)
{
	unsigned char frame[16];
	int fd, proto;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	for (proto = 0; proto < 256; proto++) {
		if ((proto & 0x8f) == REACTOR_HELLO_REQUEST &&
		    (proto & REACTOR_MORE) == 0)
			continue;
		fd = raw_connect(bound);
		raw_write(fd, frame, raw_frame(frame, proto, 1, 9, 9));
		raw_expect_end(fd);
	}
	expect_nothing(server.group);
	side_close(&server);
}
END_TEST

static void
wait_received(uint64_t bytes)
{
	struct reactor_message *m;
	struct reactor_stats stats;

	for (;;) {
		reactor_engine_stats(server.engine, &stats);
		if (stats.bytes_received >= bytes)
			return;
		ck_assert_int_eq(reactor_wait(server.group, REACTOR_MSEC(1),
		    &m), REACTOR_TIMEOUT);
	}
}

/* A frame cut in two at any byte is the same frame. */
START_TEST(a_frame_may_be_cut_anywhere)
{
	unsigned char frame[16 + 8 + 12];
	struct reactor_message *m;
	struct reactor_stats stats;
	size_t len, cut;
	char text[8];
	int fd;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	fd = raw_connect(bound);
	(void)raw_hello(fd, server.group);
	len = raw_frame(frame, REACTOR_REQUEST, 77, 8, 12);
	memcpy(frame + len, "ab: cd\r\nhello, world", 20);
	len += 20;
	for (cut = 1; cut < len; cut++) {
		reactor_engine_stats(server.engine, &stats);
		raw_write(fd, frame, cut);
		wait_received(stats.bytes_received + cut);
		raw_write(fd, frame + cut, len - cut);
		m = receive(server.group, REACTOR_REQUEST, 0, 0);
		ck_assert_uint_eq(reactor_message_header(m)->id, 77);
		ck_assert_int_eq(reactor_text_find(m, "ab", text,
		    sizeof(text)), 2);
		ck_assert_str_eq(text, "cd");
		ck_assert_uint_eq(reactor_body_len(m), 12);
		ck_assert_mem_eq(reactor_body(m), "hello, world", 12);
		reactor_message_put(&m);
	}
	ck_assert_int_eq(close(fd), 0);
	side_close(&server);
}
END_TEST

/* Many frames in one piece, and one frame in many pieces. */
START_TEST(frames_may_come_glued_together)
{
	unsigned char frames[100 * 17];
	size_t i, len = 0;
	int fd;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	fd = raw_connect(bound);
	(void)raw_hello(fd, server.group);
	for (i = 0; i < 100; i++) {
		len += raw_frame(frames + len, REACTOR_SIGNAL, i + 1, 0,
		    i & 1);
		frames[len] = (unsigned char)i;
		len += i & 1;
	}
	raw_write(fd, frames, len);
	for (i = 0; i < 100; i++)
		ck_assert_uint_eq(expect(server.group, REACTOR_SIGNAL, 0,
		    0).id, i + 1);
	for (i = 0; i < len; i++)
		raw_write(fd, frames + i, 1);
	for (i = 0; i < 100; i++)
		ck_assert_uint_eq(expect(server.group, REACTOR_SIGNAL, 0,
		    0).id, i + 1);
	ck_assert_int_eq(close(fd), 0);
	side_close(&server);
}
END_TEST

/* Section 3: a peer cannot forge the engine. */
START_TEST(a_peer_cannot_forge_the_engine)
{
	unsigned char frame[128];
	struct reactor_message *m;
	uint16_t channel;
	size_t len;
	int fd;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	fd = raw_connect(bound);
	channel = raw_hello(fd, server.group);
	len = raw_frame(frame, REACTOR_SIGNAL | REACTOR_ENGINE | REACTOR_OOB,
	    9, 26, 0);
	frame[3] = REACTOR_CHANNEL_CLOSED;
	memcpy(frame + len, "~reason: lies\r\n\r\nreal: yes", 26);
	raw_write(fd, frame, len + 26);
	m = receive(server.group, REACTOR_SIGNAL, 0, 0);
	ck_assert_int_eq(reactor_message_header(m)->channel, channel);
	ck_assert_int_eq(reactor_text_find(m, "~reason", NULL, 0), -1);
	ck_assert_int_eq(reactor_text_find(m, "real", NULL, 0), 3);
	reactor_message_put(&m);
	ck_assert_int_eq(close(fd), 0);
	side_close(&server);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("frame");
	TCase *t = tcase_create("frame");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, a_header_has_its_bytes_in_network_order);
	tcase_add_test(t, only_travelling_opcodes_and_clean_bits_pass);
	tcase_add_loop_test(t, a_bad_frame_closes_only_its_own_channel, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, a_stranger_that_does_not_say_hello_is_dropped, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, a_frame_may_be_cut_anywhere, 0, ADDRESSES);
	tcase_add_loop_test(t, frames_may_come_glued_together, 0, ADDRESSES);
	tcase_add_loop_test(t, a_peer_cannot_forge_the_engine, 0, ADDRESSES);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
