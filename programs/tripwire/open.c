#include "tripwire.h"

#include <sys/eventfd.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "private.h"

void
tripwire_options_init(struct tripwire_options *options)
{
	*options = (struct tripwire_options) {
		.deadline = TRIPWIRE_SEC(60),
		.stop_time = TRIPWIRE_SEC(1),
		.progress = TRIPWIRE_SEC(5),
	};
}

/* The deadline that whoever started the program wants. */
static int
from_environment(struct tripwire_options *options)
{
	const char *text = getenv("TRIPWIRE_DEADLINE");
	char *end;
	long ms;

	if (text == NULL)
		return 0;
	errno = 0;
	ms = strtol(text, &end, 10);
	if (end == text || *end != '\0' || ms < 0 || errno != 0)
		return EINVAL;
	options->deadline = TRIPWIRE_MSEC(ms);
	return 0;
}

static void
close_fds(struct tripwire *tw)
{
	(void)close(tw->fd[0]);
	(void)close(tw->fd[1]);
	(void)close(tw->spare);
}

static int
open_fds(struct tripwire *tw)
{
	int err, i, *const fds[] = { &tw->fd[0], &tw->fd[1], &tw->spare };

	for (i = 0; i < 3; i++)
		if ((*fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1) {
			err = errno;
			while (i-- > 0)
				(void)close(*fds[i]);
			return err;
		}
	return 0;
}

int
tripwire_open(const struct tripwire_options *options, struct tripwire **twp)
{
	struct tripwire *tw;
	int err;

	if ((tw = calloc(1, sizeof(*tw))) == NULL)
		return ENOMEM;
	tripwire_options_init(&tw->options);
	if (options != NULL)
		tw->options = *options;
	if ((err = from_environment(&tw->options)) != 0 ||
	    (err = open_fds(tw)) != 0) {
		free(tw);
		return err;
	}
	(void)pthread_mutex_init(&tw->lock, NULL);
	(void)pthread_cond_init(&tw->turned, NULL);
	tw->refs = 1;
	tw->kick = -1;
	tw->born = trip_now();
	*twp = tw;
	return 0;
}

static void
free_hooks(struct hook *hook)
{
	struct hook *next;

	for (; hook != NULL; hook = next) {
		next = hook->next;
		free(hook);
	}
}

struct tripwire *
tripwire_ref(struct tripwire *tw)
{
	(void)atomic_fetch_add(&tw->refs, 1);
	return tw;
}

void
tripwire_unref(struct tripwire *tw)
{
	if (atomic_fetch_sub(&tw->refs, 1) != 1)
		return;
	trip_watcher_end(tw);
	free_hooks(tw->hooks);
	free_hooks(tw->dead_hooks);
	(void)pthread_cond_destroy(&tw->turned);
	(void)pthread_mutex_destroy(&tw->lock);
	close_fds(tw);
	free(tw);
}

void
tripwire_close(struct tripwire *tw)
{
	if (tw == NULL)
		return;
	trip_unsubscribe(tw);
	trip_by(tw, TRIPWIRE_CLOSED);
	tripwire_unref(tw);
}
