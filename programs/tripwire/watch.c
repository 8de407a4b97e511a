/*
 * The watcher: a thread for what a signal handler may not do and nobody else
 * may have the time for.  It waits for descriptors that trip, hands the trip on
 * to those who wait on conditions or in system calls, and is one thread that
 * always waits, to have signals handled when all others compute.
 */
#include "tripwire.h"

#include <sys/eventfd.h>
#include <sys/pidfd.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "private.h"

/* Between two signals to a thread that has not heard one, in ms. */
#define PATIENCE_MIN	1
#define PATIENCE_MAX	64

/*
 * A thread that was not in its call yet when the signal came hears of it only
 * with the next one.
 */
static int
call_threads(struct tripwire *tw, int patience)
{
	struct call *call;

	if (tw->calls == NULL)
		return -1;
	for (call = tw->calls; call != NULL; call = call->next)
		(void)pthread_kill(call->thread, SIGURG);
	if (patience < PATIENCE_MIN)
		return PATIENCE_MIN;
	return patience < PATIENCE_MAX ? patience * 2 : PATIENCE_MAX;
}

/*
 * Its mutex makes sure that the waiter is either asleep or has yet to look;
 * but who holds it may want our lock, so that is let go meanwhile.
 */
static void
wake_conds(struct tripwire *tw)
{
	struct cond_waiter *w;

	for (;;) {
		w = tw->cond_waiters;
		while (w != NULL && w->woken)
			w = w->next;
		if (w == NULL)
			return;
		w->pinned = w->woken = 1;
		(void)pthread_mutex_unlock(&tw->lock);
		(void)pthread_mutex_lock(w->mutex);
		(void)pthread_cond_broadcast(w->cond);
		(void)pthread_mutex_unlock(w->mutex);
		(void)pthread_mutex_lock(&tw->lock);
		w->pinned = 0;
		(void)pthread_cond_broadcast(&tw->turned);
	}
}

/* What there is to wait for: the kick; the trip and all sources, until then. */
static nfds_t
gather(struct tripwire *tw, struct pollfd *polls, int tripped)
{
	nfds_t n = 0;
	unsigned i;

	polls[n++] = (struct pollfd) { .fd = tw->kick, .events = POLLIN };
	if (!tripped) {
		polls[n++] = (struct pollfd) { .fd = tw->fd[0],
		    .events = POLLIN };
		for (i = 0; i < tw->nsources; i++)
			polls[n++] = (struct pollfd) {
			    .fd = tw->sources[i].fd, .events = POLLIN };
	}
	tw->seen = tw->asked;
	(void)pthread_cond_broadcast(&tw->turned);
	return n;
}

static void
forget(struct tripwire *tw, unsigned i)
{
	if (tw->sources[i].parent)
		(void)close(tw->sources[i].fd);
	tw->sources[i] = tw->sources[--tw->nsources];
}

/*
 * Trip by the first source that is ready.  One that is closed, against the
 * rule, is forgotten: it would be ready for ever.
 */
static void
look(struct tripwire *tw, const struct pollfd *polls, nfds_t n)
{
	nfds_t i;
	unsigned j;

	for (i = 2; i < n; i++)
		for (j = 0; j < tw->nsources; j++) {
			if (tw->sources[j].fd != polls[i].fd ||
			    polls[i].revents == 0)
				continue;
			if ((polls[i].revents & POLLNVAL) != 0)
				forget(tw, j);
			else
				trip_by(tw, tw->sources[j].parent ?
				    TRIPWIRE_PARENT : TRIPWIRE_FD);
			break;
		}
}

