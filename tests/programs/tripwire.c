#include "programs/tripwire.h"

#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char lines[4096];

static void
report(void *arg, const char *line)
{
	size_t length;

	(void)arg;
	(void)pthread_mutex_lock(&lock);
	length = strlen(lines);
	(void)snprintf(lines + length, sizeof(lines) - length, "%s\n", line);
	(void)pthread_mutex_unlock(&lock);
}

int
said(const char *text)
{
	int found;

	(void)pthread_mutex_lock(&lock);
	found = strstr(lines, text) != NULL;
	(void)pthread_mutex_unlock(&lock);
	return found;
}

struct tripwire *
fresh_with(struct tripwire_options *options)
{
	struct tripwire *tw = NULL;

	lines[0] = '\0';
	options->report = report;
	ck_assert_int_eq(tripwire_open(options, &tw), 0);
	return tw;
}

struct tripwire *
fresh(void)
{
	struct tripwire_options options;

	tripwire_options_init(&options);
	return fresh_with(&options);
}

int
polls(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

int64_t
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return TRIPWIRE_SEC(ts.tv_sec) + ts.tv_nsec;
}

pthread_t
start(void *(*fn)(void *), void *arg)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, fn, arg), 0);
	return thread;
}

void
join(pthread_t thread)
{
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
}
