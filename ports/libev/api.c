/*
 * libev's watchers on its epoll backend, one case each: what libev has no
 * tests of its own for.  Prints "case ok", "case skip" or "case fail: why"; the
 * same source on Linux and on NT.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ev.h"

#define MANY 200

static const char *why;
static int skipped;
static struct ev_loop *loop;

#define EXPECT(what) do { \
		if (!(what) && why == NULL) \
			why = #what; \
	} while (0)

static void
count(struct ev_loop *l, ev_io *w, int revents)
{
	(void)l;
	(void)revents;
	++*(int *)w->data;
}

/* For any watcher: data is a counter; the loop ends. */
#define COUNT_AND_BREAK(type) \
static void \
type##_fired(struct ev_loop *l, ev_##type *w, int revents) \
{ \
	(void)revents; \
	++*(int *)w->data; \
	ev_break(l, EVBREAK_ALL); \
}
COUNT_AND_BREAK(io)
COUNT_AND_BREAK(timer)
COUNT_AND_BREAK(periodic)
COUNT_AND_BREAK(signal)
COUNT_AND_BREAK(async)
COUNT_AND_BREAK(stat)
COUNT_AND_BREAK(embed)

static void
the_backend_is_epoll(void)
{
	EXPECT(ev_backend(loop) == EVBACKEND_EPOLL);
	EXPECT(ev_version_major() == EV_VERSION_MAJOR);
}

static void
a_pipe_is_read(void)
{
	ev_io w;
	int p[2], n = 0;
	char c = 'x';

	EXPECT(pipe(p) == 0);
	ev_io_init(&w, io_fired, p[0], EV_READ);
	w.data = &n;
	ev_io_start(loop, &w);
	ev_run(loop, EVRUN_NOWAIT);
	EXPECT(n == 0);
	EXPECT(write(p[1], &c, 1) == 1);
	ev_run(loop, 0);
	EXPECT(n == 1);
	ev_run(loop, EVRUN_ONCE);	/* level: again */
	EXPECT(n == 2);
	EXPECT(read(p[0], &c, 1) == 1);
	ev_run(loop, EVRUN_NOWAIT);
	EXPECT(n == 2);
	EXPECT(close(p[1]) == 0);
	ev_run(loop, 0);		/* the end is readable */
	EXPECT(n == 3);
	ev_io_stop(loop, &w);
	EXPECT(close(p[0]) == 0);
}

static void
connected(int s[2])
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int l = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	EXPECT(bind(l, (struct sockaddr *)&in, len) == 0);
	EXPECT(listen(l, 5) == 0);
	EXPECT(getsockname(l, (struct sockaddr *)&in, &len) == 0);
	s[0] = socket(AF_INET, SOCK_STREAM, 0);
	EXPECT(connect(s[0], (struct sockaddr *)&in, len) == 0);
	s[1] = accept(l, NULL, NULL);
	EXPECT(s[1] >= 0);
	EXPECT(close(l) == 0);
}

/* Two watchers of one descriptor, one of which changes its mind. */
static void
a_socket_is_watched_twice(void)
{
	ev_io in, out;
	int s[2], reads = 0, writes = 0;

	connected(s);
	ev_io_init(&in, count, s[0], EV_READ);
	in.data = &reads;
	ev_io_init(&out, count, s[0], EV_WRITE);
	out.data = &writes;
	ev_io_start(loop, &in);
	ev_io_start(loop, &out);
	ev_run(loop, EVRUN_ONCE);
	EXPECT(reads == 0);
	EXPECT(writes == 1);
	ev_io_stop(loop, &out);
	EXPECT(send(s[1], "abc", 3, 0) == 3);
	ev_run(loop, EVRUN_ONCE);
	EXPECT(reads == 1);
	EXPECT(writes == 1);
	ev_io_start(loop, &out);
	ev_run(loop, EVRUN_ONCE);
	EXPECT(reads == 2);
	EXPECT(writes == 2);
	ev_io_stop(loop, &in);
	ev_io_stop(loop, &out);
	EXPECT(close(s[0]) == 0);
	EXPECT(close(s[1]) == 0);
}

