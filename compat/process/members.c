/* Who is in which group. */
#include "process/group.h"

#include <errno.h>
#include <stdlib.h>

#include "process/child.h"
#include "process/handoff.h"
#include "process/identity.h"
#include "signal/channel.h"

int
group_find(int64_t pid, struct membership *m)
{
	if (pid == 0 || pid == process_id()) {
		*m = group_own();
		return 0;
	}
	if (pid < 0 || pid > UINT32_MAX)
		return ESRCH;
	if (child_membership(pid, m) == 0)
		return 0;
	return channel_ask(pid, m);
}

static int
visit_children(group_visitor *visit, void *arg, const int64_t *pids, size_t n)
{
	struct membership m;
	size_t i;
	int stop = 0;

	for (i = 0; i < n && !stop; i++)
		if (child_membership(pids[i], &m) == 0)
			stop = visit(pids[i], &m, arg);
	return stop;
}

static void
visit_others(group_visitor *visit, void *arg, const uint32_t *pids, size_t n)
{
	struct membership m;
	size_t i;
	int stop = 0;

	for (i = 0; i < n && !stop; i++)
		if (pids[i] != 0 && pids[i] != (uint32_t)process_id() &&
		    pids[i] != startup_doorkeeper() &&
		    child_membership(pids[i], &m) != 0)
			stop = census_visit(pids[i], visit, arg);
}

int
group_each(group_visitor *visit, void *arg)
{
	uint32_t *pids;
	int64_t *children;
	size_t n, count;
	int err;

	if ((err = census_take(&pids, &n)) != 0)
		return err;
	if ((err = child_list(&children, &count)) != 0)
		goto free_pids;
	if (!visit_children(visit, arg, children, count))
		visit_others(visit, arg, pids, n);
	free(children);
free_pids:
	free(pids);
	return err;
}

struct search {
	struct membership wanted;	/* session 0: any */
	int found;
};

static int
look_for(int64_t pid, const struct membership *m, void *arg)
{
	struct search *s = arg;

	(void)pid;
	s->found = m->group == s->wanted.group && (s->wanted.session == 0 ||
	    m->session == s->wanted.session);
	return s->found;
}

int
group_check(uint32_t group, uint32_t session)
{
	struct search s = { .wanted = { group, session } };
	struct membership own = group_own();
	int err;

	if (own.group == group && own.session == session)
		return 0;
	if ((err = group_each(look_for, &s)) != 0)
		return err;
	return s.found ? 0 : EPERM;
}
