#include "afunix/lane.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "afunix/lane_nt.h"
#include "afunix/lane_shared.h"
#include "afunix/rights.h"
#include "fd/share.h"

static struct map *
map_ref(struct map *m)
{
	atomic_fetch_add(&m->refs, 1);
	return m;
}

static void
map_put(struct map *m)
{
	if (atomic_fetch_sub(&m->refs, 1) != 1)
		return;
	shared_close(m->section, m->mutex, m->sh);
	free(m);
}

/* Takes the handles over also when it fails. */
static int
map_new(uintptr_t section, uintptr_t mutex, void *view, struct map **mp)
{
	struct map *m;

	if ((m = calloc(1, sizeof(*m))) == NULL) {
		shared_close(section, mutex, view);
		return ENOMEM;
	}
	atomic_init(&m->refs, 1);
	m->section = section;
	m->mutex = mutex;
	m->sh = view;
	*mp = m;
	return 0;
}

/* Of the section of that name: is_there, or one that is made if need be. */
static int
map_of(const unsigned char id[LANE_ID], int is_there, struct map **mp)
{
	uintptr_t section, mutex;
	void *view;
	int err;

	err = (is_there ? lane_section_of : lane_section)(id,
	    sizeof(struct shared), &section, &mutex, &view);
	return err != 0 ? err : map_new(section, mutex, view, mp);
}

/* Who died with the lock may have died while it held the others back. */
void
lane_lock(struct lane *l)
{
	if (!shared_lock(l->map->mutex))
		return;
	atomic_store(&l->map->sh->end[0].posting, 0);
	atomic_store(&l->map->sh->end[1].posting, 0);
}

void
lane_unlock(struct lane *l)
{
	shared_unlock(l->map->mutex);
}

struct holder *
lane_find(struct end *e, uint32_t pid)
{
	int i;

	for (i = 0; i < LANE_HOLDERS; i++)
		if (e->holders[i].count > 0 && e->holders[i].who.pid == pid)
			return &e->holders[i];
	return NULL;
}

/* NULL: there is no room for one more. */
static struct holder *
hold(struct end *e, const struct lane_who *who)
{
	struct holder *h = lane_find(e, who->pid);
	int i;

	/* A number that NT has given away again: the first one has ended. */
	if (h != NULL && h->who.start != who->start)
		h->count = 0;
	for (i = 0; (h == NULL || h->count == 0) && i < LANE_HOLDERS; i++)
		if (e->holders[i].count == 0) {
			h = &e->holders[i];
			h->who = *who;
			atomic_store(&h->sending, 0);
			atomic_store(&h->receiving, 0);
			h->order = ++e->joined;
			h->count = 1;
			return h;
		}
	if (h != NULL)
		h->count++;
	else
		atomic_store(&e->strangers, 1);
	return h;
}

struct holder *
lane_newest(struct end *e)
{
	struct holder *h, *newest = NULL;

	for (h = e->holders; h < e->holders + LANE_HOLDERS; h++)
		if (h->count > 0 && (newest == NULL ||
		    h->order > newest->order))
			newest = h;
	return newest;
}

/* An end for this process, under the lock. */
static int
enter(struct lane *l, struct holder *h, uint32_t peer)
{
	struct end *e = &l->map->sh->end[l->which];

	if (h == NULL)
		return ENOMEM;
	l->self = h;
	l->me = e;
	l->peer = &l->map->sh->end[!l->which];
	if (peer != 0 && e->writer == 0)
		e->writer = peer;
	if (peer != 0 && atomic_load(&e->marked) == 0)
		atomic_store(&e->marked, h->who.pid);
	return 0;
}

/*
 * Takes a reference of m over when it succeeds.  promised: somebody may have
 * written down already that we hold it.
 */
static int
lane_new(struct map *m, int which, int promised, uint32_t peer,
    struct lane **lp)
{
	const struct lane_who self = lane_self();
	struct end *e = &m->sh->end[which];
	struct holder *h;
	struct lane *l;
	int err;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return ENOMEM;
	l->map = m;
	l->which = which;
	lane_lock(l);
	h = promised ? lane_find(e, self.pid) : NULL;
	err = enter(l, h != NULL ? h : hold(e, &self), peer);
	if (err == 0 && promised)
		lane_taken(m->sh->given);
	lane_unlock(l);
	if (err != 0) {
		free(l);
		return err;
	}
	*lp = l;
	return 0;
}

int
lane_pair(struct lane *pair[2])
{
	const uint32_t self = lane_self().pid;
	uintptr_t section, mutex;
	struct map *m;
	void *view;
	int err;

	err = shared_new(sizeof(struct shared), &section, &mutex, &view);
	if (err != 0 || (err = map_new(section, mutex, view, &m)) != 0)
		return err;
	if ((err = lane_new(m, 0, 0, self, &pair[0])) != 0) {
		map_put(m);
		return err;
	}
	if ((err = lane_new(map_ref(m), 1, 0, self, &pair[1])) != 0) {
		map_put(m);
		lane_close(pair[0], 0, 0);
	}
	return err;
}

