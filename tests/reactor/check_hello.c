/* Opening streams, and the ways in which that fails. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

#define FAILURES 1000
#define RECONNECTS 100

static struct side server, client;
static char bound[300];

/* Section 3, "connect failed": HelloResponse, then channel_closed. */
static void
hello_fails(const char *address, int status)
{
	struct reactor_header posted = hello(client.group, address), h;

	h = expect(client.group, REACTOR_HELLO_RESPONSE, REACTOR_ENGINE,
	    status);
	ck_assert_int_eq(h.channel, posted.channel);
	ck_assert_uint_eq(h.id, posted.id);
	expect_closed(client.group, posted.channel,
	    reactor_status_name(status));
}

/* Sections 2 and 6: Hello without an address, with a bad one. */
START_TEST(a_bad_address_is_refused_at_once)
{
	static const char *const bad[] = { "", "tcp", "tcp|", "tcp|127.0.0.1",
	    "tcp|127.0.0.1|", "tcp|127.0.0.1|x", "tcp|127.0.0.1|65536",
	    "tcp|127.0.0.1|0", "tcp||80", "tcp|127.0.0.1|80|", "uds|", "uds",
	    "udp|127.0.0.1|80", "tcp|127.0.0.1|-1", "tcp|127.0.0.1| 1" };
	struct reactor_message *m;
	char longest[400];
	size_t i;

	side_open(&client, NULL);
	post_fails(client.group, message(client.group, REACTOR_HELLO_REQUEST,
	    0, 0), REACTOR_INVALID_ADDRESS);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		m = message(client.group, REACTOR_HELLO_REQUEST, 0, 0);
		ck_assert_int_eq(reactor_text_add(m, REACTOR_CONNECT_TO,
		    bad[i]), 0);
		post_fails(client.group, m, REACTOR_INVALID_ADDRESS);
	}
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "uds|", 4);
	longest[4 + 108] = '\0';	/* sun_path has no room for its NUL */
	m = message(client.group, REACTOR_HELLO_REQUEST, 0, 0);
	ck_assert_int_eq(reactor_text_add(m, REACTOR_CONNECT_TO, longest), 0);
	post_fails(client.group, m, REACTOR_INVALID_ADDRESS);
	m = message(client.group, REACTOR_HELLO_REQUEST, 0, 0);
	ck_assert_int_eq(reactor_text_add(m, REACTOR_LISTEN_ON,
	    "tcp|127.0.0.1|80"), 0);
	post_fails(client.group, m, REACTOR_WRONG_ADDRESS);
	side_close(&client);
}
END_TEST

/* Names are resolved off the I/O thread; .invalid has no address, RFC 2606. */
START_TEST(an_unknown_name_comes_back)
{
	side_open(&client, NULL);
	hello_fails("tcp|nobody.invalid|80", REACTOR_RESOLVE_FAILED);
	side_close(&client);
}
END_TEST

/* Every address of a name is tried: localhost may be ::1 first. */
START_TEST(a_name_reaches_a_listener_on_one_of_its_addresses)
{
	char to[64] = "tcp|localhost|";
	struct reactor_header h;

	side_open(&server, NULL);
	side_open(&client, NULL);
	(void)listen_on(server.group, peer_address[0], bound, sizeof(bound));
	(void)strcat(to, strrchr(bound, '|') + 1);
	(void)hello(client.group, to);
	h = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0);
	(void)send_empty(server.group, REACTOR_HELLO_RESPONSE, h.channel);
	(void)expect(client.group, REACTOR_HELLO_RESPONSE, 0, 0);
	side_close(&client);
	side_close(&server);
}
END_TEST

static void
nowhere(int i, char *address, size_t size)
{
	uint16_t ch = listen_on(server.group, peer_address[i], address, size);

	(void)send_empty(server.group, REACTOR_BYE_SIGNAL, ch);
	expect_closed(server.group, ch, "channel_closed");
}

/* Section 6: Hello to nobody; 1000 failed connects, then 100 reconnects.
 * No descriptor and no channel is left over. */
START_TEST(many_failed_hellos_leave_nothing_behind)
{
	struct reactor_stats stats;
	struct reactor_header h;
	int i, before, after, status;

	side_open(&server, NULL);
	side_open(&client, NULL);
	nowhere(_i, bound, sizeof(bound));
	status = _i == 0 ? REACTOR_CONNECT_FAILED :
	    REACTOR_UDS_PATH_NOT_FOUND;
	hello_fails(bound, status);
	before = dup(0);
	ck_assert_int_eq(close(before), 0);
	for (i = 0; i < FAILURES; i++)
		hello_fails(bound, status);
	after = dup(0);
	ck_assert_int_eq(close(after), 0);
	ck_assert_int_eq(before, after);
	reactor_engine_stats(client.engine, &stats);
	ck_assert_uint_eq(stats.channels, 0);

	(void)listen_on(server.group, bound, bound, sizeof(bound));
	for (i = 0; i < RECONNECTS; i++) {
		uint16_t ch = hello(client.group, bound).channel;

		h = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0);
		(void)send_empty(server.group, REACTOR_HELLO_RESPONSE,
		    h.channel);
		(void)expect(client.group, REACTOR_HELLO_RESPONSE, 0, 0);
		bye(client.group, ch, server.group, h.channel);
	}
	expect_all_back(&client);
	side_close(&client);
	side_close(&server);
}
END_TEST

