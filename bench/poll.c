/*
 * What it costs to wait for a socket among others: round trips of a byte to a
 * thread that sends it back, with many sockets that stay idle; or a byte to
 * each of many sockets, and each of them waited for and received.  Ways
 * interleaved, medians of rounds, us for each byte that was waited for.
 */
#include <sys/select.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/poll.h"

#define ROUNDS 9
#define ENGINES 8
#define ACTIVE_MAX 1000
#define IDLE_MAX 10000
#define ROUND_NS 50e6		/* at least; and one trip at least */
#define SLOW_US 10e3		/* three rounds will do */

static int fd[ACTIVE_MAX + IDLE_MAX], peer[ACTIVE_MAX];
static int active, total;

static const int *sets[1];
static struct epoll_event events[64];
static struct pollfd *polled;
static int epfd;

static int
none_begin(const int *f, int a, int n)
{
	(void)f;
	(void)a;
	(void)n;
	return 0;
}

static int
none_on(void)
{
	return 0;
}

static int
none_wait(int *ready, int max)
{
	static int next;

	(void)max;
	next = (next + 1) % active;
	ready[0] = next;
	return 1;
}

static void
none_off(void)
{
}

static int
add(int i)
{
	struct epoll_event e;

	memset(&e, 0, sizeof(e));
	e.events = EPOLLIN;
	e.data.u32 = (uint32_t)i;
	return epoll_ctl(epfd, EPOLL_CTL_ADD, sets[0][i], &e);
}

static int
epoll_begin(const int *f, int a, int n)
{
	struct epoll_event e;
	int i;

	if ((epfd = epoll_create1(0)) < 0)
		return -1;
	sets[0] = f;
	for (i = a; i < n; i++)
		if (add(i) != 0)
			return -1;
	/* The requests are made by the first wait. */
	return epoll_wait(epfd, &e, 1, 0);
}

static int
epoll_on(void)
{
	int i;

	for (i = 0; i < active; i++)
		if (add(i) != 0)
			return -1;
	return 0;
}

static int
epoll_wait_some(int *ready, int max)
{
	int n, i;

	n = epoll_wait(epfd, events, max < 64 ? max : 64, -1);
	for (i = 0; i < n; i++)
		ready[i] = (int)events[i].data.u32;
	return n;
}

static void
epoll_off(void)
{
	int i;

	for (i = 0; i < active; i++)
		(void)epoll_ctl(epfd, EPOLL_CTL_DEL, fd[i], NULL);
}

static void
epoll_end(void)
{
	(void)close(epfd);
}

static int
poll_begin(const int *f, int a, int n)
{
	int i;

	(void)a;
	if ((polled = calloc((size_t)n, sizeof(*polled))) == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		polled[i].fd = f[i];
		polled[i].events = POLLIN;
	}
	return 0;
}

static int
poll_wait(int *ready, int max)
{
	int i, n = 0;

	if (poll(polled, (nfds_t)total, -1) <= 0)
		return -1;
	for (i = 0; i < total && n < max; i++)
		if (polled[i].revents != 0)
			ready[n++] = i;
	return n;
}

static void
poll_end(void)
{
	free(polled);
}

static fd_set all;
static int top;

static int
select_begin(const int *f, int a, int n)
{
	int i;

	(void)a;
	FD_ZERO(&all);
	for (i = 0, top = 0; i < n; i++) {
		if (f[i] >= FD_SETSIZE)
			return -1;
		FD_SET(f[i], &all);
		top = f[i] > top ? f[i] : top;
	}
	return 0;
}

static int
select_wait(int *ready, int max)
{
	fd_set set = all;
	int i, n = 0;

	if (select(top + 1, &set, NULL, NULL, NULL) <= 0)
		return -1;
	for (i = 0; i < total && n < max; i++)
		if (FD_ISSET(fd[i], &set))
			ready[n++] = i;
	return n;
}

static const struct engine own_engines[] = {
	{ "(send and recv alone)", 0, 0, none_begin, none_on, none_wait, NULL,
	    none_off, none_off },
	{ "epoll", 1, 0, epoll_begin, epoll_on, epoll_wait_some, NULL,
	    epoll_off, epoll_end },
	{ "poll", 1, 1, poll_begin, none_on, poll_wait, NULL, none_off,
	    poll_end },
	{ "select", 1, 1, select_begin, none_on, select_wait,
	    NULL, none_off, none_off },
	{ 0 }
};

static const struct {
	int active, idle;
} scenes[] = {
	{ 1, 0 }, { 1, 100 }, { 1, 1000 }, { 1, IDLE_MAX }, { ACTIVE_MAX, 0 },
};

#define SCENES ((int)(sizeof(scenes) / sizeof(scenes[0])))

static struct row {
	const struct engine *engine;
	double us[SCENES][ROUNDS];
	int n[SCENES];		/* rounds done; 0: not possible */
	struct calls calls[SCENES];
} rows[ENGINES];
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
		if ((n = e->wait(ready, active)) <= 0)
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

