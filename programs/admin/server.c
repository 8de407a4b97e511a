/* The server: start, clients, end. */
#include "admin.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../clock.h"
#include "../say.h"
#include "private.h"

/* Events to take at once, and new clients. */
#define BATCH 64

/* When no descriptor is to be had, or no place: until the next try. */
#define PAUSE_TIME 100

/* For the last answers to be taken. */
#define FAREWELL_TIME 1000

int64_t
server_after(unsigned ms)
{
	return clock_now() + (int64_t)ms * 1000000;
}

void
server_wake(struct admin_server *srv)
{
	const uint64_t one = 1;

	/* It cannot fail but for being full, which wakes as well. */
	(void)!write(srv->wake, &one, sizeof(one));
}

void
server_put(struct admin_server *srv)
{
	unsigned left = --srv->refs;

	(void)pthread_mutex_unlock(&srv->lock);
	if (left > 0)
		return;
	(void)pthread_mutex_destroy(&srv->lock);
	free(srv);
}

void
admin_options_init(struct admin_options *opt)
{
	memset(opt, 0, sizeof(*opt));
	opt->frame_max = 1024 * 1024;
	opt->queue_max = 4 * 1024 * 1024;
	opt->clients_max = 1024;
	opt->frame_time = 10 * 1000;
	opt->idle_time = 300 * 1000;
	opt->drain_time = 5 * 1000;
}

static int
our_user(const struct ucred *peer, void *arg)
{
	(void)arg;
	return peer->uid == geteuid() || peer->uid == 0;
}

/* Watch one of the two descriptors that are no client's. */
static int
watch_own(struct admin_server *srv, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	/* Nobody else has these two addresses. */
	ev.data.ptr = fd == srv->wake ? &srv->wake : &srv->listener;
	return epoll_ctl(srv->epoll, EPOLL_CTL_ADD, fd, &ev) == 0 ? 0 : errno;
}

