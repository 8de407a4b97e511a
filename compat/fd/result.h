/*
 * Leaving a public function.  Below the public face every function returns 0
 * or a positive errno and gives its results by pointer; here, and nowhere
 * else in the library, that becomes errno.  Success leaves errno alone.
 */
#ifndef FD_RESULT_H
#define FD_RESULT_H

#include <sys/types.h>

#include <errno.h>

static inline int
result(int err, int value)
{
	if (err == 0)
		return value;
	errno = err;
	return -1;
}

static inline ssize_t
result_size(int err, ssize_t value)
{
	if (err == 0)
		return value;
	errno = err;
	return -1;
}

static inline off_t
result_off(int err, off_t value)
{
	if (err == 0)
		return value;
	errno = err;
	return -1;
}

static inline void *
result_ptr(int err, void *value)
{
	if (err == 0)
		return value;
	errno = err;
	return NULL;
}

/* A signal handler has run in between: what it did to errno is undone. */
static inline void
errno_restore(int err)
{
	errno = err;
}

#endif
