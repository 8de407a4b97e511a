/* Text headers and bodies: what is kept, what is refused. */
#include "reactor/peer.h"
#include "private.h"
#include "support/tmpdir.h"

#include <check.h>
#include <string.h>

static struct side side;
static struct reactor_message *m;

static void
set_up(void)
{
	side_open(&side, NULL);
	m = message(side.group, REACTOR_SIGNAL, 1, 1);
}

static void
tear_down(void)
{
	reactor_message_put(&m);
	side_close(&side);
}

static void
wire(const char *text)
{
	ck_assert_int_eq(rx_text_reserve(m, strlen(text)), 0);
	memcpy(m->text, text, strlen(text));
	m->text_len = strlen(text);
}

/* Section 2: refused at the API. */
START_TEST(a_header_that_would_break_the_format_is_refused)
{
	static const char *const bad[][2] = { { "", "v" }, { "a:b", "v" },
	    { "a\r", "v" }, { "a\n", "v" }, { "a", "v\r" }, { "a", "v\nb" },
	    { "~mine", "v" }, { "~peer", "v" }, { "~bound_to", "v" } };
	size_t i;

	set_up();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(reactor_text_add(m, bad[i][0], bad[i][1]),
		    REACTOR_INVALID_MESSAGE);
	ck_assert_int_eq(reactor_text_add_mem(m, "a\0b", 3, "v", 1),
	    REACTOR_INVALID_MESSAGE);
	ck_assert_int_eq(reactor_text_add_mem(m, "a", 1, "v\0", 2),
	    REACTOR_INVALID_MESSAGE);
	ck_assert_uint_eq(m->text_len, 0);
	tear_down();
}
END_TEST

/* Section 2: `name:value` CRLF, the value trimmed of blanks. */
START_TEST(headers_are_written_and_found)
{
	const char *n, *v;
	size_t off = 0, nl, vl;
	char text[8];

	set_up();
	ck_assert_int_eq(reactor_text_add(m, "one", "  1\t "), 0);
	ck_assert_int_eq(reactor_text_add(m, "two", ""), 0);
	ck_assert_int_eq(reactor_text_add(m, "one", "again: and more"), 0);
	ck_assert_uint_eq(m->text_len, 7 + 6 + 21);
	ck_assert_mem_eq(m->text, "one:1\r\ntwo:\r\none:again: and more\r\n",
	    34);
	ck_assert_int_eq(reactor_text_find(m, "one", text, sizeof(text)), 1);
	ck_assert_str_eq(text, "1");
	ck_assert_int_eq(reactor_text_find(m, "two", text, sizeof(text)), 0);
	ck_assert_int_eq(reactor_text_find(m, "three", text, sizeof(text)),
	    -1);
	ck_assert_int_eq(reactor_text_next(m, &off, &n, &nl, &v, &vl), 1);
	ck_assert_int_eq(reactor_text_next(m, &off, &n, &nl, &v, &vl), 1);
	ck_assert_int_eq(reactor_text_next(m, &off, &n, &nl, &v, &vl), 1);
	ck_assert_uint_eq(vl, 15);
	ck_assert_int_eq(reactor_text_next(m, &off, &n, &nl, &v, &vl), 0);
	reactor_text_clear(m);
	ck_assert_int_eq(reactor_text_find(m, "one", NULL, 0), -1);
	tear_down();
}
END_TEST

/* Section 2: empty lines are skipped, the last CRLF is optional; a value
 * longer than the room for it is cut and its length told. */
START_TEST(what_a_peer_wrote_is_read_with_patience)
{
	char text[4];

	set_up();
	wire("\r\n\r\nno colon\r\n:no name\r\na: long value \r\n\r\nb:2");
	ck_assert_int_eq(reactor_text_find(m, "a", text, sizeof(text)), 10);
	ck_assert_str_eq(text, "lon");
	ck_assert_int_eq(reactor_text_find(m, "b", text, sizeof(text)), 1);
	ck_assert_int_eq(reactor_text_add(m, "c", "3"), 0);
	ck_assert_int_eq(reactor_text_find(m, "b", text, sizeof(text)), 1);
	ck_assert_int_eq(reactor_text_find(m, "c", text, sizeof(text)), 1);
	tear_down();
}
END_TEST

/* Names with ~ belong to the engine, whoever wrote them. */
START_TEST(the_engines_names_are_stripped)
{
	set_up();
	wire("~peer:x\r\na:1\r\n~connect_to:t\r\n~connect_too:u\r\nb:~\r\n~r:z");
	rx_text_strip(m, "~connect_to");
	ck_assert_uint_eq(m->text_len, 5 + 15 + 5);
	ck_assert_mem_eq(m->text, "a:1\r\n~connect_to:t\r\nb:~\r\n", 25);
	rx_text_strip(m, NULL);
	ck_assert_uint_eq(m->text_len, 10);
	tear_down();
}
END_TEST

/* A body grows without losing what it holds. */
START_TEST(a_body_grows_and_keeps_its_content)
{
	set_up();
	ck_assert_int_eq(reactor_body_set(m, "abc", 3), 0);
	ck_assert_int_eq(reactor_body_reserve(m, 5000), 0);
	ck_assert_uint_ge(reactor_body_capacity(m), 5000);
	ck_assert_uint_le(reactor_body_capacity(m), REACTOR_BODY_MAX);
	ck_assert_uint_eq(reactor_body_len(m), 3);
	ck_assert_mem_eq(reactor_body(m), "abc", 3);
	ck_assert_int_eq(reactor_body_set_len(m, REACTOR_BODY_MAX + 1),
	    REACTOR_INVALID_BODY_LEN);
	ck_assert_int_eq(reactor_body_reserve(m, REACTOR_BODY_MAX + 1),
	    REACTOR_INVALID_BODY_LEN);
	ck_assert_int_eq(reactor_body_set(m, NULL, 0), 0);
	ck_assert_uint_eq(reactor_body_len(m), 0);
	tear_down();
}
END_TEST

/* Every status has a name, and no other number has. */
START_TEST(every_status_has_a_name)
{
	ck_assert_str_eq(reactor_status_name(0), "success");
	ck_assert_str_eq(reactor_status_name(31), "unknown_error");
	ck_assert_str_eq(reactor_status_name(REACTOR_CONNECT_FAILED),
	    "connect_failed");
	ck_assert_str_eq(reactor_status_name(REACTOR_TIMEOUT), "timeout");
	ck_assert_str_eq(reactor_status_name(REACTOR_TOO_MANY_FILES),
	    "too_many_files");
	ck_assert_str_eq(reactor_status_name(-1), "unknown_status");
	ck_assert_str_eq(reactor_status_name(32), "unknown_status");
	ck_assert_str_eq(reactor_status_name(REACTOR_TOO_MANY_FILES + 1),
	    "unknown_status");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("text");
	TCase *t = tcase_create("text");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 0);
	tcase_add_test(t, a_header_that_would_break_the_format_is_refused);
	tcase_add_test(t, headers_are_written_and_found);
	tcase_add_test(t, what_a_peer_wrote_is_read_with_patience);
	tcase_add_test(t, the_engines_names_are_stripped);
	tcase_add_test(t, a_body_grows_and_keeps_its_content);
	tcase_add_test(t, every_status_has_a_name);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	tmpdir_enter();
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	tmpdir_leave();
	return failed != 0;
}
