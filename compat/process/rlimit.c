#include <sys/resource.h>

#include <errno.h>
#include <unistd.h>

#include "fd/fdtable.h"
#include "fd/lock.h"
#include "fd/numbers.h"
#include "fd/result.h"

static struct lock rlimit_lock;
static rlim_t hard = FD_MAX;

/* What NT has no limit for is RLIM_INFINITY; it writes no core files. */
static int
fixed(int resource, rlim_t *limit)
{
	switch (resource) {
	case RLIMIT_CORE:
		*limit = 0;
		return 0;
	case RLIMIT_AS:
	case RLIMIT_CPU:
	case RLIMIT_DATA:
	case RLIMIT_FSIZE:
		*limit = RLIM_INFINITY;
		return 0;
	default:
		return EINVAL;
	}
}

int
getrlimit(int resource, struct rlimit *limit)
{
	rlim_t value;
	int err = 0;

	if (limit == NULL)
		return result(EFAULT, 0);
	if (resource == RLIMIT_NOFILE) {
		lock_read(&rlimit_lock);
		limit->rlim_cur = (rlim_t)number_limit;
		limit->rlim_max = hard;
		unlock_read(&rlimit_lock);
	} else if ((err = fixed(resource, &value)) == 0) {
		limit->rlim_cur = limit->rlim_max = value;
	}
	return result(err, 0);
}

/* LIM-PROC-12. */
static int
set_fixed(int resource, const struct rlimit *limit)
{
	rlim_t value;
	int err;

	if ((err = fixed(resource, &value)) != 0)
		return err;
	if (limit->rlim_cur == value && limit->rlim_max == value)
		return 0;
	return resource == RLIMIT_CORE ? EPERM : EINVAL;
}

int
setrlimit(int resource, const struct rlimit *limit)
{
	if (limit == NULL)
		return result(EFAULT, 0);
	if (limit->rlim_cur > limit->rlim_max)
		return result(EINVAL, 0);
	if (resource != RLIMIT_NOFILE)
		return result(set_fixed(resource, limit), 0);
	if (limit->rlim_max > FD_MAX)
		return result(EPERM, 0);
	lock_write(&rlimit_lock);
	number_limit = (int)limit->rlim_cur;
	hard = limit->rlim_max;
	unlock_write(&rlimit_lock);
	return 0;
}

int
getdtablesize(void)
{
	return number_limit;
}
