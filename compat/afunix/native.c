/* AF_UNIX by NT itself. */
#include "afunix/unix.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/meet.h"
#include "afunix/native_nt.h"
#include "fileio/at.h"
#include "fileio/open.h"
#include "poll/watch.h"
#include "signal/wait.h"
#include "socket/event_nt.h"
#include "time/clock.h"

/* Pauses of a client that waits for room in a backlog, of the last length. */
#define MS INT64_C(1000000)
#define PAUSE_MAX (16 * MS)

/* Does anybody answer there?  Who is none of ours has no claim. */
static int
is_live(const char path[NATIVE_PATH])
{
	uintptr_t probe;
	int err;

	if (nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &probe) != 0)
		return 1;
	err = native_connect_to(probe, path);
	nt_sock_close(probe, 0);
	return err != ECONNREFUSED;
}

/* It is our turn, so among our own processes nobody else is at it. */
static int
bind_in_turn(uintptr_t sock, const struct unix_name *name)
{
	const char *strict = getenv("COMPAT_UNIX_STRICT");
	char path[NATIVE_PATH];
	int err;

	if ((err = native_path(name->path, path)) != 0)
		return err;
	err = native_bind_at(sock, path);
	if (err == ENETDOWN)
		return native_look(name->path);
	if (err != EADDRINUSE || (strict != NULL && *strict == '1'))
		return err;
	if (native_look(name->path) != 0 ||
	    native_holder(name->path) != NATIVE_NOBODY || is_live(path) ||
	    native_remove(name->path) != 0)
		return EADDRINUSE;
	return native_bind_at(sock, path);
}

/* Nobody can connect yet: it does not listen. */
static int
bind_and_claim(struct socket *s, uintptr_t sock, const struct unix_name *name)
{
	int err;

	if ((err = bind_in_turn(sock, name)) != 0)
		return err;
	if (is_private(0777 & ~umask_get()))
		err = native_protect(name->path);
	if (err == 0)
		err = native_claim(name->path, &s->un->claim);
	if (err != 0)
		(void)native_remove(name->path);
	return err;
}

/*
 * Linux names one that is connected, too, NT does not; so another one has the
 * name, to which nobody can connect either.
 */
static int
bind_another(struct socket *s, const struct unix_name *name)
{
	int err;

	if ((err = nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &s->un->named)) != 0)
		return err;
	if ((err = bind_and_claim(s, s->un->named, name)) != 0) {
		nt_sock_close(s->un->named, 0);
		s->un->named = 0;
	}
	return err;
}

static int
native_bind(struct socket *s, const struct sockaddr *addr, socklen_t len)
{
	struct unix_name name;
	uintptr_t turn;
	int err;

	if ((err = unix_parse(addr, len, &name)) != 0)
		return err;
	if (atomic_load(&s->bound))
		return EINVAL;
	if ((err = native_enter(name.path, &turn)) != 0)
		return err;
	if (atomic_load(&s->state) == SOCK_CONNECTED)
		err = bind_another(s, &name);
	else
		err = bind_and_claim(s, s->file.handle, &name);
	native_leave(turn);
	if (err != 0)
		return err;
	s->un->self = name;
	atomic_store(&s->bound, 1);
	return 0;
}

/* What it will be and which of NT's sockets has been decided. */
static void
show_to_afd(struct socket *s)
{
	s->file.ops = &sock_file_ops;
	watch_notify(&s->file, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
}

/* Linux lets one more wait than it is told; NT, it is said, does not. */
static int
native_listen(struct socket *s, int backlog)
{
	int err;

	if (!atomic_load(&s->bound))
		return EINVAL;
	if ((err = nt_sock_listen(s->file.handle, backlog + 1)) != 0)
		return err;
	native_listening(s->un->claim);
	atomic_store(&s->state, SOCK_LISTENING);
	show_to_afd(s);
	return 0;
}

/* --- connect --- */

static int
pause_for(struct socket *s, int64_t ns)
{
	uintptr_t never;
	int err;

	if ((err = event_new(0, &never)) != 0)
		return err;
	err = sock_await(s, never, clock_deadline(ns), s->sndtimeo >= 0);
	event_free(never);
	return err == ETIMEDOUT ? 0 : err;
}

/*
 * A connection is there at once or never, as on Linux; but who does not block
 * NT may tell later.  And it refuses where Linux waits: a backlog is full when
 * one of ours refuses that listens.  NT tells nobody when there is room.
 */
static int
reach(struct socket *s, const char path[NATIVE_PATH],
    const struct unix_name *name, int nonblock)
{
	int64_t ns = MS, deadline = clock_deadline(s->sndtimeo);
	int err;

	for (;;) {
		err = unix_settle(s, native_connect_to(s->file.handle, path),
		    -1);
		if (err != ECONNREFUSED ||
		    native_holder(name->path) != NATIVE_LISTENS)
			return err;
		if (nonblock || (deadline >= 0 &&
		    clock_monotonic_ns() >= deadline))
			return EAGAIN;
		if ((err = pause_for(s, ns)) != 0)
			return err;
		if (ns < PAUSE_MAX)
			ns *= 2;
	}
}

/* What Linux says where NT has refused. */
static int
why_refused(int err, const struct unix_name *name)
{
	int look;

	if (err != ECONNREFUSED && err != ENETDOWN && err != EINVAL)
		return err;
	look = native_look(name->path);
	return look == EADDRINUSE || look == 0 ? ECONNREFUSED : look;
}

/* A socket that got a name for nothing cannot get another. */
static void
start_afresh(struct socket *s)
{
	uintptr_t handle;

	if (nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &handle) == 0)
		(void)sock_replace(s, handle);
}

