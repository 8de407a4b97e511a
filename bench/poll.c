/*
 * What it costs to wait for a socket among others: round trips of a byte to a
 * thread that sends it back, with many sockets that stay idle; or a byte to
 * each of many sockets, and each of them waited for and received.  us for each
 * byte that was waited for, in the fastest trip of a round.
 *
 * Each round goes through all ways and all numbers of idle sockets, with
 * nothing pending but what the way that is measured asks for: under Wine all
 * requests of all programs are in one list of its server.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/poll.h"

#define ACTIVE_MAX 1000
#define IDLE_MAX 10000
#define TRIPS 20		/* at least, and for SHORT_NS; */
#define SHORT_NS 10e6
#define LONG_NS 300e6		/* but no more after that */

/* The first three take turns. */
static const struct scene scenes[SCENES] = {
	{ 1, 0, ROUNDS, -1 }, { 1, 100, ROUNDS, 0 },
	{ 1, 1000, ROUNDS / 3, 0 }, { 1, IDLE_MAX, 1, -1 },
	{ ACTIVE_MAX, 0, 5, -1 },
};

static int fd[ACTIVE_MAX + IDLE_MAX], peer[ACTIVE_MAX];
static int active, total;

static struct row rows[ENGINES];
static int count;

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static pthread_t echo;

static void *
echo_main(void *arg)
{
	int s = *(int *)arg;
	char c;

	while (recv(s, &c, 1, 0) == 1)
		if (send(s, &c, 1, 0) != 1)
			break;
	return NULL;
}

/* One byte for each active socket, and each received. */
static int
trip(const struct engine *e)
{
	static int ready[ACTIVE_MAX];
	int i, n, left = active;
	char c;

	for (i = 0; i < active; i++)
		if (send(active == 1 ? fd[i] : peer[i], "x", 1, 0) != 1)
			return -1;
	while (left > 0) {
		if ((n = e->wait(ready)) <= 0)
			return -1;
		for (i = 0; i < n; i++) {
			if (recv(fd[ready[i]], &c, 1, 0) != 1 ||
			    (e->took != NULL && e->took(ready[i]) != 0))
				return -1;
			left--;
		}
	}
	return 0;
}

/* The least of some: others run on this machine, and nothing is too fast. */
static int
trips(const struct engine *e, double *us)
{
	double start = now(), before, after, least = 0;
	int n = 0;

	do {
		before = now();
		if (trip(e) != 0)
			return -1;
		after = now();
		if (n++ == 0 || after - before < least)
			least = after - before;
	} while (after - start < (n < TRIPS ? LONG_NS : SHORT_NS));
	*us = least / active / 1e3;
	return 0;
}

static int
counted(const struct engine *e, double *us, struct calls *calls)
{
	struct calls before = { 0 }, after = { 0 };

	if (trip(e) != 0 || trip(e) != 0)
		return -1;
	if (e->calls != NULL)
		(void)e->calls(&before);
	if (trips(e, us) != 0)
		return -1;
	if (e->calls != NULL)
		(void)e->calls(&after);
	calls->events += after.events - before.events;
	calls->polls += after.polls - before.polls;
	calls->cancels += after.cancels - before.cancels;
	calls->waits += after.waits - before.waits;
	return 0;
}

static int
inet_socket(int type, struct sockaddr_in *sin)
{
	socklen_t len = sizeof(*sin);
	int s = socket(AF_INET, type, 0);

	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (s < 0 || bind(s, (struct sockaddr *)sin, len) != 0 ||
	    getsockname(s, (struct sockaddr *)sin, &len) != 0)
		return -1;
	return s;
}

/* Connections that are used */
static int
connections(int a)
{
	struct sockaddr_in sin;
	int i, l = inet_socket(SOCK_STREAM, &sin);

	active = a;
	total = 0;
	if (l < 0 || listen(l, 16) != 0)
		return -1;
	for (i = 0; i < a; i++) {
		peer[i] = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(peer[i], (struct sockaddr *)&sin,
		    sizeof(sin)) != 0 || (fd[i] = accept(l, NULL, NULL)) < 0)
			return -1;
		total++;
	}
	(void)close(l);
	if (a == 1 && pthread_create(&echo, NULL, echo_main, peer) != 0)
		return -1;
	return 0;
}

/* and UDP sockets that nobody sends to, as many as there are to be. */
static int
grow(int idle)
{
	struct sockaddr_in any;

	for (; total < active + idle; total++)
		if ((fd[total] = inet_socket(SOCK_DGRAM, &any)) < 0)
			return -1;
	return 0;
}

/* Closing a socket ends what anybody asked about it. */
static int
renew(int idle)
{
	struct sockaddr_in any;
	int i;

	for (i = active; i < active + idle; i++) {
		(void)close(fd[i]);
		if ((fd[i] = inet_socket(SOCK_DGRAM, &any)) < 0)
			return -1;
	}
	return 0;
}

static void
drop(void)
{
	int i;

	for (i = 0; i < total; i++)
		(void)close(fd[i]);
	if (active == 1)
		(void)pthread_join(echo, NULL);
	for (i = 0; i < active; i++)
		(void)close(peer[i]);
}

static int
measure(struct row *r, int scene, int round)
{
	const struct engine *e = r->engine;
	int err;

	if (grow(scenes[scene].idle) != 0)
		return -1;
	/* glibc's select() has no room for many. */
	if (e->begin(fd, active, active + scenes[scene].idle) != 0)
		return 0;
	err = counted(e, &r->us[scene][round], &r->calls[scene]);
	e->end();
	if (err == 0 && e->keeps)
		err = renew(scenes[scene].idle);
	return err;
}

/* The scenes from first to last, which have as many active sockets. */
static int
run(int first, int last)
{
	int i, scene, round, rounds = scenes[first].rounds;

	if (connections(scenes[first].active) != 0)
		return -1;
	for (round = 0; round < rounds; round++) {
		if (round % 10 == 0)
			(void)fprintf(stderr, "%d active, %d to %d idle: "
			    "round %d of %d\n", active, scenes[first].idle,
			    scenes[last].idle, round + 1, rounds);
		for (scene = first; scene <= last; scene++)
			for (i = 0; i < count; i++)
				if (round % (rounds / scenes[scene].rounds) ==
				    0 && measure(&rows[i], scene, round) != 0)
					return -1;
	}
	drop();
	return 0;
}

static void
choose(const struct engine *e, char **names)
{
	char **name;

	for (; e->name != NULL; e++) {
		for (name = names; *name != NULL; name++)
			if (strcmp(*name, e->name) == 0)
				break;
		if (*names == NULL || *name != NULL)
			rows[count++].engine = e;
	}
}

/* The names of the ways to try; none: all. */
int
main(int argc, char **argv)
{
	(void)argc;
	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	raw_room();
	choose(own_engines, argv + 1);
	choose(raw_engines, argv + 1);
	if (run(0, 2) != 0 || run(3, 3) != 0 || run(4, 4) != 0) {
		perror("bench/poll");
		return EXIT_FAILURE;
	}
	report(scenes, rows, count);
	return EXIT_SUCCESS;
}