int
lane_open(const unsigned char id[LANE_ID], int which, uint32_t peer,
    struct lane **lp)
{
	struct map *m;
	int err;

	if ((err = map_of(id, 0, &m)) != 0)
		return err;
	/* The server was there before it told the id, if it is in sight. */
	if (which == 1 && m->sh->end[0].joined == 0)
		err = ENOENT;
	else
		err = lane_new(m, which, 0, peer, lp);
	if (err != 0)
		map_put(m);
	return err;
}

int
lane_offer(const unsigned char id[LANE_ID], struct lane **lp)
{
	struct map *m;
	int err;

	if ((err = map_of(id, 0, &m)) != 0)
		return err;
	if ((err = lane_new(m, 1, 0, 0, lp)) != 0)
		map_put(m);
	return err;
}

int
lane_promise(struct lane *l, uint32_t pid)
{
	const struct lane_who who = { pid, lane_process_start(pid) };
	struct shared *sh = l->map->sh;
	int err = 0;

	lane_lock(l);
	if (l->peer->joined == 0 && (err = lane_give(&who, l->map->section,
	    l->map->mutex, sh->given)) == 0)
		(void)hold(l->peer, &who);
	if (err == 0)
		(void)enter(l, l->self, pid);
	lane_unlock(l);
	if (err != 0)
		lane_held(l, 0, 1);
	return err;
}

int
lane_accept(const unsigned char id[LANE_ID], uint32_t peer, struct lane **lp)
{
	struct map *m;
	int err;

	if ((err = map_of(id, 1, &m)) != 0)
		return err;
	if ((err = lane_new(m, 0, 1, peer, lp)) != 0)
		map_put(m);
	return err;
}

/* Under the lock: what nobody will receive, and how much it is. */
static int
take_mails(struct end *e, struct lane_mail out[LANE_MAILS])
{
	const struct lane_mail *mail;
	unsigned int i;
	int n = 0;

	for (i = lane_pending(e); i > 0; i--) {
		mail = &e->mails[e->first % LANE_MAILS];
		if (mail->fds > 0)
			out[n++] = *mail;
		lane_pop(e);
	}
	return n;
}

void
lane_close(struct lane *l, uintptr_t sock, int lost)
{
	struct lane_mail mails[LANE_MAILS];
	int i, last, n = 0;

	lane_lock(l);
	l->self->count--;
	if ((last = lane_newest(l->me) == NULL) != 0)
		n = take_mails(l->me, mails);
	lane_unlock(l);
	if (last)
		lane_end(l, sock, lost);
	for (i = 0; i < n; i++)
		rights_drop(&mails[i]);
	map_put(l->map);
	free(l);
}

int
lane_handles(const struct lane *l, uintptr_t *section, uintptr_t *mutex)
{
	*section = l->map->section;
	*mutex = l->map->mutex;
	return l->which;
}

void
lane_held(struct lane *l, uint32_t pid, int n)
{
	struct lane_who who = { .pid = pid };
	struct holder *h;

	if (pid == 0)
		atomic_store(&l->map->sh->plain, 1);
	else if (n > 0)
		who.start = lane_process_start(pid);
	if (n > 0 && who.start == 0) {
		atomic_store(&l->me->strangers, 1);
		return;
	}
	lane_lock(l);
	if (n > 0)
		(void)hold(l->me, &who);
	else if ((h = lane_find(l->me, pid)) != NULL)
		h->count--;
	lane_unlock(l);
}

int
lane_join(uintptr_t section, uintptr_t mutex, int which, uint32_t from,
    struct lane **lp)
{
	const struct lane_who self = lane_self();
	struct lane *l;
	struct holder *h;
	struct map *m;
	void *view;
	int err;

	if ((err = shared_map(section, sizeof(struct shared), &view)) != 0) {
		shared_close(section, mutex, NULL);
		return err;
	}
	if ((err = map_new(section, mutex, view, &m)) != 0)
		return err;
	if ((l = calloc(1, sizeof(*l))) == NULL) {
		map_put(m);
		return ENOMEM;
	}
	l->map = m;
	l->which = which;
	lane_lock(l);
	if (from != 0 && (h = lane_find(&m->sh->end[which], from)) != NULL)
		h->count--;
	err = enter(l, from != 0 ? hold(&m->sh->end[which], &self) :
	    lane_find(&m->sh->end[which], self.pid), 0);
	lane_unlock(l);
	if (err != 0) {
		map_put(m);
		free(l);
		return err;
	}
	*lp = l;
	return 0;
}
