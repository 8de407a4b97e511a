#include "tripwire.h"

#include <compat.h>

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "private.h"

int
tripwire_on_at(struct tripwire *tw, enum tripwire_phase phase,
    const char *name, void (*fn)(void *), void *arg, int64_t timeout,
    const char *file, int line)
{
	struct hook *hook;

	if (phase != TRIPWIRE_DRAINING && phase != TRIPWIRE_STOPPING)
		return EINVAL;
	if ((hook = calloc(1, sizeof(*hook))) == NULL)
		return ENOMEM;
	*hook = (struct hook) {
		.phase = phase, .fn = fn, .arg = arg, .name = name,
		.file = file, .line = line, .timeout = timeout,
		.group = { .name = phase == TRIPWIRE_DRAINING ? "draining" :
		    "stopping" },
	};
	(void)pthread_mutex_lock(&tw->lock);
	hook->next = tw->hooks;
	tw->hooks = hook;
	(void)pthread_mutex_unlock(&tw->lock);
	return 0;
}

int
tripwire_off(struct tripwire *tw, void (*fn)(void *), void *arg)
{
	struct hook **link, *hook;

	(void)pthread_mutex_lock(&tw->lock);
	for (link = &tw->hooks; (hook = *link) != NULL; link = &hook->next)
		if (hook->fn == fn && hook->arg == arg) {
			*link = hook->next;
			break;
		}
	(void)pthread_mutex_unlock(&tw->lock);
	free(hook);
	return hook != NULL ? 0 : ENOENT;
}

/*
 * The next one of the phase, from the list of those to call.  It is kept, as
 * it may outlast its time.
 */
static struct hook *
take_hook(struct tripwire *tw, enum tripwire_phase phase)
{
	struct hook **link, *hook;

	(void)pthread_mutex_lock(&tw->lock);
	for (link = &tw->hooks; (hook = *link) != NULL; link = &hook->next)
		if (hook->phase == phase) {
			*link = hook->next;
			hook->next = tw->dead_hooks;
			tw->dead_hooks = hook;
			break;
		}
	(void)pthread_mutex_unlock(&tw->lock);
	return hook;
}

/* How long until then, at most timeout. */
static int64_t
left(int64_t until, int64_t timeout)
{
	int64_t ns;

	if (until < 0)
		return timeout;
	if ((ns = until - trip_now()) < 0)
		ns = 0;
	return timeout >= 0 && timeout < ns ? timeout : ns;
}

static void
call_hook(struct tripwire *tw, struct hook *hook, int64_t until)
{
	/* Without a thread it has no time limit, but it is called. */
	if (trip_spawn(tw, hook) != 0)
		hook->fn(hook->arg);
	else if (trip_wait_tasks(tw, &hook->group,
	    left(until, hook->timeout), tw->spare) == ETIMEDOUT) {
		(void)pthread_mutex_lock(&tw->lock);
		tw->counts.overdue++;
		(void)pthread_mutex_unlock(&tw->lock);
	}
}

/* One phase, at most until then.  Return as tripwire_wait_tasks(). */
static int
pass(struct tripwire *tw, enum tripwire_phase phase, int64_t until)
{
	struct hook *hook;

	while ((hook = take_hook(tw, phase)) != NULL) {
		call_hook(tw, hook, until);
		if (tripwire_phase(tw) != phase)
			return ECANCELED;
	}
	return trip_wait_tasks(tw, NULL, left(until, TRIPWIRE_FOREVER),
	    tw->spare);
}

/* So that the shell's prompt, or what is said now, is not behind a ^C. */
static void
end_line(struct tripwire *tw)
{
	struct tripwire_reason reason;

	tripwire_reason(tw, &reason);
	if (reason.signo == SIGINT && tw->options.report == NULL &&
	    isatty(STDERR_FILENO))
		(void)fputc('\n', stderr);
}

/* How long each phase may take, and the service manager is told of. */
static void
plan(struct tripwire *tw, int64_t *drain, int64_t *stop)
{
	int64_t grace;
	char text[80];
	int event;

	*drain = tw->options.deadline;
	*stop = tw->options.stop_time;
	if ((grace = compat_signal_grace(&event)) >= 0) {
		/* The program has something to do afterwards, too. */
		grace -= grace / 8;
		if (*stop < 0 || *stop > grace / 4)
			*stop = grace / 4;
		if (*drain < 0 || *drain > grace - *stop)
			*drain = grace - *stop;
	}
	if (*drain < 0 || *stop < 0)
		(void)snprintf(text, sizeof(text), "STOPPING=1");
	else
		(void)snprintf(text, sizeof(text),
		    "STOPPING=1\nEXTEND_TIMEOUT_USEC=%" PRId64,
		    (*drain + *stop) / 1000);
	(void)tripwire_notify(text);
}

int
tripwire_drain(struct tripwire *tw)
{
	int64_t drain, stop;
	int err;

	tripwire_trip(tw, "drain");
	end_line(tw);
	plan(tw, &drain, &stop);
	err = pass(tw, TRIPWIRE_DRAINING, trip_until(drain));
	if (err == 0 && tripwire_phase(tw) == TRIPWIRE_DRAINING) {
		trip_mark(&tw->drained_at);
		return 0;
	}
	trip_stop(tw);
	if (pass(tw, TRIPWIRE_STOPPING, trip_until(stop)) != 0)
		trip_force(tw);
	else
		trip_mark(&tw->stopped_at);
	return err == 0 ? ECANCELED : err;
}
