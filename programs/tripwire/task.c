#include "tripwire.h"

#include <sys/eventfd.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "private.h"

static unsigned
count(const struct tripwire *tw, const struct tripwire_group *group)
{
	return group != NULL ? group->tasks : tw->ntasks;
}

/* With the lock held: nobody trips between the look and the entry unseen. */
static void
enter(struct tripwire *tw, struct tripwire_group *group,
    struct tripwire_task *task, const char *name, const char *file, int line)
{
	*task = (struct tripwire_task) {
		.tw = tripwire_ref(tw), .group = group, .name = name,
		.file = file, .line = line, .since = trip_now(),
		.next = tw->tasks, .prev = &tw->tasks,
	};
	if (tw->tasks != NULL)
		tw->tasks->prev = &task->next;
	tw->tasks = task;
	tw->ntasks++;
	tw->counts.accepted++;
	if (group != NULL)
		group->tasks++;
}

int
tripwire_enter_at(struct tripwire *tw, struct tripwire_group *group,
    struct tripwire_task *task, const char *name, const char *file, int line)
{
	enum tripwire_phase end = group != NULL && group->late ?
	    TRIPWIRE_STOPPING : TRIPWIRE_DRAINING;
	int err = 0;

	(void)pthread_mutex_lock(&tw->lock);
	if (tripwire_phase(tw) < end) {
		enter(tw, group, task, name, file, line);
	} else {
		tw->counts.refused++;
		err = ECANCELED;
	}
	(void)pthread_mutex_unlock(&tw->lock);
	return err;
}

void
tripwire_leave(struct tripwire_task *task)
{
	struct tripwire_group *group = task->group;
	struct tripwire *tw = task->tw;
	struct task_waiter *w;

	(void)pthread_mutex_lock(&tw->lock);
	*task->prev = task->next;
	if (task->next != NULL)
		task->next->prev = task->prev;
	tw->ntasks--;
	if (group != NULL)
		group->tasks--;
	switch (tripwire_phase(tw)) {
	case TRIPWIRE_RUNNING:
		tw->counts.finished++;
		break;
	case TRIPWIRE_DRAINING:
		tw->counts.drained++;
		break;
	default:
		tw->counts.cancelled++;
	}
	for (w = tw->task_waiters; w != NULL; w = w->next)
		if (count(tw, w->group) == 0)
			(void)eventfd_write(w->fd, 1);
	(void)pthread_mutex_unlock(&tw->lock);
	tripwire_unref(tw);
}

struct spawned {
	struct tripwire_task task;
	void (*fn)(void *);
	void *arg;
};

static void *
run(void *arg)
{
	struct spawned *s = arg;

	s->fn(s->arg);
	tripwire_leave(&s->task);
	free(s);
	return NULL;
}

static int
start(struct spawned *s)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	if ((err = pthread_attr_init(&attr)) != 0)
		return err;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, run, s);
	(void)pthread_attr_destroy(&attr);
	return err;
}

static struct spawned *
spawned_new(void (*fn)(void *), void *arg)
{
	struct spawned *s;

	if ((s = malloc(sizeof(*s))) != NULL) {
		s->fn = fn;
		s->arg = arg;
	}
	return s;
}

/* It was counted, so that it cannot be missed; but it was none after all. */
static int
start_or_leave(struct spawned *s)
{
	int err;

	if ((err = start(s)) != 0) {
		tripwire_leave(&s->task);
		free(s);
	}
	return err;
}

int
tripwire_spawn_at(struct tripwire *tw, struct tripwire_group *group,
    const char *name, void (*fn)(void *), void *arg, const char *file,
    int line)
{
	struct spawned *s;
	int err;

	if ((s = spawned_new(fn, arg)) == NULL)
		return ENOMEM;
	err = tripwire_enter_at(tw, group, &s->task, name, file, line);
	if (err != 0) {
		free(s);
		return err;
	}
	return start_or_leave(s);
}

int
trip_spawn(struct tripwire *tw, struct hook *hook)
{
	struct spawned *s;

	if ((s = spawned_new(hook->fn, hook->arg)) == NULL)
		return ENOMEM;
	(void)pthread_mutex_lock(&tw->lock);
	enter(tw, &hook->group, &s->task, hook->name, hook->file, hook->line);
	(void)pthread_mutex_unlock(&tw->lock);
	return start_or_leave(s);
}

unsigned
tripwire_tasks(struct tripwire *tw, struct tripwire_group *group)
{
	unsigned n;

	(void)pthread_mutex_lock(&tw->lock);
	n = count(tw, group);
	(void)pthread_mutex_unlock(&tw->lock);
	return n;
}

/*
 * Wait with the lock held, let go while it sleeps.  stop is the descriptor of
 * a stop that ends it, or -1.
 */
static int
wait_tasks(struct tripwire *tw, struct task_waiter *w, int stop,
    int64_t until)
{
	struct pollfd polls[2] = {
		{ .fd = w->fd, .events = POLLIN },
		{ .fd = stop, .events = POLLIN },
	};
	int64_t line = trip_until(tw->options.progress), next;

	while (count(tw, w->group) > 0) {
		if (stop != -1 && tripwire_phase(tw) >= TRIPWIRE_STOPPING)
			return ECANCELED;
		if (until >= 0 && trip_now() >= until)
			return ETIMEDOUT;
		if (line >= 0 && trip_now() >= line) {
			trip_say(tw, "waiting for %u tasks",
			    count(tw, w->group));
			line = trip_until(tw->options.progress);
		}
		next = until < 0 || (line >= 0 && line < until) ? line : until;
		(void)pthread_mutex_unlock(&tw->lock);
		(void)poll(polls, 2, trip_poll_time(next));
		(void)pthread_mutex_lock(&tw->lock);
		/* Somebody came after the last one had left. */
		if (count(tw, w->group) > 0)
			(void)eventfd_read(w->fd, &(eventfd_t) { 0 });
	}
	return 0;
}

int
trip_wait_tasks(struct tripwire *tw, struct tripwire_group *group,
    int64_t timeout, int fd)
{
	struct task_waiter w = { .group = group, .fd = fd }, **link;
	int64_t until = trip_until(timeout);
	int err, stop = -1;

	if (tripwire_phase(tw) < TRIPWIRE_STOPPING)
		stop = tripwire_fd(tw, TRIPWIRE_STOPPING);
	(void)pthread_mutex_lock(&tw->lock);
	w.next = tw->task_waiters;
	tw->task_waiters = &w;
	if ((err = wait_tasks(tw, &w, stop, until)) == ETIMEDOUT)
		trip_list(tw, group);
	for (link = &tw->task_waiters; *link != &w; link = &(*link)->next)
		;
	*link = w.next;
	(void)pthread_mutex_unlock(&tw->lock);
	return err;
}

int
tripwire_wait_tasks(struct tripwire *tw, struct tripwire_group *group,
    int64_t timeout)
{
	int err, fd;

	if ((fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1)
		return errno;
	err = trip_wait_tasks(tw, group, timeout, fd);
	(void)close(fd);
	return err;
}