static void
set_mask(struct tripwire *tw)
{
	uint64_t signals = atomic_load(&tw->signals);
	sigset_t mask;
	int signo;

	(void)sigfillset(&mask);
	for (signo = 1; signo < 64; signo++)
		if ((signals & UINT64_C(1) << signo) != 0)
			(void)sigdelset(&mask, signo);
	(void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

static void *
watch(void *arg)
{
	struct pollfd polls[2 + TRIPWIRE_SOURCES];
	struct tripwire *tw = arg;
	eventfd_t count;
	int patience = -1, tripped;
	nfds_t n;

	(void)pthread_mutex_lock(&tw->lock);
	while (!tw->quit) {
		/* One look for both: a trip in between would be missed. */
		if ((tripped = tripwire_is_tripped(tw))) {
			wake_conds(tw);
			patience = call_threads(tw, patience);
		}
		n = gather(tw, polls, tripped);
		(void)pthread_mutex_unlock(&tw->lock);
		set_mask(tw);
		if (poll(polls, n, patience) <= 0)
			n = 0;
		else if (polls[0].revents != 0)
			(void)eventfd_read(tw->kick, &count);
		(void)pthread_mutex_lock(&tw->lock);
		look(tw, polls, n);
	}
	(void)pthread_mutex_unlock(&tw->lock);
	return NULL;
}

int
trip_watcher(struct tripwire *tw)
{
	sigset_t all, old;
	int err;

	if (tw->watching)
		return 0;
	if (tw->kick == -1 &&
	    (tw->kick = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1)
		return errno;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&tw->watcher, NULL, watch, tw);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	tw->watching = err == 0;
	return err;
}

void
trip_kick(struct tripwire *tw)
{
	tw->asked++;
	(void)eventfd_write(tw->kick, 1);
}

void
trip_kick_and_wait(struct tripwire *tw)
{
	unsigned long asked;

	trip_kick(tw);
	asked = tw->asked;
	while (tw->seen < asked)
		(void)pthread_cond_wait(&tw->turned, &tw->lock);
}

void
trip_watcher_end(struct tripwire *tw)
{
	(void)pthread_mutex_lock(&tw->lock);
	tw->quit = 1;
	if (tw->watching)
		trip_kick(tw);
	(void)pthread_mutex_unlock(&tw->lock);
	if (tw->watching)
		(void)pthread_join(tw->watcher, NULL);
	while (tw->nsources > 0)
		forget(tw, 0);
	if (tw->kick != -1)
		(void)close(tw->kick);
}

static int
add(struct tripwire *tw, int fd, int parent)
{
	int err = ENOSPC;

	(void)pthread_mutex_lock(&tw->lock);
	if (tw->nsources < TRIPWIRE_SOURCES && (err = trip_watcher(tw)) == 0) {
		tw->sources[tw->nsources].fd = fd;
		tw->sources[tw->nsources++].parent = parent;
		trip_kick(tw);
	}
	(void)pthread_mutex_unlock(&tw->lock);
	return err;
}

int
tripwire_watch(struct tripwire *tw, int fd)
{
	return fcntl(fd, F_GETFD) == -1 ? errno : add(tw, fd, 0);
}

int
tripwire_unwatch(struct tripwire *tw, int fd)
{
	unsigned i;

	(void)pthread_mutex_lock(&tw->lock);
	for (i = 0; i < tw->nsources; i++)
		if (tw->sources[i].fd == fd && !tw->sources[i].parent)
			break;
	if (i == tw->nsources) {
		(void)pthread_mutex_unlock(&tw->lock);
		return ENOENT;
	}
	forget(tw, i);
	trip_kick_and_wait(tw);
	(void)pthread_mutex_unlock(&tw->lock);
	return 0;
}

int
tripwire_watch_parent(struct tripwire *tw)
{
	pid_t parent = getppid();
	int err, fd;

	if ((fd = pidfd_open(parent, 0)) == -1 && errno != ESRCH)
		return errno;
	/* Gone before or while it was opened, and the number may mean
	 * another process by now. */
	if (fd == -1 || getppid() != parent) {
		if (fd != -1)
			(void)close(fd);
		trip_by(tw, TRIPWIRE_PARENT);
		return 0;
	}
	if ((err = add(tw, fd, 1)) != 0)
		(void)close(fd);
	return err;
}
