#include "tripwire.h"

#include <sys/eventfd.h>

#include <compat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "private.h"

int64_t
trip_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return TRIPWIRE_SEC(ts.tv_sec) + ts.tv_nsec;
}

/*
 * Make the descriptors tell the phase.  Whoever sees the phase does this before
 * speaking of it, as it may be first: the handler that changed it can have
 * been held up in between.
 */
static void
announce(struct tripwire *tw, enum tripwire_phase phase)
{
	unsigned p;

	for (p = TRIPWIRE_DRAINING; p <= TRIPWIRE_STOPPING; p++)
		if (p <= phase &&
		    (atomic_load(&tw->announced) & 1U << p) == 0) {
			(void)eventfd_write(tw->fd[p - 1], 1);
			(void)atomic_fetch_or(&tw->announced, 1U << p);
		}
}

/* The state after a trip. */
static uint64_t
tripped(struct tripwire *tw, uint64_t old, enum tripwire_cause cause,
    int signo)
{
	uint64_t usec = (uint64_t)((trip_now() - tw->born) / 1000);

	return (old & STATE_SIGNALS_MASK) | TRIPWIRE_DRAINING |
	    (uint64_t)cause << 4 | (uint64_t)signo << 7 | usec << 14;
}

/* Where the clock stands when a phase ends: the first one to tell counts. */
void
trip_mark(_Atomic int64_t *at)
{
	int64_t none = 0;

	(void)atomic_compare_exchange_strong(at, &none, trip_now());
}

void
trip_by(struct tripwire *tw, enum tripwire_cause cause)
{
	uint64_t old = atomic_load(&tw->state);

	while (STATE_PHASE(old) == TRIPWIRE_RUNNING &&
	    !atomic_compare_exchange_weak(&tw->state, &old,
	    tripped(tw, old, cause, 0)))
		;
	announce(tw, TRIPWIRE_DRAINING);
}

void
trip_signal(struct tripwire *tw, int signo)
{
	uint64_t new, old = atomic_load(&tw->state);
	unsigned n;

	do {
		n = STATE_SIGNALS(old) < 3 ? STATE_SIGNALS(old) + 1 : 3;
		new = old;
		if (STATE_PHASE(old) == TRIPWIRE_RUNNING)
			new = tripped(tw, old, TRIPWIRE_SIGNAL, signo);
		else if (STATE_PHASE(old) == TRIPWIRE_DRAINING && n > 1)
			new = old - TRIPWIRE_DRAINING + TRIPWIRE_STOPPING;
		new = (new & ~STATE_SIGNALS_MASK) | (uint64_t)n << 2;
	} while (!atomic_compare_exchange_weak(&tw->state, &old, new));
	if (n == 3)
		_exit(128 + signo);
	if (STATE_PHASE(new) == TRIPWIRE_STOPPING)
		trip_mark(&tw->drained_at);
	announce(tw, STATE_PHASE(new));
}

/* On to a later phase, from one that is tripped. */
static void
go_on(struct tripwire *tw, enum tripwire_phase phase)
{
	uint64_t old = atomic_load(&tw->state);

	while (STATE_PHASE(old) < phase &&
	    !atomic_compare_exchange_weak(&tw->state, &old,
	    old - STATE_PHASE(old) + phase))
		;
	announce(tw, phase);
}

void
trip_stop(struct tripwire *tw)
{
	go_on(tw, TRIPWIRE_STOPPING);
	trip_mark(&tw->drained_at);
}

void
trip_force(struct tripwire *tw)
{
	trip_stop(tw);
	go_on(tw, TRIPWIRE_FORCED);
	trip_mark(&tw->stopped_at);
}

/*
 * The text is there before the state says so, and is not touched any more when
 * it does: the lock keeps other callers off, and handlers have no text.
 */
void
tripwire_trip(struct tripwire *tw, const char *why)
{
	(void)pthread_mutex_lock(&tw->lock);
	if (tripwire_phase(tw) == TRIPWIRE_RUNNING) {
		(void)snprintf(tw->text, sizeof(tw->text), "%s", why);
		trip_by(tw, TRIPWIRE_CALL);
	}
	(void)pthread_mutex_unlock(&tw->lock);
}

void
tripwire_stop(struct tripwire *tw, const char *why)
{
	tripwire_trip(tw, why);
	trip_stop(tw);
}

enum tripwire_phase
tripwire_phase(struct tripwire *tw)
{
	enum tripwire_phase phase = STATE_PHASE(atomic_load(&tw->state));

	announce(tw, phase);
	return phase;
}

int
tripwire_is_tripped(struct tripwire *tw)
{
	return tripwire_phase(tw) != TRIPWIRE_RUNNING;
}

int
tripwire_fd(struct tripwire *tw, enum tripwire_phase phase)
{
	if (phase != TRIPWIRE_DRAINING && phase != TRIPWIRE_STOPPING)
		return -1;
	return tw->fd[phase - 1];
}

void
tripwire_reason(struct tripwire *tw, struct tripwire_reason *reason)
{
	static const char *const texts[] = {
		[TRIPWIRE_NONE] = "running",
		[TRIPWIRE_FD] = "a descriptor became readable",
		[TRIPWIRE_PARENT] = "the parent has ended",
		[TRIPWIRE_CLOSED] = "the owner closed it",
	};
	uint64_t state = atomic_load(&tw->state);

	announce(tw, STATE_PHASE(state));
	reason->cause = STATE_CAUSE(state);
	reason->signo = STATE_SIGNO(state);
	reason->signals = STATE_SIGNALS(state);
	reason->when = reason->cause == TRIPWIRE_NONE ? 0 :
	    tw->born + STATE_USEC(state) * 1000;
	if (compat_signal_grace(&reason->event) < 0)
		reason->event = -1;
	if (reason->cause == TRIPWIRE_SIGNAL)
		(void)snprintf(reason->text, sizeof(reason->text),
		    "signal %d (%s)", reason->signo,
		    strsignal(reason->signo));
	else
		(void)snprintf(reason->text, sizeof(reason->text), "%s",
		    reason->cause == TRIPWIRE_CALL ? tw->text :
		    texts[reason->cause]);
}

int
tripwire_exit_status(struct tripwire *tw)
{
	uint64_t state = atomic_load(&tw->state);

	return STATE_CAUSE(state) == TRIPWIRE_SIGNAL ?
	    128 + STATE_SIGNO(state) : 0;
}
