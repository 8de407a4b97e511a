/* getrandom(), getentropy(), and swab(), which has no better place. */
#include <sys/random.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"

#define LONG 100000

static unsigned char buf[LONG + 1], other[LONG];

/* How often each byte comes: 390 times, and never less than half of that. */
static void
check_spread(const unsigned char *b)
{
	static int times[256];
	int i;

	(void)memset(times, 0, sizeof(times));
	for (i = 0; i < LONG; i++)
		times[b[i]]++;
	for (i = 0; i < 256; i++)
		ck_assert_int_gt(times[i], LONG / 256 / 2);
}

/* getrandom(2): all that was asked for, and no byte beyond. */
START_TEST(getrandom_fills_the_buffer)
{
	static const unsigned int flags[] = { 0, GRND_NONBLOCK, GRND_RANDOM };
	size_t i;

	errno = 7;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		(void)memset(buf, 0, sizeof(buf));
		ck_assert_int_eq(getrandom(buf, 256, flags[i]), 256);
		ck_assert_uint_eq(buf[256], 0);
	}
	ck_assert_int_eq(getrandom(buf, LONG, 0), LONG);
	ck_assert_int_eq(getrandom(other, LONG, 0), LONG);
	ck_assert_int_ne(memcmp(buf, other, LONG), 0);
	ck_assert_uint_eq(buf[LONG], 0);
	check_spread(buf);
	ck_assert_int_eq(getrandom(buf, 0, 0), 0);
	ck_assert_int_eq(errno, 7);
}
END_TEST

/* EINVAL, EFAULT. */
START_TEST(what_getrandom_cannot_do_is_refused)
{
	void *volatile nowhere = NULL;

	FAILS(getrandom(buf, 1, 1U << 20), EINVAL);
	FAILS(getrandom(buf, 1, GRND_RANDOM | GRND_INSECURE), EINVAL);
	FAILS(getrandom(nowhere, 1, 0), EFAULT);
}
END_TEST

/* getentropy(3): at most 256, EIO. */
START_TEST(getentropy_gives_256_bytes)
{
	(void)memset(buf, 0, sizeof(buf));
	(void)memset(other, 0, sizeof(other));
	errno = 7;
	ck_assert_int_eq(getentropy(buf, 256), 0);
	ck_assert_int_eq(getentropy(other, 256), 0);
	ck_assert_int_ne(memcmp(buf, other, 256), 0);
	ck_assert_uint_eq(buf[256], 0);
	ck_assert_int_eq(getentropy(buf, 0), 0);
	ck_assert_int_eq(errno, 7);
	FAILS(getentropy(buf, 257), EIO);
}
END_TEST

/* swab(): pairs; the last of an odd number is left out, "negative": nothing. */
START_TEST(swab_exchanges_pairs)
{
	char to[8] = "-------";
	volatile ssize_t negative = -2;

	swab("abcdef", to, 6);
	ck_assert_str_eq(to, "badcfe-");
	swab("xyz", to, 3);
	ck_assert_str_eq(to, "yxdcfe-");
	swab("abcdef", to, negative);
	swab("abcdef", to, 0);
	swab("abcdef", to, 1);
	ck_assert_str_eq(to, "yxdcfe-");
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = getrandom_fills_the_buffer;
	tests[n++] = what_getrandom_cannot_do_is_refused;
	tests[n++] = getentropy_gives_256_bytes;
	tests[n++] = swab_exchanges_pairs;
	return run_cases("entropy", tests, n);
}
