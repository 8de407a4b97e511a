/* AF_UNIX by NT itself. */
#include "afunix/unix.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/native_nt.h"

static int
to_native(const struct unix_name *name, struct sockaddr_un *un)
{
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	return native_path(name->path, un->sun_path);
}

/* Does anybody answer there?  Who is none of ours has no claim. */
static int
is_live(const struct sockaddr_un *un)
{
	uintptr_t probe;
	int err;

	if (nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &probe) != 0)
		return 1;
	err = nt_sock_connect(probe, un, sizeof(*un));
	nt_sock_close(probe, 0);
	return err != ECONNREFUSED;
}

/* We have the claim, so among our own processes nobody else is at it. */
static int
bind_claimed(struct socket *s, const struct unix_name *name)
{
	const char *strict = getenv("COMPAT_UNIX_STRICT");
	struct sockaddr_un un;
	int err;

	if ((err = to_native(name, &un)) != 0)
		return err;
	err = nt_sock_bind(s->file.handle, &un, sizeof(un));
	if (err != EADDRINUSE || (strict != NULL && *strict == '1'))
		return err;
	if (native_look(name->path) != 0 || is_live(&un))
		return EADDRINUSE;
	if ((err = native_remove(name->path)) != 0)
		return EADDRINUSE;
	return nt_sock_bind(s->file.handle, &un, sizeof(un));
}

static int
native_bind(struct socket *s, const struct sockaddr *addr, socklen_t len)
{
	struct unix_name name;
	int err;

	if ((err = unix_parse(addr, len, &name)) != 0)
		return err;
	if (atomic_load(&s->bound))
		return EINVAL;
	if ((err = native_claim(name.path, &s->un->claim)) != 0)
		return err;
	if ((err = bind_claimed(s, &name)) != 0) {
		native_unclaim(s->un->claim);
		s->un->claim = 0;
		/* A missing directory has an odd number: no such network. */
		if (err == ENETDOWN)
			err = ENOENT;
		return err;
	}
	s->un->self = name;
	atomic_store(&s->bound, 1);
	return 0;
}

static int
native_listen(struct socket *s, int backlog)
{
	if (!atomic_load(&s->bound))
		return EINVAL;
	return nt_sock_listen(s->file.handle, backlog > 0 ? backlog : 1);
}

static int
native_connect(struct socket *s, const struct sockaddr *addr, socklen_t len,
    int nonblock)
{
	struct unix_name name;
	struct sockaddr_un un;
	int err;

	(void)nonblock;
	if ((err = unix_parse(addr, len, &name)) != 0 ||
	    (err = to_native(&name, &un)) != 0)
		return err;
	err = nt_sock_connect(s->file.handle, &un, sizeof(un));
	if (err == ECONNREFUSED || err == ENETDOWN || err == EINVAL)
		return native_look(name.path) == ENOENT ? ENOENT :
		    ECONNREFUSED;
	if (err == 0 || err == EINPROGRESS) {
		s->un->peer = name;
		s->un->cred.pid = (pid_t)native_peer(s->file.handle);
	}
	return err;
}

static int
native_accept(struct socket *s, struct socket **connp)
{
	struct socket *c;
	uintptr_t conn;
	int err;

	if ((err = nt_sock_accept(s->file.handle, &conn)) != 0)
		return err;
	if ((err = unix_new(&unix_native_ops, s->type, conn, 0, &c)) != 0)
		return err;
	c->un->self = s->un->self;
	atomic_store(&c->un->passcred, atomic_load(&s->un->passcred));
	c->un->cred.pid = (pid_t)native_peer(conn);
	atomic_store(&c->state, SOCK_CONNECTED);
	*connp = c;
	return 0;
}

static int
native_wait_accept(struct socket *s, int64_t deadline, int timed)
{
	return sock_block(s, EPOLLIN, deadline, timed);
}

/*
 * The claim outlives the handle: destroy runs before the handle is closed, so
 * close it here, then let others have the path.
 */
static void
native_destroy(struct socket *s)
{
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
