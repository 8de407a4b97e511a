/* The environment: setenv() and its kin, environ, and what children get. */
#include <sys/socket.h>

#include <errno.h>
#include <stdint.h>
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

/* setenv(): it copies; what fails changes nothing. */
START_TEST(setenv_copies_its_strings)
{
	char name[] = "COMPAT_ENV", value[] = "one";

	ck_assert_int_eq(setenv(name, value, 1), 0);
	name[7] = 'X';
	value[0] = 'X';
	ck_assert_str_eq(getenv("COMPAT_ENV"), "one");
	ck_assert_ptr_null(getenv(name));
	FAILS(setenv("COMPAT_ENV=two", "two", 1), EINVAL);
	FAILS(unsetenv("COMPAT_ENV=one"), EINVAL);
	ck_assert_str_eq(getenv("COMPAT_ENV"), "one");
	ck_assert_int_eq(unsetenv("COMPAT_ENV"), 0);
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

/* putenv(): name=value; as in glibc a name alone is removed. */
START_TEST(putenv_takes_a_whole_entry)
{
	static char first[] = "COMPAT_Put=one=1", second[] = "COMPAT_Put=two";
	static char name[] = "COMPAT_Put";

	errno = 7;
	ck_assert_int_eq(putenv(first), 0);
	ck_assert_str_eq(getenv("COMPAT_Put"), "one=1");
	ck_assert_str_eq(entry("COMPAT_Put"), first);
	ck_assert_int_eq(putenv(second), 0);
	ck_assert_str_eq(getenv("COMPAT_Put"), "two");
	ck_assert_str_eq(of_child("COMPAT_Put"), "two");
	ck_assert_int_eq(putenv(name), 0);
	ck_assert_ptr_null(getenv("COMPAT_Put"));
	ck_assert_int_eq(putenv(name), 0);
	ck_assert_int_eq(errno, 7);
}
END_TEST

/* With nothing, then with PATH and one more; then say what a program gets. */
static int
role_cleared(char *argv[])
{
	char *get[] = { argv[0], (char *)(uintptr_t)"env", argv[3], NULL };

	if (setenv("COMPAT_ENV", "x", 1) != 0 || clearenv() != 0)
		return 1;
	if (environ != NULL && *environ != NULL)
		return 2;
	if (getenv("COMPAT_ENV") != NULL || getenv("PATH") != NULL)
		return 3;
	if (socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0)
		return 4;
	/* PATH is where a DLL build has its library. */
	if (setenv("PATH", argv[2], 1) != 0 ||
	    setenv("COMPAT_NEW", "new", 1) != 0)
		return 5;
	if (entry("COMPAT_NEW") == NULL || entry("COMPAT_ENV") != NULL)
		return 6;
	(void)execv(kid_self(), get);
	return 7;
}

/* One assignment changes all of it, for this program and the next. */
static int
role_assigned(char *argv[])
{
	static char path[40000] = "PATH=", mine[] = "COMPAT_MINE=mine";
	char *get[] = { argv[0], (char *)(uintptr_t)"env",
	    (char *)(uintptr_t)"COMPAT_MINE", NULL };
	char *all[] = { mine, path, NULL };

	(void)strncat(path, getenv("PATH"), sizeof(path) - sizeof("PATH="));
	if (setenv("COMPAT_ENV", "x", 1) != 0)
		return 1;
	environ = all;
	if (getenv("COMPAT_MINE") == NULL || getenv("COMPAT_ENV") != NULL)
		return 2;
	(void)execv(kid_self(), get);
	return 3;
}

static const struct kid_role own[] = {
	{ "cleared", role_cleared }, { "assigned", role_assigned },
	{ NULL, NULL },
};

/* exec(): environ can be assigned. */
START_TEST(environ_can_be_assigned)
{
	ck_assert_int_eq(kid_output(text, sizeof(text), "assigned", NULL), 0);
	ck_assert_str_eq(text, "mine");
}
END_TEST

/* clearenv(3): nothing is left; what a process needs it has all the same. */
START_TEST(clearenv_leaves_nothing)
{
	const char *path = getenv("PATH");

	ck_assert_int_eq(kid_output(text, sizeof(text), "cleared", path,
	    "COMPAT_ENV", NULL), 0);
	ck_assert_str_eq(text, "(none)");
	ck_assert_int_eq(kid_output(text, sizeof(text), "cleared", path,
	    "COMPAT_NEW", NULL), 0);
	ck_assert_str_eq(text, "new");
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = setenv_overwrites_when_asked;
	tests[n++] = bad_names_are_refused;
	tests[n++] = setenv_copies_its_strings;
	tests[n++] = case_and_utf_8_are_kept;
	tests[n++] = long_values_are_whole;
	tests[n++] = putenv_takes_a_whole_entry;
	tests[n++] = environ_can_be_assigned;
	tests[n++] = clearenv_leaves_nothing;
	return run_cases("environ", tests, n);
}
