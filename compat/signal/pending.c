#include "signal/state.h"

#include <errno.h>
#include <stdlib.h>

void
sig_append(struct sig_pending *p, struct sig_item *item)
{
	item->next = NULL;
	if (p->first == NULL)
		p->first = item;
	else
		p->last->next = item;
	p->last = item;
	p->bits |= SIG_BIT(item->info.si_signo);
}

/*
 * A standard signal that is pending already stays as it is: one of a timer's
 * counts, too.
 */
int
sig_push(struct sig_pending *p, const siginfo_t *info)
{
	int signo = info->si_signo;
	struct sig_item *item;

	if (signo < SIGRTMIN) {
		if ((p->bits & SIG_BIT(signo)) != 0)
			return 0;
		item = &p->one[signo];
	} else {
		if (sig_process.queued == SIG_QUEUE_MAX ||
		    (item = malloc(sizeof(*item))) == NULL)
			return EAGAIN;
		sig_process.queued++;
	}
	item->info = *info;
	item->taken = NULL;
	sig_append(p, item);
	return 0;
}

static void
item_free(struct sig_item *item, siginfo_t *info)
{
	if (item->taken != NULL) {
		item->taken(item, info);
		return;
	}
	if (item->info.si_signo < SIGRTMIN)
		return;
	sig_process.queued--;
	free(item);
}

/* Unlink *link, and clear its signal's bit if it was the last of its kind. */
static struct sig_item *
take(struct sig_pending *p, struct sig_item **link, struct sig_item *before)
{
	struct sig_item *item = *link, *other;

	*link = item->next;
	if (p->last == item)
		p->last = before;
	for (other = p->first; other != NULL; other = other->next)
		if (other->info.si_signo == item->info.si_signo)
			return item;
	p->bits &= ~SIG_BIT(item->info.si_signo);
	return item;
}

/* The lowest number first, and within one number the oldest. */
int
sig_pop(struct sig_pending *p, uint64_t set, siginfo_t *info)
{
	struct sig_item **link, *before = NULL, *item;
	int signo;

	set &= p->bits;
	if (set == 0)
		return 0;
	signo = __builtin_ctzll(set) + 1;
	for (link = &p->first; (*link)->info.si_signo != signo;
	    link = &(*link)->next)
		before = *link;
	item = take(p, link, before);
	*info = item->info;
	item_free(item, info);
	return signo;
}

void
sig_remove(struct sig_pending *p, struct sig_item *item)
{
	struct sig_item **link, *before = NULL;

	for (link = &p->first; *link != NULL; link = &(*link)->next) {
		if (*link == item) {
			(void)take(p, link, before);
			return;
		}
		before = *link;
	}
}

void
sig_drop(struct sig_pending *p, uint64_t set)
{
	siginfo_t info;

	while (sig_pop(p, set, &info) != 0)
		continue;
}

void
sig_discard(uint64_t set)
{
	struct sig_thread *t;

	sig_drop(&sig_process.pending, set);
	for (t = sig_process.threads; t != NULL; t = t->next)
		sig_drop(&t->pending, set);
}
