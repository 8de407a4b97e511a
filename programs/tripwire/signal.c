#include "tripwire.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>

#include "private.h"

#define NSIGNALS 64

/* Guards what follows, but for what handlers read. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	unsigned users;
	struct sigaction old;
} actions[NSIGNALS];
static unsigned urgent_users;
static struct sigaction urgent_old;

/* Who hears of signals; and how many handlers go through that list. */
static struct tripwire *_Atomic listeners;
static atomic_uint handling;

static uint64_t
bit(int signo)
{
	return UINT64_C(1) << signo;
}

static void
on_signal(int signo)
{
	int saved = errno;
	struct tripwire *tw;

	(void)atomic_fetch_add(&handling, 1);
	for (tw = atomic_load(&listeners); tw != NULL;
	    tw = atomic_load(&tw->next))
		if ((atomic_load(&tw->signals) & bit(signo)) != 0)
			trip_signal(tw, signo);
	(void)atomic_fetch_sub(&handling, 1);
	errno = saved;
}

/* It has only to be there: its coming ends system calls. */
static void
on_urgent(int signo)
{
	(void)signo;
}

/* Handle signo for one user more.  EINVAL when it cannot be. */
static int
take(int signo, unsigned flags)
{
	struct sigaction sa = { .sa_handler = on_signal };

	if (actions[signo].users == 0) {
		if ((flags & TRIPWIRE_RESTART) != 0)
			sa.sa_flags = SA_RESTART;
		(void)sigfillset(&sa.sa_mask);
		if (sigaction(signo, &sa, &actions[signo].old) != 0)
			return errno;
	}
	actions[signo].users++;
	return 0;
}

static void
give_back(uint64_t signals)
{
	int signo;

	for (signo = 1; signo < NSIGNALS; signo++)
		if ((signals & bit(signo)) != 0 &&
		    --actions[signo].users == 0)
			(void)sigaction(signo, &actions[signo].old, NULL);
}

static int
is_listening(const struct tripwire *tw)
{
	struct tripwire *other = atomic_load(&listeners);

	while (other != NULL && other != tw)
		other = atomic_load(&other->next);
	return other != NULL;
}

/*
 * The tripwire is in the list before the first handler is there, or a signal
 * that comes in between would be lost.
 */
static int
subscribe(struct tripwire *tw, uint64_t wanted, unsigned flags)
{
	uint64_t new = wanted & ~atomic_load(&tw->signals), got = 0;
	int err, signo;

	if (!is_listening(tw)) {
		atomic_store(&tw->next, atomic_load(&listeners));
		atomic_store(&listeners, tw);
	}
	(void)atomic_fetch_or(&tw->signals, new);
	for (signo = 1; signo < NSIGNALS; signo++) {
		if ((new & bit(signo)) == 0)
			continue;
		if ((err = take(signo, flags)) != 0) {
			(void)atomic_fetch_and(&tw->signals, ~new);
			give_back(got);
			return err;
		}
		got |= bit(signo);
	}
	return 0;
}

/* The default set: SIGHUP only where nobody said to go on without. */
static uint64_t
defaults(void)
{
	uint64_t set = bit(SIGINT) | bit(SIGTERM);
	struct sigaction hup;

	if (sigaction(SIGHUP, NULL, &hup) != 0 || hup.sa_handler != SIG_IGN)
		set |= bit(SIGHUP);
	return set;
}

int
tripwire_signals(struct tripwire *tw, const int *signals, size_t n,
    unsigned flags)
{
	uint64_t wanted = 0;
	size_t i;
	int err;

	for (i = 0; i < n; i++) {
		if (signals[i] <= 0 || signals[i] >= NSIGNALS)
			return EINVAL;
		wanted |= bit(signals[i]);
	}
	(void)pthread_mutex_lock(&lock);
	err = subscribe(tw, n == 0 ? defaults() : wanted, flags);
	(void)pthread_mutex_unlock(&lock);
	if (err != 0)
		return err;

	/* The watcher waits, so it can handle them when nobody else does. */
	(void)pthread_mutex_lock(&tw->lock);
	if ((err = trip_watcher(tw)) == 0)
		trip_kick(tw);
	(void)pthread_mutex_unlock(&tw->lock);
	if (err != 0)
		trip_unsubscribe(tw);
	return err;
}

/*
 * A handler on another thread may still stand at tw: it takes no lock, so it
 * is waited for, some microseconds.
 */
void
trip_unsubscribe(struct tripwire *tw)
{
	struct tripwire *_Atomic *link;
	struct tripwire *other;

	(void)pthread_mutex_lock(&lock);
	give_back(atomic_exchange(&tw->signals, 0));
	for (link = &listeners; (other = atomic_load(link)) != NULL;
	    link = &other->next)
		if (other == tw) {
			atomic_store(link, atomic_load(&tw->next));
			break;
		}
	while (other != NULL && atomic_load(&handling) != 0)
		(void)sched_yield();
	(void)pthread_mutex_unlock(&lock);
}

void
trip_urgent(int on)
{
	struct sigaction sa = { .sa_handler = on_urgent };

	(void)pthread_mutex_lock(&lock);
	(void)sigemptyset(&sa.sa_mask);
	if (on && urgent_users++ == 0)
		(void)sigaction(SIGURG, &sa, &urgent_old);
	else if (!on && --urgent_users == 0)
		(void)sigaction(SIGURG, &urgent_old, NULL);
	(void)pthread_mutex_unlock(&lock);
}