static void
many_sockets_each_tell(void)
{
	static ev_io w[MANY];
	static int s[MANY][2], n[MANY];
	int i, turns, all = 0;

	for (i = 0; i < MANY; i++) {
		EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, s[i]) == 0);
		n[i] = 0;
		ev_io_init(&w[i], count, s[i][0], EV_READ);
		w[i].data = &n[i];
		ev_io_start(loop, &w[i]);
	}
	for (i = 0; i < MANY; i += 2)
		EXPECT(send(s[i][1], "x", 1, 0) == 1);
	for (turns = 0; all < MANY / 2 && turns < 10000; turns++) {
		ev_run(loop, EVRUN_ONCE);
		for (all = i = 0; i < MANY; i += 2)
			all += n[i] > 0;
	}
	EXPECT(all == MANY / 2);
	for (i = 0; i < MANY; i++) {
		EXPECT(i % 2 == 0 || n[i] == 0);
		ev_io_stop(loop, &w[i]);
		EXPECT(close(s[i][0]) == 0);
		EXPECT(close(s[i][1]) == 0);
	}
}

/* A descriptor that is closed and opened anew: epoll has forgotten the old one. */
static void
a_number_is_used_again(void)
{
	ev_io w;
	int p[2], q[2], n = 0;

	EXPECT(pipe(p) == 0);
	ev_io_init(&w, io_fired, p[0], EV_READ);
	w.data = &n;
	ev_io_start(loop, &w);
	ev_run(loop, EVRUN_NOWAIT);
	ev_io_stop(loop, &w);
	EXPECT(close(p[0]) == 0);
	EXPECT(close(p[1]) == 0);
	EXPECT(pipe(q) == 0);
	EXPECT(q[0] == p[0]);
	ev_io_set(&w, q[0], EV_READ);
	ev_io_start(loop, &w);
	EXPECT(write(q[1], "x", 1) == 1);
	ev_run(loop, 0);
	EXPECT(n == 1);
	ev_io_stop(loop, &w);
	EXPECT(close(q[0]) == 0);
	EXPECT(close(q[1]) == 0);
}

/* A regular file, which epoll refuses: libev says it is always ready. */
static void
a_file_is_always_ready(void)
{
	ev_io w;
	int fd = open("api.tmp", O_RDWR | O_CREAT, 0600), n = 0;

	ev_io_init(&w, io_fired, fd, EV_READ);
	w.data = &n;
	ev_io_start(loop, &w);
	ev_run(loop, 0);
	EXPECT(n == 1);
	ev_io_stop(loop, &w);
	EXPECT(close(fd) == 0);
	EXPECT(unlink("api.tmp") == 0);
}

static void
timers_are_not_early(void)
{
	ev_timer w;
	ev_periodic p;
	ev_tstamp start = ev_time();
	int n = 0;

	ev_now_update(loop);
	ev_timer_init(&w, timer_fired, .05, .02);
	w.data = &n;
	ev_timer_start(loop, &w);
	ev_run(loop, 0);
	EXPECT(n == 1);
	ev_run(loop, 0);
	EXPECT(n == 2);
	EXPECT(ev_time() - start >= .069);
	ev_timer_stop(loop, &w);
	ev_periodic_init(&p, periodic_fired, ev_time() + .05, 0, NULL);
	p.data = &n;
	ev_periodic_start(loop, &p);
	ev_run(loop, 0);
	EXPECT(n == 3);
	ev_periodic_stop(loop, &p);
}

