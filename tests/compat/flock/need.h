/*
 * For what is asked a million times: Check writes down each of its asserts
 * before it looks.
 */
#ifndef FLOCK_NEED_H
#define FLOCK_NEED_H

#include <check.h>

static inline void
need(int ok, const char *what, int line)
{
	if (!ok)
		ck_abort_msg("line %d: %s", line, what);
}

#define NEED(what) need((what), #what, __LINE__)

#endif
