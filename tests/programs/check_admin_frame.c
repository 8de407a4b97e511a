/*
 * Frames of the admin socket (programs/admin/frame.c).
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "../../programs/admin/frame.h"
#include "support/main.h"

#define MAX 1000

static void
add(struct buffer *b, const void *data, size_t len)
{
	ck_assert_int_eq(buffer_reserve(b, len), 0);
	memcpy(buffer_tail(b), data, len);
	buffer_added(b, len);
}

/* adminsock(1): the length comes first, its highest byte first of all. */
START_TEST(a_frame_is_its_length_and_its_text)
{
	struct buffer b = { .data = NULL };
	char text[0x123];

	memset(text, 'x', sizeof(text));
	ck_assert_int_eq(frame_put(&b, "\"Ping\"", 6), 0);
	ck_assert_int_eq(frame_put(&b, text, sizeof(text)), 0);
	ck_assert_uint_eq(buffer_len(&b), 10 + 4 + sizeof(text));
	ck_assert(memcmp(b.data, "\0\0\0\6\"Ping\"\0\0\1\x23", 14) == 0);
	buffer_free(&b);
}
END_TEST

/* Whatever comes at once and whatever comes later. */
START_TEST(frames_are_found_however_they_are_split)
{
	static const char sent[] = "\0\0\0\3abc" "\0\0\0\0" "\0\0\0\1d";
	static const struct { size_t end, len; const char *text; } want[] = {
		{ 7, 3, "abc" }, { 11, 0, "" }, { 16, 1, "d" },
	};
	struct buffer b;
	const char *text;
	size_t cut, i, len, rest;

	for (cut = 0; cut < sizeof(sent); cut++) {
		memset(&b, 0, sizeof(b));
		add(&b, sent, cut);
		for (i = 0, rest = sizeof(sent) - 1 - cut; i < 3; i++) {
			if (rest > 0 && cut < want[i].end) {
				ck_assert_int_eq(frame_get(&b, MAX, &text,
				    &len), EAGAIN);
				add(&b, sent + cut, rest);
				rest = 0;
			}
			ck_assert_int_eq(frame_get(&b, MAX, &text, &len), 0);
			ck_assert_uint_eq(len, want[i].len);
			ck_assert(memcmp(text, want[i].text, len) == 0);
			buffer_taken(&b, FRAME_HEAD + len);
		}
		buffer_free(&b);
	}
}
END_TEST

START_TEST(a_frame_that_is_too_long_is_known_by_its_head)
{
	struct buffer b = { .data = NULL };
	const char *text;
	size_t len;

	add(&b, "\0\0\3\xe9", 4);
	ck_assert_int_eq(frame_get(&b, MAX, &text, &len), EMSGSIZE);
	ck_assert_int_eq(frame_get(&b, MAX + 1, &text, &len), EAGAIN);
	buffer_free(&b);
	add(&b, "\xff\xff\xff\xff", 4);
	ck_assert_int_eq(frame_get(&b, MAX, &text, &len), EMSGSIZE);
	/* Nor is room made for what is only said to come. */
	ck_assert_int_eq(frame_get(&b, 0xffffffff, &text, &len), EAGAIN);
	ck_assert_uint_lt(b.room, 64);
	buffer_free(&b);
}
END_TEST

/* A client that once sent much does not cost much for ever. */
START_TEST(an_empty_buffer_keeps_little)
{
	static char much[1024 * 1024];
	struct buffer b = { .data = NULL };

	add(&b, much, sizeof(much));
	buffer_taken(&b, sizeof(much));
	ck_assert_uint_le(b.room, 65536);
	ck_assert_uint_eq(buffer_len(&b), 0);
	buffer_free(&b);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_frame_is_its_length_and_its_text,
		frames_are_found_however_they_are_split,
		a_frame_that_is_too_long_is_known_by_its_head,
		an_empty_buffer_keeps_little,
	};

	return run_cases("admin frame", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