static void
a_signal_is_delivered(void)
{
	ev_signal w;
	int n = 0;

	ev_signal_init(&w, signal_fired, SIGUSR1);
	w.data = &n;
	ev_signal_start(loop, &w);
	EXPECT(kill(getpid(), SIGUSR1) == 0);
	ev_run(loop, 0);
	EXPECT(n == 1);
	EXPECT(raise(SIGUSR1) == 0);
	ev_run(loop, 0);
	EXPECT(n == 2);
	ev_signal_stop(loop, &w);
}

static void *
send_async(void *w)
{
	ev_async_send(loop, w);
	return NULL;
}

static void
another_thread_wakes_the_loop(void)
{
	ev_async w;
	pthread_t t;
	int n = 0, i;

	ev_async_init(&w, async_fired);
	w.data = &n;
	ev_async_start(loop, &w);
	for (i = 1; i <= 50; i++) {
		EXPECT(pthread_create(&t, NULL, send_async, &w) == 0);
		ev_run(loop, 0);
		EXPECT(n == i);
		EXPECT(pthread_join(t, NULL) == 0);
	}
	ev_async_stop(loop, &w);
}

/* libev looks at the file by inotify or by a timer, as it finds. */
static void
a_changed_file_is_noticed(void)
{
	ev_stat w;
	int fd, n = 0;

	EXPECT((fd = open("api.tmp", O_RDWR | O_CREAT, 0600)) >= 0);
	ev_stat_init(&w, stat_fired, "api.tmp", .2);
	w.data = &n;
	ev_stat_start(loop, &w);
	EXPECT(write(fd, "grown", 5) == 5);
	EXPECT(close(fd) == 0);
	ev_run(loop, 0);
	EXPECT(n == 1);
	EXPECT(w.attr.st_size == 5);
	ev_stat_stop(loop, &w);
	EXPECT(unlink("api.tmp") == 0);
}

static void
a_loop_is_embedded(void)
{
	struct ev_loop *inner;
	ev_embed e;
	ev_io w;
	int p[2], n = 0, embeds = 0;

	skipped = (ev_embeddable_backends() & EVBACKEND_EPOLL) == 0;
	if (skipped)
		return;
	EXPECT((inner = ev_loop_new(EVBACKEND_EPOLL)) != NULL);
	EXPECT(pipe(p) == 0);
	ev_io_init(&w, io_fired, p[0], EV_READ);
	w.data = &n;
	ev_io_start(inner, &w);
	ev_embed_init(&e, embed_fired, inner);
	e.data = &embeds;
	ev_embed_start(loop, &e);
	EXPECT(write(p[1], "x", 1) == 1);
	ev_run(loop, 0);
	EXPECT(embeds == 1);
	ev_embed_sweep(loop, &e);
	EXPECT(n >= 1);		/* libev itself may have looked */
	ev_embed_stop(loop, &e);
	ev_io_stop(inner, &w);
	ev_loop_destroy(inner);
	EXPECT(close(p[0]) == 0);
	EXPECT(close(p[1]) == 0);
}

#define CASE(name) { #name, name }
static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	CASE(the_backend_is_epoll),
	CASE(a_pipe_is_read),
	CASE(a_socket_is_watched_twice),
	CASE(many_sockets_each_tell),
	CASE(a_number_is_used_again),
	CASE(a_file_is_always_ready),
	CASE(timers_are_not_early),
	CASE(a_signal_is_delivered),
	CASE(another_thread_wakes_the_loop),
	CASE(a_changed_file_is_noticed),
	CASE(a_loop_is_embedded),
};

int
main(void)
{
	size_t i;
	int failed = 0;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		why = NULL;
		skipped = 0;
		if ((loop = ev_loop_new(EVBACKEND_EPOLL)) == NULL) {
			printf("%s fail: no loop\n", cases[i].name);
			return 1;
		}
		cases[i].run();
		ev_loop_destroy(loop);
		if (why == NULL)
			printf("%s %s\n", cases[i].name,
			    skipped ? "skip" : "ok");
		else
			printf("%s fail: %s\n", cases[i].name, why);
		failed |= why != NULL;
		(void)fflush(stdout);
	}
	return failed;
}