/* The server sees who it is, and whom the client asked for. */
START_TEST(the_hello_tells_peer_and_target)
{
	struct reactor_message *m;
	char text[300];
	uint16_t ch;

	side_open(&server, NULL);
	side_open(&client, NULL);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	m = message(client.group, REACTOR_HELLO_REQUEST, 0, 42);
	ck_assert_int_eq(reactor_text_add(m, REACTOR_CONNECT_TO, bound), 0);
	ck_assert_int_eq(reactor_text_add(m, "user", "me"), 0);
	ch = post(client.group, m).channel;
	m = receive(server.group, REACTOR_HELLO_REQUEST, 0, 0);
	ck_assert_uint_eq(reactor_message_header(m)->id, 42);
	ck_assert_int_gt(reactor_text_find(m, REACTOR_CONNECT_TO, text,
	    sizeof(text)), 0);
	ck_assert_str_eq(text, bound);
	ck_assert_int_ge(reactor_text_find(m, REACTOR_PEER, text,
	    sizeof(text)), 4);
	ck_assert_int_eq(strncmp(text, bound, 4), 0);
	ck_assert_int_eq(reactor_text_find(m, "user", text, sizeof(text)), 2);
	/* A ByeSignal refuses: the client learns that it is not to be. */
	reactor_message_header(m)->opcode = REACTOR_BYE_SIGNAL;
	(void)post(server.group, m);
	(void)expect(client.group, REACTOR_HELLO_RESPONSE, REACTOR_ENGINE,
	    REACTOR_PEER_DISCONNECTED);
	expect_closed(client.group, ch, "peer_disconnected");
	side_close(&client);
	side_close(&server);
}
END_TEST

/* A HelloRequest nobody answers ends by the handshake's timeout. */
START_TEST(an_unanswered_hello_times_out)
{
	struct reactor_options o;
	uint16_t ch;

	reactor_options_init(&o);
	o.handshake_timeout = REACTOR_MSEC(100);
	side_open(&server, NULL);
	side_open(&client, &o);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	ch = hello(client.group, bound).channel;
	(void)expect(client.group, REACTOR_HELLO_RESPONSE, REACTOR_ENGINE,
	    REACTOR_TIMEOUT);
	expect_closed(client.group, ch, "timeout");
	ch = expect(server.group, REACTOR_HELLO_REQUEST, 0, 0).channel;
	expect_closed(server.group, ch, "peer_disconnected");
	side_close(&client);
	side_close(&server);
}
END_TEST

/* A cap on connections: the one too many waits, and is served later. */
START_TEST(a_full_table_makes_connections_wait)
{
	struct reactor_options o;
	unsigned char frame[16];
	uint16_t ch;
	int one, two;

	reactor_options_init(&o);
	o.max_channels = 2;	/* the listener and one more */
	side_open(&server, &o);
	(void)listen_on(server.group, peer_address[_i], bound, sizeof(bound));
	one = raw_connect(bound);
	ch = raw_hello(one, server.group);
	two = raw_connect(bound);
	raw_write(two, frame, raw_frame(frame, REACTOR_HELLO_REQUEST, 1, 0,
	    0));
	ck_assert_int_eq(close(one), 0);
	expect_closed(server.group, ch, "peer_disconnected");
	(void)expect(server.group, REACTOR_HELLO_REQUEST, 0, 0);
	ck_assert_int_eq(close(two), 0);
	side_close(&server);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("hello");
	TCase *t = tcase_create("hello");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, a_bad_address_is_refused_at_once);
	tcase_add_test(t, an_unknown_name_comes_back);
	tcase_add_test(t, a_name_reaches_a_listener_on_one_of_its_addresses);
	tcase_add_loop_test(t, many_failed_hellos_leave_nothing_behind, 0,
	    ADDRESSES);
	tcase_add_loop_test(t, the_hello_tells_peer_and_target, 0, ADDRESSES);
	tcase_add_loop_test(t, an_unanswered_hello_times_out, 0, ADDRESSES);
	tcase_add_loop_test(t, a_full_table_makes_connections_wait, 0,
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