static int
measure(const struct engine *e, double *us, struct calls *calls)
{
	struct calls before = { 0 }, after = { 0 };
	double start;
	int n = 0, err;

	err = e->on() != 0 || trip(e) != 0 || trip(e) != 0;
	(void)raw_calls(epfd, &before);
	start = now();
	while (!err && (n == 0 || now() - start < ROUND_NS)) {
		err = trip(e);
		n += active;
	}
	*us = (now() - start) / n / 1e3;
	(void)raw_calls(epfd, &after);
	calls->events += after.events - before.events;
	calls->polls += after.polls - before.polls;
	calls->cancels += after.cancels - before.cancels;
	calls->waits += after.waits - before.waits;
	e->off();
	return err ? -1 : 0;
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

/* Connections that are used, and UDP sockets that nobody sends to. */
static int
make(int a, int idle)
{
	struct sockaddr_in sin, any;
	int i, l = inet_socket(SOCK_STREAM, &sin);

	active = a;
	if (l < 0 || listen(l, 16) != 0)
		return -1;
	for (i = 0; i < a; i++) {
		peer[i] = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(peer[i], (struct sockaddr *)&sin,
		    sizeof(sin)) != 0 || (fd[i] = accept(l, NULL, NULL)) < 0)
			return -1;
	}
	(void)close(l);
	if (a == 1 && pthread_create(&echo, NULL, echo_main, peer) != 0)
		return -1;
	for (total = a; total < a + idle; total++)
		if ((fd[total] = inet_socket(SOCK_DGRAM, &any)) < 0)
			return -1;
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
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
begin(struct row *r, int scene)
{
	const struct engine *e = r->engine;

	r->n[scene] = (!e->asks || raw_most() == 0 || total < raw_most()) &&
	    e->begin(fd, active, total) == 0 ? ROUNDS : 0;
}

static void
add_round(struct row *r, int scene, int round)
{
	double *us = &r->us[scene][round];

	if (round >= r->n[scene])
		return;
	if (measure(r->engine, us, &r->calls[scene]) != 0)
		r->n[scene] = 0;
	else if (*us * active > SLOW_US)
		r->n[scene] = round < 3 ? 3 : round + 1;
}

static int
run(int scene)
{
	int i, round;

	if (make(scenes[scene].active, scenes[scene].idle) != 0)
		return -1;
	for (i = 0; i < count; i++)
		begin(&rows[i], scene);
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < count; i++)
			add_round(&rows[i], scene, round);
	for (i = 0; i < count; i++) {
		if (rows[i].n[scene] > 0)
			rows[i].engine->end();
		qsort(rows[i].us[scene], (size_t)rows[i].n[scene],
		    sizeof(double), compare);
	}
	drop();
	return 0;
}

static double
median(const struct row *r, int scene)
{
	return r->n[scene] == 0 ? 0 : r->us[scene][r->n[scene] / 2];
}

static void
cell(double x, int digits)
{
	if (x > 0)
		(void)printf(" %10.*f", digits, x);
	else
		(void)printf(" %10s", "-");
}

/* other: the row that this one is to be compared with. */
static void
table(const char *title, const struct row *other)
{
	const struct row *r;
	double x;
	int s;

	(void)printf("\n%-22s", title);
	for (s = 0; s < SCENES; s++)
		(void)printf(" %4d+%-5d", scenes[s].active, scenes[s].idle);
	(void)printf("\n");
	for (r = rows; r < rows + count; r++) {
		(void)printf("%-22s", r->engine->name);
		for (s = 0; s < SCENES; s++) {
			x = median(r, s);
			if (other != NULL)
				x = median(other, s) > 0 ?
				    x / median(other, s) : 0;
			cell(x, other != NULL ? 2 : 1);
		}
		(void)printf("\n");
	}
}

static void
report_idle(void)
{
	const struct row *r;

	(void)printf("\n%-22s %10s %10s\n", "of none idle", "1000", "the least");
	for (r = rows + 1; r < rows + count; r++) {
		(void)printf("%-22s", r->engine->name);
		cell(median(r, 0) > 0 ? median(r, 2) / median(r, 0) : 0, 2);
		cell(median(r, 0) > 0 ? r->us[2][0] / r->us[0][0] : 0, 2);
		(void)printf("\n");
	}
}

static void
report_calls(const struct row *r)
{
	const struct calls *c;
	int s;

	if (r->calls[0].events <= 0)
		return;
	(void)printf("\n%-22s %10s %10s %10s %10s\n", "epoll, for each event",
	    "requests", "cancels", "dequeues", "events");
	for (s = 0; s < SCENES; s++) {
		c = &r->calls[s];
		if (c->events > 0)
			(void)printf("%5d+%-16d %10.3f %10.3f %10.3f %10.0f\n",
			    scenes[s].active, scenes[s].idle,
			    c->polls / c->events, c->cancels / c->events,
			    c->waits / c->events, c->events);
	}
}

int
main(void)
{
	const struct engine *e;
	int i, scene;

	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	raw_room();
	for (e = own_engines; e->name != NULL; e++)
		rows[count++].engine = e;
	for (e = raw_engines; e->name != NULL; e++)
		rows[count++].engine = e;
	for (scene = 0; scene < SCENES; scene++) {
		(void)fprintf(stderr, "%d active, %d idle\n",
		    scenes[scene].active, scenes[scene].idle);
		if (run(scene) != 0) {
			perror("bench/poll");
			return EXIT_FAILURE;
		}
	}
	table("us, active+idle", NULL);
	for (i = 0; i < count; i++)
		if (strcmp(rows[i].engine->name, "WSAPoll") == 0)
			table("of WSAPoll's", &rows[i]);
	report_idle();
	report_calls(&rows[1]);
	return EXIT_SUCCESS;
}
