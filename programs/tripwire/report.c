#include "tripwire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "private.h"

void
trip_say(struct tripwire *tw, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (tw->options.report != NULL)
		tw->options.report(tw->options.report_arg, line);
	else
		(void)fprintf(stderr, "tripwire: %s\n", line);
}

void
trip_list(struct tripwire *tw, const struct tripwire_group *group)
{
	const struct tripwire_task *task;
	int64_t now = trip_now();

	for (task = tw->tasks; task != NULL; task = task->next)
		if (group == NULL || task->group == group)
			trip_say(tw, "task %s%s%s (%s:%d) is there for %.3f s",
			    task->group != NULL ? task->group->name : "",
			    task->group != NULL ? "/" : "", task->name,
			    task->file, task->line,
			    (double)(now - task->since) / 1e9);
}

void
tripwire_dump(struct tripwire *tw)
{
	(void)pthread_mutex_lock(&tw->lock);
	trip_list(tw, NULL);
	(void)pthread_mutex_unlock(&tw->lock);
}

void
tripwire_counts(struct tripwire *tw, struct tripwire_counts *counts)
{
	int64_t drained = atomic_load(&tw->drained_at);
	int64_t stopped = atomic_load(&tw->stopped_at);
	struct tripwire_reason reason;

	tripwire_reason(tw, &reason);
	(void)pthread_mutex_lock(&tw->lock);
	*counts = tw->counts;
	counts->left = tw->ntasks;
	(void)pthread_mutex_unlock(&tw->lock);
	if (reason.cause == TRIPWIRE_NONE)
		return;
	counts->draining = (drained != 0 ? drained : trip_now()) - reason.when;
	if (drained != 0 && tripwire_phase(tw) >= TRIPWIRE_STOPPING)
		counts->stopping = (stopped != 0 ? stopped : trip_now()) -
		    drained;
}

int
tripwire_summary(struct tripwire *tw, char *buf, size_t size)
{
	static const char *const phases[] = {
		"running", "draining", "stopping", "forced"
	};
	static const char *const causes[] = {
		"none", "call", "signal", "fd", "parent", "closed"
	};
	struct tripwire_counts n;
	struct tripwire_reason reason;

	tripwire_counts(tw, &n);
	tripwire_reason(tw, &reason);
	return snprintf(buf, size, "phase=%s cause=%s signal=%d event=%d "
	    "signals=%u accepted=%lu refused=%lu finished=%lu drained=%lu "
	    "cancelled=%lu left=%lu overdue=%lu draining_ms=%" PRId64
	    " stopping_ms=%" PRId64, phases[tripwire_phase(tw)],
	    causes[reason.cause], reason.signo, reason.event, reason.signals,
	    n.accepted, n.refused, n.finished, n.drained, n.cancelled, n.left,
	    n.overdue, n.draining / 1000000, n.stopping / 1000000);
}
