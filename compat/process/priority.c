#include <sys/resource.h>

#include <errno.h>
#include <unistd.h>

#include "fd/result.h"
#include "process/identity.h"
#include "process/priority.h"

/* LIM-PROC-19: of groups and users NT knows nothing. */
static int
target(int which, id_t who, int64_t *pid)
{
	if (which == PRIO_PGRP || which == PRIO_USER)
		return ENOTSUP;
	if (which != PRIO_PROCESS)
		return EINVAL;
	*pid = who == 0 ? process_id() : (int64_t)who;
	return *pid > 0 ? 0 : ESRCH;
}

static int
limited(int nice)
{
	if (nice < NICE_MIN)
		return NICE_MIN;
	return nice > NICE_MAX ? NICE_MAX : nice;
}

int
getpriority(int which, id_t who)
{
	int64_t pid;
	int err, nice = 0;

	if ((err = target(which, who, &pid)) != 0)
		return result(err, 0);
	if (pid == process_id())
		return priority_own();
	err = priority_of(pid, &nice);
	return result(err, nice);
}

int
setpriority(int which, id_t who, int value)
{
	int64_t pid;
	int err;

	if ((err = target(which, who, &pid)) != 0)
		return result(err, 0);
	if (pid == process_id())
		return result(priority_set_own(limited(value)), 0);
	return result(priority_set(pid, limited(value)), 0);
}

int
nice(int more)
{
	int value = priority_own(), err;

	if (more > 2 * NICE_MAX + 2)
		more = 2 * NICE_MAX + 2;
	if (more < 2 * NICE_MIN)
		more = 2 * NICE_MIN;
	value = limited(value + more);
	err = priority_set_own(value);
	return result(err, value);
}
