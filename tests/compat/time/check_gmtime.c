/* gmtime_r() and timegm() of POSIX.1-2024, by the formula in its XBD 4.19. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "support/main.h"

#define DAY INT64_C(86400)

static const struct {
	int64_t t;
	int year, month, day, hour, minute, second, week, in_year;
} known[] = {
	{ 0, 1970, 1, 1, 0, 0, 0, 4, 0 },
	{ -1, 1969, 12, 31, 23, 59, 59, 3, 364 },
	{ 951782400, 2000, 2, 29, 0, 0, 0, 2, 59 },
	{ 951868800, 2000, 3, 1, 0, 0, 0, 3, 60 },
	{ 978307199, 2000, 12, 31, 23, 59, 59, 0, 365 },
	{ 4107542400, 2100, 3, 1, 0, 0, 0, 1, 59 },
	{ 4294967296, 2106, 2, 7, 6, 28, 16, 0, 37 },
	{ 32535215999, 3000, 12, 31, 23, 59, 59, 3, 364 },
	{ 253402300799, 9999, 12, 31, 23, 59, 59, 5, 364 },
	{ -2208988800, 1900, 1, 1, 0, 0, 0, 1, 0 },
	{ -62167219200, 0, 1, 1, 0, 0, 0, 6, 0 },
	{ -62167219201, -1, 12, 31, 23, 59, 59, 5, 364 },
};

START_TEST(known_times_have_their_fields)
{
	struct tm tm, back;
	time_t t;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		t = known[i].t;
		memset(&tm, 0x55, sizeof(tm));
		errno = 7;
		ck_assert_ptr_eq(gmtime_r(&t, &tm), &tm);
		ck_assert_int_eq(errno, 7);
		ck_assert_int_eq(tm.tm_year + 1900, known[i].year);
		ck_assert_int_eq(tm.tm_mon + 1, known[i].month);
		ck_assert_int_eq(tm.tm_mday, known[i].day);
		ck_assert_int_eq(tm.tm_hour, known[i].hour);
		ck_assert_int_eq(tm.tm_min, known[i].minute);
		ck_assert_int_eq(tm.tm_sec, known[i].second);
		ck_assert_int_eq(tm.tm_wday, known[i].week);
		ck_assert_int_eq(tm.tm_yday, known[i].in_year);
		ck_assert_int_eq(tm.tm_isdst, 0);
		back = tm;
		ck_assert_int_eq(timegm(&back), t);
		ck_assert_ptr_nonnull(gmtime(&t));
		ck_assert_int_eq(gmtime(&t)->tm_yday, known[i].in_year);
	}
}
END_TEST

static int
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Every day of 800 years: it follows the one before, and comes back. */
START_TEST(days_follow_each_other)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };
	int year = 1600, month = 0, day = 1, in_year = 0, length, week = 6;
	time_t t = -11676096000;
	struct tm tm;

	for (; year < 2400; t += DAY) {
		ck_assert_ptr_nonnull(gmtime_r(&t, &tm));
		ck_assert_int_eq(tm.tm_year + 1900, year);
		ck_assert_int_eq(tm.tm_mon, month);
		ck_assert_int_eq(tm.tm_mday, day);
		ck_assert_int_eq(tm.tm_yday, in_year);
		ck_assert_int_eq(tm.tm_wday, week);
		ck_assert_int_eq(timegm(&tm), t);
		length = lengths[month] + (month == 1 && is_leap(year));
		week = (week + 1) % 7;
		in_year++;
		if (++day > length) {
			day = 1;
			if (++month == 12) {
				month = in_year = 0;
				year++;
			}
		}
	}
}
END_TEST

/* Fields out of their ranges, as mktime() takes them. */
START_TEST(fields_are_normalized)
{
	struct tm tm = { .tm_year = 99, .tm_mon = 25, .tm_mday = -3,
	    .tm_hour = 49, .tm_min = -61, .tm_sec = 3600 };
	struct tm back = { .tm_year = 100, .tm_mon = -1, .tm_mday = 32 };

	ck_assert_int_eq(timegm(&tm), 980816340);
	ck_assert_int_eq(tm.tm_year, 101);
	ck_assert_int_eq(tm.tm_mon, 0);
	ck_assert_int_eq(tm.tm_mday, 30);
	ck_assert_int_eq(tm.tm_hour, 0);
	ck_assert_int_eq(tm.tm_min, 59);
	ck_assert_int_eq(tm.tm_sec, 0);
	ck_assert_int_eq(timegm(&back), 946684800);
	ck_assert_int_eq(back.tm_mday, 1);
	ck_assert_int_eq(back.tm_mon, 0);
}
END_TEST

/* EOVERFLOW, at the edges of an int's years. */
START_TEST(years_beyond_an_int_overflow)
{
	struct tm tm = { .tm_year = INT_MAX, .tm_mon = 11, .tm_mday = 31,
	    .tm_hour = 23, .tm_min = 59, .tm_sec = 59 }, out;
	time_t t = timegm(&tm);

	ck_assert_int_eq(t, INT64_C(67768036191676799));
	ck_assert_ptr_nonnull(gmtime_r(&t, &out));
	ck_assert_int_eq(out.tm_year, INT_MAX);
	t++;
	errno = 0;
	ck_assert_ptr_null(gmtime_r(&t, &out));
	ck_assert_int_eq(errno, EOVERFLOW);
	t = INT64_MIN;
	errno = 0;
	ck_assert_ptr_null(gmtime_r(&t, &out));
	ck_assert_int_eq(errno, EOVERFLOW);
	tm.tm_sec = 60;
	tm.tm_year = INT_MAX;
	tm.tm_mon = 11;
	tm.tm_mday = 31;
	errno = 0;
	ck_assert_int_eq(timegm(&tm), -1);
	ck_assert_int_eq(errno, EOVERFLOW);
}
END_TEST

int
main(void)
{
	static const TTest *tests[4];
	int n = 0;

	tests[n++] = known_times_have_their_fields;
	tests[n++] = days_follow_each_other;
	tests[n++] = fields_are_normalized;
	tests[n++] = years_beyond_an_int_overflow;
	return run_cases("gmtime", tests, n);
}