static int
native_connect(struct socket *s, const struct sockaddr *addr, socklen_t len,
    int nonblock)
{
	struct meet meet = { .lane = NULL };
	char path[NATIVE_PATH];
	struct unix_name name;
	int err;

	if ((err = unix_parse(addr, len, &name)) != 0 ||
	    (err = native_path(name.path, path)) != 0)
		return err;
	/* Only who knows of lanes is worth the time. */
	if (!atomic_load(&s->bound) &&
	    native_holder(name.path) == NATIVE_LISTENS)
		meet_offer(&meet, s->file.handle);
	if ((err = reach(s, path, &name, nonblock)) != 0) {
		if (meet.lane != NULL) {
			meet_withdraw(&meet);
			start_afresh(s);
		}
		return why_refused(err, &name);
	}
	s->un->peer = name;
	s->un->cred.pid = (pid_t)native_peer(s->file.handle);
	s->un->lane = meet_settle(&meet, (uint32_t)s->un->cred.pid);
	atomic_store(&s->state, SOCK_CONNECTED);
	show_to_afd(s);
	return 0;
}

/* --- listeners --- */

static int
native_accept(struct socket *s, struct socket **connp)
{
	char client[NATIVE_PATH];
	struct socket *c;
	uintptr_t conn;
	int err;

	if ((err = native_accept_from(s->file.handle, &conn, client)) != 0)
		return err;
	if ((err = unix_new(&unix_native_ops, s->type, conn, 0, &c)) != 0)
		return err;
	c->un->self = s->un->self;
	c->un->cred.pid = (pid_t)native_peer(conn);
	/* Without its lane it might miss descriptors that are on their way. */
	if ((err = meet_accept(client, (uint32_t)c->un->cred.pid,
	    &c->un->lane)) != 0) {
		sock_put(c);
		return err;
	}
	memcpy(c->un->peer.path, client, NATIVE_PATH);
	atomic_store(&c->un->passcred, atomic_load(&s->un->passcred));
	atomic_store(&c->state, SOCK_CONNECTED);
	*connp = c;
	return 0;
}

static int
native_wait_accept(struct socket *s, int64_t deadline, int timed)
{
	return sock_block(s, EPOLLIN, deadline, timed);
}

/* Who was not accepted may have sent descriptors, which are in this process. */
static void
refuse_all(struct socket *s)
{
	struct socket *c;
	int i;

	for (i = 0; i < SOMAXCONN && native_accept(s, &c) == 0; i++) {
		if (c->un->lane != NULL)
			lane_close(c->un->lane, 0, 1);
		c->un->lane = NULL;
		(void)nt_sock_linger(c->file.handle, 1, 0);
		sock_put(c);
	}
}

/*
 * The claim outlives the handle: destroy runs before the handle is closed, so
 * close it here, then let others have the path.
 */
static void
native_destroy(struct socket *s)
{
	if (atomic_load(&s->state) == SOCK_LISTENING)
		refuse_all(s);
	if (s->un->named != 0)
		nt_sock_close(s->un->named, 0);
	if (s->un->claim != 0) {
		nt_sock_close(s->file.handle, 0);
		s->file.handle = 0;
		native_unclaim(s->un->claim);
	}
	unix_destroy(s);
}

const struct sock_ops unix_native_ops = {
	.name = "unix native",
	.bind = native_bind,
	.listen = native_listen,
	.connect = native_connect,
	.accept = native_accept,
	.wait_accept = native_wait_accept,
	.name_of = unix_name_of,
	.peercred = unix_peercred,
	.send_errno = unix_send_errno,
	.recv_errno = unix_recv_errno,
	.destroy = native_destroy,
};
