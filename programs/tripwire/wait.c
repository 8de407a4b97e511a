#include "tripwire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

#include "private.h"

int64_t
trip_until(int64_t timeout)
{
	int64_t now = trip_now();

	return timeout < 0 || timeout > INT64_MAX - now ? TRIPWIRE_FOREVER :
	    now + timeout;
}

int
trip_poll_time(int64_t until)
{
	int64_t left;

	if (until < 0)
		return -1;
	if ((left = until - trip_now()) <= 0)
		return 0;
	left = left / 1000000 + (left % 1000000 != 0);
	return left > INT_MAX ? INT_MAX : (int)left;
}

enum tripwire_outcome
tripwire_wait_phase(struct tripwire *tw, enum tripwire_phase phase, int fd,
    short events, int64_t timeout)
{
	struct pollfd polls[2] = {
		{ .fd = tripwire_fd(tw, phase), .events = POLLIN },
		{ .fd = fd, .events = events },
	};
	int64_t until = trip_until(timeout);
	int late = 0, n, ready = 0;

	if (polls[0].fd == -1) {
		errno = EINVAL;
		return TRIPWIRE_FAILED;
	}
	for (;;) {
		if (tripwire_phase(tw) >= phase)
			return TRIPWIRE_PREEMPTED;
		if (ready)
			return TRIPWIRE_COMPLETED;
		if (late)
			return TRIPWIRE_TIMEDOUT;
		n = poll(polls, 2, trip_poll_time(until));
		if (n == -1 && errno != EINTR)
			return TRIPWIRE_FAILED;
		if (n > 0 && (polls[1].revents & POLLNVAL) != 0) {
			errno = EBADF;
			return TRIPWIRE_FAILED;
		}
		/* A signal may have come with it: look once more. */
		ready = n > 0;
		late = n <= 0 && until >= 0 && trip_now() >= until;
	}
}

enum tripwire_outcome
tripwire_wait(struct tripwire *tw, int fd, short events, int64_t timeout)
{
	return tripwire_wait_phase(tw, TRIPWIRE_DRAINING, fd, events, timeout);
}

static int
link_cond(struct tripwire *tw, struct cond_waiter *w)
{
	int err;

	(void)pthread_mutex_lock(&tw->lock);
	if ((err = trip_watcher(tw)) == 0) {
		w->next = tw->cond_waiters;
		tw->cond_waiters = w;
	}
	(void)pthread_mutex_unlock(&tw->lock);
	return err;
}

/* The watcher may be waiting for the very mutex that this thread holds. */
static void
unlink_cond(struct tripwire *tw, struct cond_waiter *w)
{
	struct cond_waiter **link;
	int pinned;

	(void)pthread_mutex_lock(&tw->lock);
	if ((pinned = w->pinned)) {
		(void)pthread_mutex_unlock(w->mutex);
		while (w->pinned)
			(void)pthread_cond_wait(&tw->turned, &tw->lock);
	}
	for (link = &tw->cond_waiters; *link != w; link = &(*link)->next)
		;
	*link = w->next;
	(void)pthread_mutex_unlock(&tw->lock);
	if (pinned)
		(void)pthread_mutex_lock(w->mutex);
}

enum tripwire_outcome
tripwire_cond_wait(struct tripwire *tw, pthread_cond_t *cond,
    pthread_mutex_t *mutex, const struct timespec *until)
{
	struct cond_waiter w = { .cond = cond, .mutex = mutex };
	int err;

	if (tripwire_is_tripped(tw))
		return TRIPWIRE_PREEMPTED;
	if ((errno = link_cond(tw, &w)) != 0)
		return TRIPWIRE_FAILED;
	/* From here on the watcher wakes it, if it has not tripped yet. */
	if (tripwire_is_tripped(tw))
		err = 0;
	else if (until != NULL)
		err = pthread_cond_timedwait(cond, mutex, until);
	else
		err = pthread_cond_wait(cond, mutex);
	unlink_cond(tw, &w);

	if (tripwire_is_tripped(tw))
		return TRIPWIRE_PREEMPTED;
	if (err == 0)
		return TRIPWIRE_COMPLETED;
	if (err == ETIMEDOUT)
		return TRIPWIRE_TIMEDOUT;
	errno = err;
	return TRIPWIRE_FAILED;
}

static int
link_call(struct tripwire *tw, struct call *call)
{
	int err;

	(void)pthread_mutex_lock(&tw->lock);
	if ((err = trip_watcher(tw)) == 0) {
		call->next = tw->calls;
		tw->calls = call;
		trip_kick(tw);
	}
	(void)pthread_mutex_unlock(&tw->lock);
	return err;
}

static void
unlink_call(struct tripwire *tw, struct call *call)
{
	struct call **link;

	(void)pthread_mutex_lock(&tw->lock);
	for (link = &tw->calls; *link != call; link = &(*link)->next)
		;
	*link = call->next;
	(void)pthread_mutex_unlock(&tw->lock);
}

enum tripwire_outcome
tripwire_call(struct tripwire *tw, int (*fn)(void *), void *arg, int *result)
{
	enum tripwire_outcome outcome = TRIPWIRE_PREEMPTED;
	struct call call = { .thread = pthread_self() };
	sigset_t urgent, old;
	int err;

	if (tripwire_is_tripped(tw))
		return TRIPWIRE_PREEMPTED;
	trip_urgent(1);
	(void)sigemptyset(&urgent);
	(void)sigaddset(&urgent, SIGURG);
	(void)pthread_sigmask(SIG_UNBLOCK, &urgent, &old);
	if ((err = link_call(tw, &call)) != 0) {
		outcome = TRIPWIRE_FAILED;
		goto restore;
	}
	while (!tripwire_is_tripped(tw)) {
		*result = fn(arg);
		if (*result != -1 || errno != EINTR) {
			outcome = TRIPWIRE_COMPLETED;
			break;
		}
	}
	err = errno;
	unlink_call(tw, &call);
restore:
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	trip_urgent(0);
	errno = err;
	return outcome;
}
