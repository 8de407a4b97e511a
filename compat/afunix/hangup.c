#include "afunix/hangup.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>

#include "afunix/service_nt.h"
#include "fd/lock.h"

struct hangup {
	struct item item;
	struct lock lock;
	/* Under lock: */
	void (*fn)(void *);	/* NULL: nobody wants to know any more */
	void *arg;
	int done, ended;
};

static void
tell(struct hangup *h)
{
	h->done = 1;
	if (h->fn != NULL)
		h->fn(h->arg);
}

static void
hangup_ready(struct item *item)
{
	struct hangup *h = (struct hangup *)item;
	int ended;

	lock_write(&h->lock);
	tell(h);
	ended = h->ended;
	unlock_write(&h->lock);
	if (ended)
		free(h);
}

int
hangup_watch(uintptr_t base, void (*fn)(void *), void *arg,
    struct hangup **hp)
{
	struct hangup *h;
	int err;

	if ((err = service_start()) != 0)
		return err;
	if ((h = calloc(1, sizeof(*h))) == NULL)
		return ENOMEM;
	h->item.ready = hangup_ready;
	h->fn = fn;
	h->arg = arg;
	lock_write(&h->lock);
	err = service_arm(&h->item, base, EPOLLIN | EPOLLRDHUP);
	if (err == 0)
		tell(h);
	unlock_write(&h->lock);
	if (err != 0 && err != EINPROGRESS) {
		free(h);
		return err;
	}
	*hp = h;
	return 0;
}

/*
 * While the request is out the kernel writes into it: so the service's thread
 * frees it.  Nobody may close the socket before.
 */
void
hangup_end(struct hangup *h)
{
	int done;

	if (h == NULL)
		return;
	lock_write(&h->lock);
	h->fn = NULL;
	h->ended = 1;
	if (!(done = h->done))
		afd_cancel(&h->item.op);
	unlock_write(&h->lock);
	if (done)
		free(h);
}
