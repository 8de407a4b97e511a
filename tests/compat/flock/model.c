#include "compat/flock/model.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static int
cell(int64_t at)
{
	return at < MODEL_BYTES ? (int)at : MODEL_BYTES;
}

void
model_clear(struct model *m)
{
	m->n = 0;
}

/* The range around cell i of the k-th owner. */
static struct model_lock
range_at(const struct model *m, int k, int i)
{
	const signed char *type = m->held[k].type;
	struct model_lock r = { .owner = m->held[k].owner, .type = type[i] };
	int first = i, last = i;

	while (first > 0 && type[first - 1] == type[i])
		first--;
	while (last < MODEL_BYTES && type[last + 1] == type[i])
		last++;
	r.start = first;
	r.end = last == MODEL_BYTES ? INT64_MAX : last;
	return r;
}

int
model_conflict(const struct model *m, const struct model_lock *l,
    struct model_lock *found)
{
	int i, k, type;

	for (k = 0; k < m->n; k++)
		for (i = cell(l->start); i <= cell(l->end); i++) {
			type = m->held[k].type[i];
			if (m->held[k].owner != l->owner &&
			    type != MODEL_FREE && l->type != F_UNLCK &&
			    (type == F_WRLCK || l->type == F_WRLCK)) {
				*found = range_at(m, k, i);
				return 1;
			}
		}
	return 0;
}

static int
find(struct model *m, int owner)
{
	int k;

	for (k = 0; k < m->n; k++)
		if (m->held[k].owner == owner)
			return k;
	m->held[k].owner = owner;
	(void)memset(m->held[k].type, MODEL_FREE, MODEL_CELLS);
	m->n++;
	return k;
}

static void
forget_if_empty(struct model *m, int k)
{
	int i;

	for (i = 0; i < MODEL_CELLS; i++)
		if (m->held[k].type[i] != MODEL_FREE)
			return;
	m->n--;
	(void)memmove(&m->held[k], &m->held[k + 1],
	    (size_t)(m->n - k) * sizeof(m->held[0]));
}

int
model_lock(struct model *m, const struct model_lock *l)
{
	struct model_lock found;
	int i, k;

	if (model_conflict(m, l, &found))
		return EAGAIN;
	k = find(m, l->owner);
	for (i = cell(l->start); i <= cell(l->end); i++)
		m->held[k].type[i] = l->type == F_UNLCK ? MODEL_FREE :
		    (signed char)l->type;
	forget_if_empty(m, k);
	return 0;
}

void
model_drop(struct model *m, int owner)
{
	struct model_lock all = { owner, F_UNLCK, 0, INT64_MAX };

	(void)model_lock(m, &all);
}

int
model_ranges(const struct model *m,
    struct model_lock list[MODEL_OWNERS * MODEL_CELLS])
{
	int i, k, n = 0;

	for (k = 0; k < m->n; k++)
		for (i = 0; i < MODEL_CELLS; i++)
			if (m->held[k].type[i] != MODEL_FREE && (i == 0 ||
			    m->held[k].type[i - 1] != m->held[k].type[i]))
				list[n++] = range_at(m, k, i);
	return n;
}
