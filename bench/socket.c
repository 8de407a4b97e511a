/*
 * What a stream costs over each road, and what AF_UNIX messages cost, beside
 * the system's own calls for a stream in the same run: a call that finds data or room, a round trip of a byte to another
 * thread, and a megabyte.  All ways take turns in short slices; the ratio to
 * the system's own is that of slices of the same turn, of which the median is
 * told.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/socket.h"
#include "compat/socket/road.h"
#include "support/main.h"

#define TURNS 41
#define LEAST 7			/* turns, however slow the machine */
#define SECONDS 60
#define CALLS 500		/* each a send and a receive */
#define SMALL 64
#define TRIPS 200
#define BLOCK 65536
#define BLOCKS 128
#define MB 1048576.0
#define DATAGRAMS ROADS
#define PACKETS (ROADS + 1)
#define RAW (ROADS + 2)
#define WAYS (ROADS + 3)

enum { CALL, TRIP, BULK, KINDS };

struct way {
	const struct socket_io *io;
	const char *name;
	int there;
	intptr_t s[2];
	double ns[KINDS][TURNS];
};

static struct way ways[WAYS];
static int turns;

static long
our_send(intptr_t s, const void *buf, size_t len)
{
	return send((int)s, buf, len, 0);
}

static long
our_recv(intptr_t s, void *buf, size_t len)
{
	return recv((int)s, buf, len, 0);
}

static const struct socket_io our_io = { "libcompat", our_send, our_recv };

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void
must(int ok, const struct way *w)
{
	if (ok)
		return;
	perror(w->name);
	exit(EXIT_FAILURE);
}

/* ns for one call of two. */
static double
calls(const struct way *w)
{
	char buf[SMALL] = { 0 };
	double start = now();
	int i;

	for (i = 0; i < CALLS; i++)
		must(w->io->send(w->s[0], buf, SMALL) == SMALL &&
		    w->io->recv(w->s[1], buf, SMALL) == SMALL, w);
	return (now() - start) / (2 * CALLS);
}

static void *
echo(void *arg)
{
	const struct way *w = arg;
	char c;
	int i;

	for (i = 0; i <= TRIPS; i++)
		if (w->io->recv(w->s[1], &c, 1) != 1 ||
		    w->io->send(w->s[1], &c, 1) != 1)
			break;
	return NULL;
}

static void
trip(const struct way *w)
{
	char c = 'x';

	must(w->io->send(w->s[0], &c, 1) == 1 &&
	    w->io->recv(w->s[0], &c, 1) == 1, w);
}

/* The first is not counted: the thread begins. */
static double
trips(struct way *w)
{
	double start, ns;
	pthread_t t;
	int i;

	must(pthread_create(&t, NULL, echo, w) == 0, w);
	trip(w);
	start = now();
	for (i = 0; i < TRIPS; i++)
		trip(w);
	ns = now() - start;
	(void)pthread_join(t, NULL);
	return ns / TRIPS;
}

static void *
pour(void *arg)
{
	static char buf[BLOCK];
	const struct way *w = arg;
	size_t sent;
	long n;
	int i;

	for (i = 0; i < BLOCKS; i++)
		for (sent = 0; sent < BLOCK; sent += (size_t)n)
			if ((n = w->io->send(w->s[0], buf + sent,
			    BLOCK - sent)) <= 0)
				return NULL;
	return NULL;
}

/* ns for a megabyte. */
static double
bulk(struct way *w)
{
	static char buf[BLOCK];
	double start = now();
	size_t got;
	pthread_t t;
	long n;

	must(pthread_create(&t, NULL, pour, w) == 0, w);
	for (got = 0; got < (size_t)BLOCK * BLOCKS; got += (size_t)n) {
		n = w->io->recv(w->s[1], buf, BLOCK);
		must(n > 0, w);
	}
	start = now() - start;
	(void)pthread_join(t, NULL);
	return start / (BLOCK * (double)BLOCKS / MB);
}

static void
open_messages(struct way *w, const char *name, int type)
{
	int fds[2];

	w->io = &our_io;
	w->name = name;
	must(socketpair(AF_UNIX, type, 0, fds) == 0, w);
	w->s[0] = fds[0];
	w->s[1] = fds[1];
	w->there = 1;
}

static void
open_ways(void)
{
	int fds[2], i, on = 1, r;

	for (r = 0; r < ROADS; r++) {
		ways[r].io = &our_io;
		ways[r].name = road_name[r];
		if (road_begin((enum road)r) != 0)
			continue;
		road_pair(fds);
		road_end();
		for (i = 0; i < 2; i++) {
			ways[r].s[i] = fds[i];
			if (r == ROAD_TCP)
				(void)setsockopt(fds[i], IPPROTO_TCP,
				    TCP_NODELAY, &on, sizeof(on));
		}
		ways[r].there = 1;
	}
	open_messages(&ways[DATAGRAMS], "datagrams, a pair", SOCK_DGRAM);
	open_messages(&ways[PACKETS], "packets, a pair", SOCK_SEQPACKET);
	ways[RAW].io = &raw_io;
	ways[RAW].name = raw_io.name;
	must(raw_pair(ways[RAW].s) == 0, &ways[RAW]);
	ways[RAW].there = 1;
}

static void
close_ways(void)
{
	int r;

	for (r = 0; r < RAW; r++)
		if (ways[r].there) {
			(void)close((int)ways[r].s[0]);
			(void)close((int)ways[r].s[1]);
		}
	raw_close(ways[RAW].s[0]);
	raw_close(ways[RAW].s[1]);
}

static void
turn(int n)
{
	struct way *w;
	int i;

	/* Who begins changes with each turn. */
	for (i = 0; i < WAYS; i++) {
		w = &ways[(i + n) % WAYS];
		if (!w->there)
			continue;
		w->ns[CALL][n] = calls(w);
		w->ns[TRIP][n] = trips(w);
		w->ns[BULK][n] = bulk(w);
	}
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const double *from)
{
	double sorted[TURNS];

	memcpy(sorted, from, sizeof(sorted));
	qsort(sorted, (size_t)turns, sizeof(sorted[0]), compare);
	return sorted[turns / 2];
}

static double
ratio(const struct way *w, int kind)
{
	double r[TURNS] = { 0 };
	int i;

	for (i = 0; i < turns; i++)
		r[i] = w->ns[kind][i] / ways[RAW].ns[kind][i];
	return median(r);
}

static void
report(void)
{
	const struct way *w;

	(void)printf("%-19s %9s %6s %11s %6s %9s %6s\n", "", "ns a call",
	    "x raw", "trips/s", "x raw", "MB/s", "x raw");
	for (w = ways; w < ways + WAYS; w++)
		if (w->there)
			(void)printf("%-19s %9.0f %6.2f %11.0f %6.2f %9.0f "
			    "%6.2f\n", w->name, median(w->ns[CALL]),
			    ratio(w, CALL), 1e9 / median(w->ns[TRIP]),
			    ratio(w, TRIP), 1e9 / median(w->ns[BULK]),
			    ratio(w, BULK));
	(void)printf("x raw: the time of the system's own calls, median of "
	    "%d turns\n", turns);
}

/* The helpers that it shares with the tests want to be in one. */
START_TEST(every_road_in_turn)
{
	double end = now() + SECONDS * 1e9;

	open_ways();
	while (turns < TURNS && (turns < LEAST || now() < end))
		turn(turns++);
	report();
	close_ways();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { every_road_in_turn };

	return run_cases("bench", tests, 1);
}
