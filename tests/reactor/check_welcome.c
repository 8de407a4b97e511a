/* Listeners: addresses, failures, socket files. */
#include "reactor/peer.h"
#include "support/tmpdir.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct side a, b;
static char bound[300];

/* Section 3, "listener failed". */
static void
welcome_fails(struct reactor_group *g, const char *address)
{
	struct reactor_message *m = message(g, REACTOR_WELCOME_REQUEST, 0, 0);
	struct reactor_header h;

	ck_assert_int_eq(reactor_text_add(m, REACTOR_LISTEN_ON, address), 0);
	h = post(g, m);
	m = receive(g, REACTOR_WELCOME_RESPONSE, REACTOR_ENGINE,
	    REACTOR_LISTEN_FAILED);
	ck_assert_uint_eq(reactor_message_header(m)->id, h.id);
	ck_assert_int_eq(reactor_message_header(m)->channel, h.channel);
	ck_assert_int_gt(reactor_text_find(m, REACTOR_REASON, NULL, 0), 15);
	reactor_message_put(&m);
	expect_closed(g, h.channel, "listen_failed: ");
}

/* Section 2: port 0 is allowed; ~bound_to says what was bound. */
START_TEST(port_zero_binds_a_real_port)
{
	side_open(&a, NULL);
	(void)listen_on(a.group, "tcp|127.0.0.1|0", bound, sizeof(bound));
	ck_assert_int_eq(strncmp(bound, "tcp|127.0.0.1|", 14), 0);
	ck_assert_str_ne(bound, "tcp|127.0.0.1|0");
	ck_assert_int_eq(close(raw_connect(bound)), 0);
	side_close(&a);
}
END_TEST

/* Section 2: an empty host listens on everything. */
START_TEST(an_empty_host_takes_ipv4)
{
	struct reactor_header h;
	char to[64];

	side_open(&a, NULL);
	side_open(&b, NULL);
	(void)listen_on(a.group, "tcp||0", bound, sizeof(bound));
	(void)snprintf(to, sizeof(to), "tcp|127.0.0.1|%s",
	    strrchr(bound, '|') + 1);
	h = hello(b.group, to);
	h = expect(a.group, REACTOR_HELLO_REQUEST, 0, 0);
	(void)send_empty(a.group, REACTOR_HELLO_RESPONSE, h.channel);
	(void)expect(b.group, REACTOR_HELLO_RESPONSE, 0, 0);
	side_close(&b);
	side_close(&a);
}
END_TEST

/* Section 6: two listeners on one address; the second fails. */
START_TEST(the_second_listener_on_an_address_fails)
{
	uint16_t first;

	side_open(&a, NULL);
	side_open(&b, NULL);
	first = listen_on(a.group, peer_address[_i], bound, sizeof(bound));
	welcome_fails(b.group, bound);
	welcome_fails(a.group, bound);
	/* The first still stands. */
	ck_assert_int_eq(close(raw_connect(bound)), 0);
	(void)send_empty(a.group, REACTOR_BYE_SIGNAL, first);
	expect_closed(a.group, first, "channel_closed");
	(void)listen_on(b.group, bound, bound, sizeof(bound));
	side_close(&b);
	side_close(&a);
}
END_TEST

/* Section 6: Welcome on a foreign address. */
START_TEST(a_foreign_address_cannot_be_bound)
{
	side_open(&a, NULL);
	welcome_fails(a.group, "tcp|192.0.2.1|0");
	welcome_fails(a.group, "uds|no/such/directory/socket");
	side_close(&a);
}
END_TEST

/* A listener removes its socket file. */
START_TEST(the_socket_file_goes_with_the_listener)
{
	struct stat st;
	uint16_t ch;

	side_open(&a, NULL);
	ch = listen_on(a.group, "uds|own.sock", bound, sizeof(bound));
	ck_assert_str_eq(bound, "uds|own.sock");
	ck_assert_int_eq(stat("own.sock", &st), 0);
	(void)send_empty(a.group, REACTOR_BYE_SIGNAL, ch);
	expect_closed(a.group, ch, "channel_closed");
	ck_assert_int_eq(stat("own.sock", &st), -1);
	ck_assert_int_eq(errno, ENOENT);
	(void)listen_on(a.group, "uds|own.sock", bound, sizeof(bound));
	side_close(&a);
	ck_assert_int_eq(stat("own.sock", &st), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

/* The earlier port's fault: any client's close deleted the server's file. */
START_TEST(a_client_leaves_the_socket_file_alone)
{
	struct stat st;

	side_open(&a, NULL);
	(void)listen_on(a.group, "uds|stays.sock", bound, sizeof(bound));
	ck_assert_int_eq(close(raw_connect(bound)), 0);
	ck_assert_int_eq(close(raw_connect(bound)), 0);
	ck_assert_int_eq(stat("stays.sock", &st), 0);
	side_close(&a);
}
END_TEST

/* A socket file that nobody answers on is taken over. */
START_TEST(a_stale_socket_file_is_replaced)
{
	struct sockaddr_un un;
	int fd;

	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	(void)strcpy(un.sun_path, "stale.sock");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(close(fd), 0);
	side_open(&a, NULL);
	(void)listen_on(a.group, "uds|stale.sock", bound, sizeof(bound));
	ck_assert_int_eq(close(raw_connect(bound)), 0);
	side_close(&a);
}
END_TEST

/* Anything else with that name stays as it is. */
START_TEST(a_regular_file_is_not_replaced)
{
	char text[8] = "";
	int fd = open("regular", O_WRONLY | O_CREAT | O_EXCL, 0600);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(write(fd, "keep", 4), 4);
	ck_assert_int_eq(close(fd), 0);
	side_open(&a, NULL);
	welcome_fails(a.group, "uds|regular");
	side_close(&a);
	fd = open("regular", O_RDONLY);
	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(read(fd, text, sizeof(text)), 4);
	ck_assert_str_eq(text, "keep");
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("regular"), 0);
}
END_TEST

/* What took a listener's name meanwhile is not removed with the listener. */
START_TEST(a_successor_keeps_its_socket_file)
{
	struct stat st;

	side_open(&a, NULL);
	side_open(&b, NULL);
	(void)listen_on(a.group, "uds|moved.sock", bound, sizeof(bound));
	ck_assert_int_eq(unlink("moved.sock"), 0);
	(void)listen_on(b.group, "uds|moved.sock", bound, sizeof(bound));
	side_close(&a);
	ck_assert_int_eq(stat("moved.sock", &st), 0);
	ck_assert_int_eq(close(raw_connect(bound)), 0);
	side_close(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("welcome");
	TCase *t = tcase_create("welcome");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, port_zero_binds_a_real_port);
	tcase_add_test(t, an_empty_host_takes_ipv4);
	tcase_add_loop_test(t, the_second_listener_on_an_address_fails, 0,
	    ADDRESSES);
	tcase_add_test(t, a_foreign_address_cannot_be_bound);
	tcase_add_test(t, the_socket_file_goes_with_the_listener);
	tcase_add_test(t, a_client_leaves_the_socket_file_alone);
	tcase_add_test(t, a_stale_socket_file_is_replaced);
	tcase_add_test(t, a_regular_file_is_not_replaced);
	tcase_add_test(t, a_successor_keeps_its_socket_file);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
