/* The environment: setenv() and its kin, environ, and what children get. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/main.h"

#define LONG 20000

static char text[LONG + 100];

/* What a child's getenv() says. */
static const char *
of_child(const char *name)
{
	ck_assert_int_eq(kid_output(text, sizeof(text), "env", name, NULL), 0);
	return text;
}

/* The entry of environ that begins so, or NULL. */
static const char *
entry(const char *name)
{
	char **e;

	for (e = environ; e != NULL && *e != NULL; e++)
		if (strncmp(*e, name, strlen(name)) == 0 &&
		    (*e)[strlen(name)] == '=')
			return *e;
	return NULL;
}

/* setenv(): "overwrite". */
START_TEST(setenv_overwrites_when_asked)
{
	ck_assert_ptr_null(getenv("COMPAT_ENV"));
	ck_assert_int_eq(setenv("COMPAT_ENV", "one", 0), 0);
	ck_assert_str_eq(getenv("COMPAT_ENV"), "one");
	ck_assert_int_eq(setenv("COMPAT_ENV", "two", 0), 0);
	ck_assert_str_eq(getenv("COMPAT_ENV"), "one");
	ck_assert_int_eq(setenv("COMPAT_ENV", "two=2", 1), 0);
	ck_assert_str_eq(getenv("COMPAT_ENV"), "two=2");
	ck_assert_str_eq(of_child("COMPAT_ENV"), "two=2");
	ck_assert_int_eq(unsetenv("COMPAT_ENV"), 0);
	ck_assert_ptr_null(getenv("COMPAT_ENV"));
	ck_assert_ptr_null(entry("COMPAT_ENV"));
	ck_assert_str_eq(of_child("COMPAT_ENV"), "(none)");
	ck_assert_int_eq(unsetenv("COMPAT_ENV"), 0);
}
END_TEST

/* setenv(), unsetenv(): EINVAL. */
START_TEST(bad_names_are_refused)
{
	FAILS(setenv("", "x", 1), EINVAL);
	FAILS(setenv("A=B", "x", 1), EINVAL);
	FAILS(unsetenv(""), EINVAL);
	FAILS(unsetenv("A=B"), EINVAL);
	ck_assert_ptr_null(getenv("A"));
}
END_TEST

/* environ: the name in the case that it was given in, the bytes as they were. */
START_TEST(case_and_utf_8_are_kept)
{
	static const char value[] = "\xc3\xa4 \xe2\x82\xac "
	    "\xf0\x9f\x98\x80 \"%PATH%\" \\ 'x'\t$HOME";

	ck_assert_int_eq(setenv("Compat_CaSe", value, 1), 0);
	ck_assert_ptr_nonnull(entry("Compat_CaSe"));
	ck_assert_str_eq(entry("Compat_CaSe") + 12, value);
	ck_assert_ptr_null(entry("COMPAT_CASE"));
	ck_assert_str_eq(getenv("Compat_CaSe"), value);
	ck_assert_str_eq(of_child("Compat_CaSe"), value);
	ck_assert_int_eq(unsetenv("Compat_CaSe"), 0);
}
END_TEST

/* A value as long as NT takes, and more than a page. */
START_TEST(long_values_are_whole)
{
	static char value[LONG + 1];
	size_t i;

	for (i = 0; i < LONG; i++)
		value[i] = (char)('a' + i % 26);
	ck_assert_int_eq(setenv("COMPAT_LONG", value, 1), 0);
	ck_assert_str_eq(getenv("COMPAT_LONG"), value);
	ck_assert_str_eq(of_child("COMPAT_LONG"), value);
	ck_assert_int_eq(unsetenv("COMPAT_LONG"), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[4];
	int n = 0;

	kid_main(argc, argv);
	tests[n++] = setenv_overwrites_when_asked;
	tests[n++] = bad_names_are_refused;
	tests[n++] = case_and_utf_8_are_kept;
	tests[n++] = long_values_are_whole;
	return run_cases("environ", tests, n);
}
