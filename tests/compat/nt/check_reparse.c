/*
 * What FSCTL_GET_REPARSE_POINT tells, byte by byte as NT lays it out ([MS-FSCC]
 * 2.1.2.1, .4, .5), and what a broken driver or disk might.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fd/names.h"
#include "fileio/reparse.h"
#include "support/main.h"

#define ROOM 512

static unsigned char buf[ROOM];
static size_t len;

static void
put16(unsigned int n)
{
	buf[len++] = (unsigned char)(n & 255);
	buf[len++] = (unsigned char)(n >> 8 & 255);
}

static void
put32(uint32_t n)
{
	put16(n & 0xffff);
	put16(n >> 16);
}

static void
put_name(const char *s)
{
	for (; *s != '\0'; s++)
		put16((unsigned char)*s);
}

static void
set16(size_t at, unsigned int n)
{
	buf[at] = (unsigned char)(n & 255);
	buf[at + 1] = (unsigned char)(n >> 8 & 255);
}

/* As mklink writes it: first the name for NT, then the one for people. */
static void
build(uint32_t tag, const char *name, const char *print, int flags)
{
	(void)memset(buf, 0xee, sizeof(buf));
	len = 0;
	put32(tag);
	put16(0);
	put16(0);
	put16(0);
	put16((unsigned int)strlen(name) * 2);
	put16((unsigned int)strlen(name) * 2);
	put16((unsigned int)strlen(print) * 2);
	if (flags >= 0)
		put32((uint32_t)flags);
	put_name(name);
	put_name(print);
	set16(4, (unsigned int)len - 8);
}

static void
ck_text(const char *want)
{
	char *text;

	ck_assert_int_eq(reparse_text(buf, len, &text), 0);
	ck_assert_str_eq(text, want);
	free(text);
}

static void
ck_refused(int err)
{
	char *text;

	ck_assert_int_eq(reparse_text(buf, len, &text), err);
}

START_TEST(links_of_nt_are_read)
{
	build(REPARSE_SYMLINK, "..\\dir\\f", "..\\dir\\f", 1);
	ck_text("../dir/f");
	build(REPARSE_SYMLINK, "\\??\\C:\\dir\\f", "C:\\dir\\f", 0);
	ck_text("C:/dir/f");
	build(REPARSE_SYMLINK, "\\rooted", "\\rooted", 1);
	ck_text("/rooted");
	build(REPARSE_SYMLINK, "\\??\\UNC\\server\\share\\f", "x", 0);
	ck_text("//server/share/f");
	build(REPARSE_JUNCTION, "\\??\\C:\\dir", "C:\\dir", -1);
	ck_text("C:/dir");
	build(REPARSE_JUNCTION, "\\??\\C:\\dir", "", -1);
	ck_text("C:/dir");
	build(REPARSE_JUNCTION,
	    "\\??\\Volume{01234567-89ab-cdef-0123-456789abcdef}\\", "", -1);
	ck_text("//?/Volume{01234567-89ab-cdef-0123-456789abcdef}/");
}
END_TEST

/* Some write the name for people first, and NULs between. */
START_TEST(names_may_stand_in_any_order)
{
	build(REPARSE_JUNCTION, "shown", "\\??\\C:\\real", -1);
	set16(8, 10);
	set16(10, 22);
	set16(12, 0);
	set16(14, 10);
	ck_text("C:/real");
	build(REPARSE_JUNCTION, "\\??\\D:\\a", "x", -1);
	put16(0);
	set16(4, (unsigned int)len - 8);
	ck_text("D:/a");
}
END_TEST

START_TEST(links_of_wsl_are_read)
{
	len = 0;
	put32(REPARSE_WSL_LINK);
	put16(4 + 7);
	put16(0);
	put32(2);
	(void)memcpy(buf + len, "../\xc3\xa9/x", 7);
	len += 7;
	ck_text("../\xc3\xa9/x");
	set16(8, 1);		/* a version nobody has seen */
	ck_refused(EIO);
	set16(8, 2);
	set16(4, 4);		/* no text */
	ck_refused(EIO);
	set16(4, 4 + 7);
	buf[13] = 0;
	ck_refused(EIO);
}
END_TEST

/* An AF_UNIX socket, a OneDrive placeholder, a deduplicated file... */
START_TEST(what_is_no_link_is_refused)
{
	static const uint32_t tags[] = { 0x80000023, 0x9000001a, 0x80000013,
	    0x8000001b, 0, 0xffffffff };
	size_t i;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		build(tags[i], "x", "x", 0);
		ck_refused(EINVAL);
	}
	ck_assert(!reparse_is_link(0x80000023));
	ck_assert(reparse_is_link(REPARSE_SYMLINK));
	ck_assert(reparse_is_link(REPARSE_JUNCTION));
	ck_assert(reparse_is_link(REPARSE_WSL_LINK));
}
END_TEST

/* Each length too short, in a block of that length for the sanitizers. */
START_TEST(a_truncated_buffer_is_refused)
{
	static const int flags[] = { 1, -1 };
	size_t full, n, i;
	char *text;
	void *copy;

	for (i = 0; i < 2; i++) {
		build(i == 0 ? REPARSE_SYMLINK : REPARSE_JUNCTION, "name",
		    "print", flags[i]);
		full = len;
		for (n = 0; n < full; n++) {
			ck_assert_ptr_nonnull(copy = malloc(n + 1));
			(void)memcpy(copy, buf, n);
			ck_assert_int_eq(reparse_text(copy, n, &text), EIO);
			free(copy);
		}
	}
}
END_TEST

START_TEST(hostile_numbers_are_refused)
{
	static const unsigned int odd[] = { 1, 7, 0, 0xffff, 0x8000, 200 };
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		build(REPARSE_SYMLINK, "name", "print", 1);
		set16(10, odd[i]);		/* its length */
		ck_refused(EIO);
	}
	build(REPARSE_SYMLINK, "name", "print", 1);
	set16(8, 0xfffe);			/* its place */
	ck_refused(EIO);
	build(REPARSE_SYMLINK, "name", "print", 1);
	set16(8, 12);				/* reaches beyond the end */
	ck_refused(EIO);
	build(REPARSE_SYMLINK, "name", "print", 1);
	set16(4, 10);				/* says that there is less */
	ck_refused(EIO);
	build(REPARSE_SYMLINK, "name", "print", 1);
	set16(22, 0);				/* a NUL in the name */
	ck_refused(EIO);
	build(REPARSE_SYMLINK, "name", "print", 1);
	set16(22, 0xd800);			/* half a character */
	ck_text("n\xef\xbf\xbdme");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		links_of_nt_are_read,
		names_may_stand_in_any_order,
		links_of_wsl_are_read,
		what_is_no_link_is_refused,
		a_truncated_buffer_is_refused,
		hostile_numbers_are_refused,
	};

	return run_cases("reparse points", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
