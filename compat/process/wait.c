#include <sys/wait.h>

#include <errno.h>
#include <string.h>

#include "fd/result.h"
#include "process/child.h"
#include "process/group.h"
#include "process/pidfd.h"

/* 0 is the caller's group. */
static int64_t
group_of(int64_t group)
{
	return group != 0 ? group : group_own().group;
}

static int
wait_for(pid_t pid, int *status, int options, struct rusage *usage,
    pid_t *ended)
{
	struct child_query q = { .nohang = (options & WNOHANG) != 0 };
	struct child_end end;
	int err;

	if ((options & ~(WNOHANG | WUNTRACED | WCONTINUED)) != 0)
		return EINVAL;
	if (pid == INT32_MIN)
		return ESRCH;
	q.any = pid == -1;
	if (pid > 0)
		q.pid = pid;
	else
		q.group = group_of(-(int64_t)pid);
	if ((err = child_wait(&q, &end)) != 0)
		return err;
	*ended = (pid_t)end.pid;
	if (end.pid != 0 && status != NULL)
		*status = end.status;
	if (end.pid != 0 && usage != NULL)
		*usage = end.usage;
	return 0;
}

pid_t
wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	pid_t ended = 0;
	int err = wait_for(pid, status, options, usage, &ended);

	return result(err, ended);
}

pid_t
wait3(int *status, int options, struct rusage *usage)
{
	return wait4(-1, status, options, usage);
}

pid_t
waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t
wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

static int
query(idtype_t type, id_t id, struct child_query *q, int *nonblock)
{
	switch (type) {
	case P_ALL:
		q->any = 1;
		return 0;
	case P_PID:
		q->pid = (int64_t)id;
		return id > 0 && id <= INT32_MAX ? 0 : EINVAL;
	case P_PGID:
		q->group = group_of((int64_t)id);
		return id <= INT32_MAX ? 0 : EINVAL;
	case P_PIDFD:
		return pidfd_query((int)id, &q->pid, nonblock);
	default:
		return EINVAL;
	}
}

static int
wait_id(idtype_t type, id_t id, siginfo_t *info, int options)
{
	struct child_query q = { .nohang = (options & WNOHANG) != 0,
	    .keep = (options & WNOWAIT) != 0,
	    .alive = (options & WEXITED) == 0 };
	struct child_end end;
	int err, nonblock = 0;

	if ((options & ~(WNOHANG | WEXITED | WSTOPPED | WCONTINUED |
	    WNOWAIT)) != 0 ||
	    (options & (WEXITED | WSTOPPED | WCONTINUED)) == 0)
		return EINVAL;
	if ((err = query(type, id, &q, &nonblock)) != 0)
		return err;
	q.nohang |= nonblock;
	if ((err = child_wait(&q, &end)) != 0)
		return err;
	if (end.pid == 0 && (options & WNOHANG) == 0)
		return EAGAIN;
	if (info == NULL)
		return 0;
	if (end.pid != 0)
		child_describe(&end, info);
	else
		memset(info, 0, sizeof(*info));
	return 0;
}

int
waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	return result(wait_id(type, id, info, options), 0);
}

int
getrusage(int who, struct rusage *usage)
{
	int err = 0;

	if (usage == NULL)
		err = EFAULT;
	else if (who == RUSAGE_SELF)
		err = process_usage(usage);
	else if (who == RUSAGE_THREAD)
		thread_usage(usage);
	else if (who == RUSAGE_CHILDREN)
		child_usage(usage);
	else
		err = EINVAL;
	return result(err, 0);
}
