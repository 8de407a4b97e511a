#include "flock/record.h"

#include <errno.h>

/* A lock that is not taken must not look as if it were: LIM-FD-3. */
static int
advisory_lock(struct file *f, const struct record *r, int wait)
{
	(void)f;
	(void)r;
	(void)wait;
	return ENOSYS;
}

static int
advisory_test(struct file *f, struct record *r)
{
	(void)f;
	(void)r;
	return ENOSYS;
}

static void
advisory_closed(struct file *f)
{
	(void)f;
}

static void
advisory_freed(struct file *f)
{
	(void)f;
}

const struct record_ops record_advisory = {
	.lock = advisory_lock,
	.test = advisory_test,
	.closed = advisory_closed,
	.freed = advisory_freed,
};
