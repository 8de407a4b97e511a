/*
 * AFD handles.  The requests of an instance are made on handles of its own,
 * whose completions go to its port: a socket may be in several instances, but
 * a handle has one port.
 */
#include "poll/interest.h"

#include <errno.h>
#include <stdlib.h>

static int
group_new(struct epoll *ep)
{
	struct afd_group *g;
	int err;

	if ((g = calloc(1, sizeof(*g))) == NULL)
		return ENOMEM;
	if ((err = afd_open(ep->afd_port, &g->via, &g->skips)) != 0)
		goto free_group;
	g->port = ep->afd_port;
	g->next = ep->groups;
	ep->groups = g;
	g->open_next = ep->open_groups;
	ep->open_groups = g;
	return 0;

free_group:
	free(g);
	return err;
}

int
group_join(struct reg *r)
{
	struct epoll *ep = r->ep;
	struct afd_group *g;
	int err;

	if (r->group != NULL && r->group->port != ep->afd_port)
		group_leave(r);
	if (r->group != NULL)
		return 0;
	if (ep->open_groups == NULL && (err = group_new(ep)) != 0)
		return err;
	g = ep->open_groups;
	if (++g->users == GROUP_MAX)
		ep->open_groups = g->open_next;
	r->group = g;
	return 0;
}

void
group_leave(struct reg *r)
{
	struct afd_group *g = r->group;

	if (g == NULL)
		return;
	r->group = NULL;
	if (g->users-- == GROUP_MAX && g->port == r->ep->afd_port) {
		g->open_next = r->ep->open_groups;
		r->ep->open_groups = g;
	}
}

void
group_close_all(struct epoll *ep)
{
	struct afd_group *g;

	while ((g = ep->groups) != NULL) {
		ep->groups = g->next;
		afd_close(g->via);
		free(g);
	}
	ep->open_groups = NULL;
}
