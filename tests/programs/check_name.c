/*
 * Names of files (programs/name.c).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "../../programs/name.h"

struct sample {
	const char *name;
	size_t len;
};

/* A literal with its length, so that it may hold a NUL. */
#define S(text) { text, sizeof(text) - 1 }

static const struct sample good[] = {
	S("a"),
	S("name.txt"),
	S("no extension"),
	S(".hidden"),
	S("..two"),
	S("a..b"),
	S("..."  "x"),
	S("-"),
	S("-rf"),
	S("~"),
	S("$HOME"),
	S("100%"),
	S("stdin"),
	/* like a device's, and not one */
	S("CONSOLE"),
	S("con1"),
	S("COM"),
	S("COM10"),
	S("com1x"),
	S("xcom1"),
	S("LPTA"),
	S("nul_"),
	S("COM\xc2\xb4"),
	S("x.con"),
	S(".con"),
	/* not the reserved beginning */
	S(".reactor"),
	S("reactor-1"),
	/* two, three and four bytes a character; first and last of each */
	S("\xc2\xa0"),
	S("\xc3\xa4\xc3\xb6\xc3\xbc"),
	S("\xdf\xbf"),
	S("\xe0\xa0\x80"),
	S("\xe6\x97\xa5\xe6\x9c\xac"),
	S("\xed\x9f\xbf"),
	S("\xee\x80\x80"),
	S("\xf0\x90\x80\x80"),
	S("\xf0\x9f\x98\x80.png"),
	S("\xf4\x8f\xbf\xbf")
};

static const struct sample bad[] = {
	S(""),
	S("."),
	S(".."),
	/* paths */
	S("/"),
	S("/etc/passwd"),
	S("../up"),
	S("a/b"),
	S("a/"),
	S("a/../../b"),
	S("..\\up"),
	S("\\"),
	S("a\\b"),
	S("\\\\server\\share\\x"),
	S("\\\\?\\C:\\x"),
	/* drives and streams */
	S("C:"),
	S("c:x"),
	S("C:/x"),
	S("file:stream"),
	S("file::$DATA"),
	/* devices, with and without extension, in any case */
	S("CON"),
	S("con"),
	S("PrN"),
	S("AUX"),
	S("nul"),
	S("nul.txt"),
	S("NUL.tar.gz"),
	S("con .txt"),
	S("COM0"),
	S("COM1"),
	S("com9.log"),
	S("LPT0"),
	S("LPT1"),
	S("lpt9.x"),
	S("COM\xc2\xb9"),
	S("com\xc2\xb2.txt"),
	S("LPT\xc2\xb3"),
	S("CONIN$"),
	S("conout$.x"),
	S("CLOCK$"),
	/* what is cut off on the way */
	S("a."),
	S("a.."),
	S("a "),
	S("a. "),
	S(" a"),
	S(" "),
	/* characters that NT has no place for, and controls */
	S("a*"),
	S("a?"),
	S("\"a\""),
	S("<a>"),
	S("a|b"),
	S("a\tb"),
	S("a\nb"),
	S("a\r"),
	S("\x1b[2J"),
	S("\x7f"),
	S("\xc2\x80"),
	S("\xc2\x9b"),
	S("a\0b"),
	S("a\0"),
	S("\0"),
	/* not UTF-8 */
	S("\x80"),
	S("a\xff"),
	S("\xc3"),
	S("\xc3\x28"),
	S("\xe2\x82"),
	S("\xe2\x28\xa1"),
	S("\xf0\x9f\x98"),
	S("\xc0\xaf"),
	S("\xc1\xbf"),
	S("\xe0\x80\xaf"),
	S("\xe0\x9f\xbf"),
	S("\xf0\x80\x80\xaf"),
	S("\xf0\x8f\xbf\xbf"),
	S("\xed\xa0\x80"),
	S("\xed\xbf\xbf"),
	S("\xf4\x90\x80\x80"),
	S("\xf5\x80\x80\x80"),
	S("\xf8\x88\x80\x80\x80"),
	/* the server's own */
	S(".reactor-1-1"),
	S(".REACTOR-x"),
	S(".reactor-")
};

/*
 * Each sample is copied to memory of just its size, so that ASan and Valgrind
 * see a look beyond its end.
 */
static const char *
fault_of(const struct sample *s)
{
	const char *fault;
	char *copy;

	copy = malloc(s->len + (s->len == 0));
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, s->name, s->len);
	fault = name_fault(copy, s->len);
	free(copy);
	return fault;
}

START_TEST(good_names_are_taken)
{
	const char *fault;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		fault = fault_of(&good[i]);
		ck_assert_msg(fault == NULL, "%s: refused, it %s",
		    good[i].name, fault);
	}
}
END_TEST

START_TEST(bad_names_are_refused)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(fault_of(&bad[i]) != NULL, "%s: taken",
		    bad[i].name);
}
END_TEST

/* NAME_MAX of both systems' usual file systems. */
START_TEST(length_ends_at_255_bytes)
{
	char name[300];

	memset(name, 'x', sizeof(name));
	ck_assert_ptr_null(name_fault(name, 254));
	ck_assert_ptr_null(name_fault(name, 255));
	ck_assert_str_eq(name_fault(name, 256), "is longer than 255 bytes");
	ck_assert_str_eq(name_fault(name, 300), "is longer than 255 bytes");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("name");
	TCase *tc = tcase_create("name");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, good_names_are_taken);
	tcase_add_test(tc, bad_names_are_refused);
	tcase_add_test(tc, length_ends_at_255_bytes);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
