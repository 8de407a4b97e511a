/* FAILS(call, number): the call is -1, with that errno. */
#ifndef SUPPORT_FAILS_H
#define SUPPORT_FAILS_H

#include <check.h>
#include <errno.h>

#define FAILS(call, number) do { \
		errno = 0; \
		ck_assert_int_eq((call), -1); \
		ck_assert_int_eq(errno, (number)); \
	} while (0)

#endif