static int
open_waiting(struct admin_server *srv)
{
	int err;

	if ((srv->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1)
		return errno;
	if ((srv->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1)
		return errno;
	if ((err = watch_own(srv, srv->wake)) != 0)
		return err;
	srv->listening = 1;
	return watch_own(srv, srv->listener);
}

int
admin_open(const struct admin_options *opt, struct admin_server **srvp,
    char *why, size_t size)
{
	struct admin_server *srv;
	int err;

	if ((srv = calloc(1, sizeof(*srv))) == NULL) {
		(void)snprintf(why, size, "%s", say_errno(ENOMEM));
		return ENOMEM;
	}
	/* Before there are threads: it is not safe later. */
	json_object_seed(0);
	srv->opt = *opt;
	if (opt->allow == NULL)
		srv->opt.allow = our_user;
	srv->opt.path = NULL;
	srv->refs = 1;
	srv->listener = srv->epoll = srv->wake = -1;
	atomic_init(&srv->stops, 0);
	(void)pthread_mutex_init(&srv->lock, NULL);
	err = node_listen(&srv->node, opt->path, &srv->listener, why, size);
	if (err != 0) {
		srv->listener = -1;
		goto close_srv;
	}
	if ((err = open_waiting(srv)) != 0) {
		(void)snprintf(why, size, "%s: %s", opt->path, say_errno(err));
		goto close_srv;
	}
	*srvp = srv;
	return 0;

close_srv:
	admin_close(srv);
	return err;
}

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

/* Free the connections that were killed. */
static void
reap(struct admin_server *srv)
{
	struct conn **link = &srv->conns, *conn;

	while ((conn = *link) != NULL) {
		if (conn->dead) {
			*link = conn->next;
			free(conn);
		} else {
			link = &conn->next;
		}
	}
}

void
admin_close(struct admin_server *srv)
{
	struct conn *conn;

	if (srv == NULL)
		return;
	(void)pthread_mutex_lock(&srv->lock);
	for (conn = srv->conns; conn != NULL; conn = conn->next)
		conn_kill(conn);
	reap(srv);
	node_remove(&srv->node);
	close_fd(&srv->listener);
	close_fd(&srv->wake);
	close_fd(&srv->epoll);
	server_put(srv);
}

/*
 * New clients.
 */

static void
pause_listener(struct admin_server *srv)
{
	if (epoll_ctl(srv->epoll, EPOLL_CTL_DEL, srv->listener, NULL) == 0)
		srv->listening = 0;
	srv->pause = server_after(PAUSE_TIME);
}

/*
 * Who makes room for one more: of all that have nothing under way and have
 * been given their answers, the client that was answered least recently.
 */
static struct conn *
oldest_client(struct admin_server *srv)
{
	struct conn *conn, *oldest = NULL;

	for (conn = srv->conns; conn != NULL; conn = conn->next)
		if (!conn->dead && conn->req == NULL &&
		    buffer_len(&conn->out) == 0 &&
		    (oldest == NULL || conn->since < oldest->since))
			oldest = conn;
	return oldest;
}

static void
accept_clients(struct admin_server *srv)
{
	struct conn *leaves;
	struct ucred peer;
	socklen_t len;
	int i, fd, full;

	for (i = 0; i < BATCH; i++) {
		full = srv->counts.open >= srv->opt.clients_max;
		leaves = full ? oldest_client(srv) : NULL;
		if (full && leaves == NULL) {
			pause_listener(srv);
			return;
		}
		fd = accept4(srv->listener, NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd == -1) {
			/* What went wrong with one client is its affair. */
			if (errno != EAGAIN && errno != ECONNABORTED &&
			    errno != EINTR)
				pause_listener(srv);
			return;
		}
		if (leaves != NULL)
			conn_kill(leaves);
		len = sizeof(peer);
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
			(void)close(fd);
		else if (conn_open(srv, fd, &peer) == 0)
			srv->counts.clients++;
	}
}

/*
 * The loop.
 */

static int64_t
soonest(struct admin_server *srv)
{
	int64_t when = srv->drain_end != 0 ? srv->drain_end : NEVER;
	const struct conn *conn;

	if (srv->listener != -1 && !srv->listening && srv->pause < when)
		when = srv->pause;
	for (conn = srv->conns; conn != NULL; conn = conn->next) {
		if (conn->kick)
			return 0;
		if (!conn->dead && conn->deadline < when)
			when = conn->deadline;
	}
	return when;
}

/* Milliseconds, rounded up: never early. */
static int
time_left(int64_t when)
{
	int64_t left;

	if (when == NEVER)
		return -1;
	if ((left = when - clock_now()) <= 0)
		return 0;
	left = (left + 999999) / 1000000;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* What is due without an event. */
static void
check_clients(struct admin_server *srv)
{
	int64_t now = clock_now();
	struct conn *conn;

	for (conn = srv->conns; conn != NULL; conn = conn->next) {
		if (conn->kick)
			conn_step(conn, 0);
		if (!conn->dead && conn->deadline <= now)
			conn_late(conn);
	}
	if (srv->listener != -1 && !srv->listening && srv->pause <= now) {
		if (watch_own(srv, srv->listener) == 0)
			srv->listening = 1;
		else
			srv->pause = server_after(PAUSE_TIME);
	}
}

/* Wait and deal with what has come.  The lock is held. */
static int
turn(struct admin_server *srv)
{
	struct epoll_event ev[BATCH];
	int i, n, ms = time_left(soonest(srv));
	uint64_t count;

	(void)pthread_mutex_unlock(&srv->lock);
	n = epoll_wait(srv->epoll, ev, BATCH, ms);
	(void)pthread_mutex_lock(&srv->lock);
	if (n == -1)
		return errno == EINTR ? 0 : errno;
	for (i = 0; i < n; i++) {
		if (ev[i].data.ptr == &srv->wake)
			(void)!read(srv->wake, &count, sizeof(count));
		else if (ev[i].data.ptr != &srv->listener)
			conn_step(ev[i].data.ptr, ev[i].events);
		else if (srv->listener != -1)
			accept_clients(srv);
	}
	check_clients(srv);
	reap(srv);
	return 0;
}

/* No new requests from here on. */
static void
begin_drain(struct admin_server *srv)
{
	struct conn *conn;

	srv->drain_end = server_after(srv->opt.drain_time);
	node_remove(&srv->node);
	close_fd(&srv->listener);
	for (conn = srv->conns; conn != NULL; conn = conn->next)
		conn_step(conn, 0);
	reap(srv);
}

/* No patience with commands any more, and little with clients. */
static void
end_drain(struct admin_server *srv)
{
	struct conn *conn;

	srv->drain_end = server_after(FAREWELL_TIME);
	for (conn = srv->conns; conn != NULL; conn = conn->next) {
		request_abandon(conn, "shutting down");
		conn_step(conn, 0);
	}
	reap(srv);
}

int
admin_run(struct admin_server *srv)
{
	int err = 0;

	(void)pthread_mutex_lock(&srv->lock);
	while (err == 0 && atomic_load(&srv->stops) == 0)
		err = turn(srv);
	begin_drain(srv);
	while (err == 0 && srv->conns != NULL &&
	    atomic_load(&srv->stops) < 2 && clock_now() < srv->drain_end)
		err = turn(srv);
	end_drain(srv);
	while (err == 0 && srv->conns != NULL && clock_now() < srv->drain_end)
		err = turn(srv);
	(void)pthread_mutex_unlock(&srv->lock);
	return err;
}

void
admin_stop(struct admin_server *srv)
{
	int saved = errno;

	atomic_fetch_add(&srv->stops, 1);
	server_wake(srv);
	errno = saved;
}

void
admin_counts(struct admin_server *srv, struct admin_counts *counts)
{
	const struct conn *conn;

	(void)pthread_mutex_lock(&srv->lock);
	*counts = srv->counts;
	for (conn = srv->conns; conn != NULL; conn = conn->next)
		if (conn->req != NULL)
			counts->busy++;
	(void)pthread_mutex_unlock(&srv->lock);
}
