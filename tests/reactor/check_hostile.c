/* Peers that mean no good, or are slow, or die. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

static struct side server;
static char bound[300];

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Take messages until one has this opcode or channel; its channel. */
static uint16_t
skip_to(int opcode, int channel)
{
	struct reactor_message *m;
	struct reactor_header h;

	do {
		ck_assert_int_eq(reactor_wait(server.group, PATIENCE, &m), 0);
		h = *reactor_message_header(m);
		reactor_message_put(&m);
	} while (h.opcode != opcode && h.channel != channel);
	return h.channel;
}

/* Rule 1, as a fuzzer: garbage of any kind only ever ends its own channel. */
START_TEST(garbage_harms_nobody_else)
{
	unsigned char junk[300];
	uint32_t seed = 20240607;
	uint16_t good;
	size_t i, len;
	int fd, well, round;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	well = raw_connect(bound);
	good = raw_hello(well, server.group);
	for (round = 0; round < 200; round++) {
		fd = raw_connect(bound);
		if (round % 2 == 0) {
			raw_write(fd, junk, raw_frame(junk,
			    REACTOR_HELLO_REQUEST, 7, 0, 0));
			(void)send_empty(server.group, REACTOR_HELLO_RESPONSE,
			    skip_to(REACTOR_HELLO_REQUEST, -1));
			raw_read(fd, junk, 16);
		}
		len = 16 + next_random(&seed) % (sizeof(junk) - 16);
		for (i = 0; i < len; i++)
			junk[i] = (unsigned char)next_random(&seed);
		if (round % 3 == 0)
			junk[2] &= 3;	/* often enough a plausible frame */
		raw_write(fd, junk, len);
		ck_assert_int_eq(close(fd), 0);
		len = raw_frame(junk, REACTOR_REQUEST, 1000, 0, 0);
		raw_write(well, junk, len);
		/* What the garbage amounted to may come first. */
		ck_assert_int_eq(skip_to(-1, good), good);
	}
	ck_assert_int_eq(close(well), 0);
	side_close(&server);
}
END_TEST

/* Section 6: peer killed mid-frame; half a message is never delivered. */
START_TEST(half_a_frame_is_not_delivered)
{
	unsigned char frame[16 + 30];
	size_t len, cut;
	uint16_t ch;
	int fd;

	side_open(&server, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	len = raw_frame(frame, REACTOR_REQUEST, 1, 10, 20);
	memset(frame + len, 'x', 30);
	len += 30;
	for (cut = 1; cut < len; cut++) {
		fd = raw_connect(bound);
		ch = raw_hello(fd, server.group);
		raw_write(fd, frame, cut);
		ck_assert_int_eq(close(fd), 0);
		expect_closed(server.group, ch, "peer_disconnected");
	}
	expect_nothing(server.group);
	side_close(&server);
}
END_TEST

/* Section 6, "slow loris": one who never finishes its Hello is dropped. */
START_TEST(an_unfinished_hello_is_cut_off)
{
	struct reactor_options o;
	unsigned char frame[16];
	int fd[20], i;

	reactor_options_init(&o);
	o.handshake_timeout = REACTOR_MSEC(100);
	side_open(&server, &o);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	(void)raw_frame(frame, REACTOR_HELLO_REQUEST, 1, 100, 0);
	for (i = 0; i < 20; i++) {
		fd[i] = raw_connect(bound);
		raw_write(fd[i], frame, (size_t)i % 17);
	}
	for (i = 0; i < 20; i++)
		raw_expect_end(fd[i]);
	expect_nothing(server.group);
	side_close(&server);
}
END_TEST

/* Rule 4: a flood on one channel leaves the other's turn. */
START_TEST(a_flood_does_not_starve_the_other_channel)
{
	struct side flooder, other;
	struct reactor_message *m;
	struct reactor_header h;
	uint16_t loud, quiet, in;
	int i, answered = 0;

	side_open(&server, NULL);
	side_open(&flooder, NULL);
	side_open(&other, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	loud = hello(flooder.group, bound).channel;
	in = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0).channel;
	(void)send_empty(server.group, REACTOR_HELLO_RESPONSE, in);
	(void)expect(flooder.group, REACTOR_HELLO_RESPONSE, 0, 0);
	quiet = hello(other.group, bound).channel;
	in = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0).channel;
	(void)send_empty(server.group, REACTOR_HELLO_RESPONSE, in);
	(void)expect(other.group, REACTOR_HELLO_RESPONSE, 0, 0);
	(void)send_empty(other.group, REACTOR_REQUEST, quiet);
	while (answered < 20) {
		for (i = 0; i < 64; i++) {
			m = NULL;
			if (reactor_message_get(flooder.group,
			    REACTOR_ALWAYS, &m) != 0)
				break;
			reactor_message_header(m)->opcode = REACTOR_SIGNAL;
			reactor_message_header(m)->channel = loud;
			(void)reactor_post(flooder.group, &m, NULL);
			reactor_message_put(&m);
		}
		while (reactor_wait(server.group, 0, &m) == 0) {
			h = *reactor_message_header(m);
			if (h.channel == in && h.opcode == REACTOR_REQUEST) {
				reactor_message_header(m)->opcode =
				    REACTOR_RESPONSE;
				(void)post(server.group, m);
				m = NULL;
			}
			reactor_message_put(&m);
		}
		if (reactor_wait(other.group, 0, &m) == 0) {
			answered++;
			reactor_message_put(&m);
			(void)send_empty(other.group, REACTOR_REQUEST, quiet);
		}
	}
	side_close(&flooder);
	side_close(&other);
	side_close(&server);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("hostile");
	TCase *t = tcase_create("hostile");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_loop_test(t, garbage_harms_nobody_else, 0, ADDRESSES);
	tcase_add_loop_test(t, half_a_frame_is_not_delivered, 0, ADDRESSES);
	tcase_add_loop_test(t, an_unfinished_hello_is_cut_off, 0, ADDRESSES);
	tcase_add_loop_test(t, a_flood_does_not_starve_the_other_channel, 0,
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
