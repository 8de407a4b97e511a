/*
 * UTC as fields and back.  The calendar is counted in years that begin in
 * March, so that the leap day is the last of its year.
 */
#include <time.h>

#include <errno.h>
#include <limits.h>

#include "fd/result.h"

#define DAY INT64_C(86400)
#define DAYS_400 146097		/* in 400 years */
#define EPOCH 719468		/* days from March 1 of the year 0 to 1970 */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days before the first of a month, counted from March. */
static int
days_before(int month)
{
	return (153 * month + 2) / 5;
}

static int
is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t
days_before_month(int64_t year, int month)
{
	int64_t era, of_era;
	int from_march = (month + 10) % 12;

	year -= month < 2;
	era = floor_div(year, 400);
	of_era = year - era * 400;
	return era * DAYS_400 + of_era * 365 + of_era / 4 - of_era / 100 +
	    days_before(from_march) - EPOCH;
}

static int
fields_of(int64_t t, struct tm *tm)
{
	int64_t days = floor_div(t, DAY), z = days + EPOCH, era, year;
	int second = (int)(t - days * DAY), of_era, of_year, y, m;

	era = floor_div(z, DAYS_400);
	of_era = (int)(z - era * DAYS_400);
	y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * y + y / 4 - y / 100);
	m = (5 * of_year + 2) / 153;
	year = era * 400 + y + (m >= 10) - 1900;
	if (year < INT_MIN || year > INT_MAX)
		return EOVERFLOW;
	tm->tm_year = (int)year;
	tm->tm_mon = (m + 2) % 12;
	tm->tm_mday = of_year - days_before(m) + 1;
	tm->tm_yday = m >= 10 ? of_year - 306 :
	    of_year + 59 + is_leap(year + 1900);
	tm->tm_wday = (int)(((days + 4) % 7 + 7) % 7);
	tm->tm_hour = second / 3600;
	tm->tm_min = second / 60 % 60;
	tm->tm_sec = second % 60;
	tm->tm_isdst = 0;
	return 0;
}

struct tm *
gmtime_r(const time_t *__restrict__ t, struct tm *__restrict__ tm)
{
	return result_ptr(fields_of(*t, tm), tm);
}

struct tm *
gmtime(const time_t *t)
{
	static struct tm tm;

	return gmtime_r(t, &tm);
}

time_t
timegm(struct tm *tm)
{
	int64_t months = (int64_t)tm->tm_year * 12 + tm->tm_mon, year, t;
	struct tm out;
	int err;

	year = floor_div(months, 12);
	t = days_before_month(year + 1900, (int)(months - year * 12)) * DAY +
	    ((int64_t)tm->tm_mday - 1) * DAY + (int64_t)tm->tm_hour * 3600 +
	    (int64_t)tm->tm_min * 60 + tm->tm_sec;
	if ((err = fields_of(t, &out)) == 0)
		*tm = out;
	return result_off(err, t);
}
