/*
 * Datagrams of AF_UNIX.  NT has none, so each socket has a mailbox, whose name
 * its node tells; README.md says more.  The socket of Winsock's behind it is
 * there for the options only.
 */
#include "afunix/dgram.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "afunix/boxed.h"
#include "socket/event_nt.h"
#include "socket/inherit.h"

static const struct file_ops dgram_file_ops;

int
dgram_wrap(struct mailbox *box, int flags, struct socket **sp)
{
	uintptr_t handle;
	struct socket *s;
	int err;

	err = nt_sock_open(AF_INET, SOCK_DGRAM, 0, &handle);
	if (err == 0)
		err = unix_new(&unix_dgram_ops, SOCK_DGRAM, handle, flags, &s);
	if (err != 0) {
		mailbox_put_ref(box);
		return err;
	}
	/* Linux knows the peer of a pair only. */
	s->un->cred.uid = s->un->cred.gid = (uid_t)-1;
	if ((err = boxed_begin(s, box)) != 0) {
		sock_put(s);
		return err;
	}
	s->file.ops = &dgram_file_ops;
	*sp = s;
	return 0;
}

int
dgram_socket(int flags, struct socket **sp)
{
	struct mailbox *box;
	int err;

	if ((err = mailbox_new(SOCK_DGRAM, &box)) != 0)
		return err;
	return dgram_wrap(box, flags, sp);
}

static void
dgram_destroy(struct socket *s)
{
	struct unix_part *un = s->un;

	boxed_end(s);
	mailbox_put_ref(un->last);
	/* After the mailbox: who takes over finds nobody there. */
	if (un->node != 0)
		unix_node_release(un->node);
	unix_destroy(s);
}

static int
dgram_bind(struct socket *s, const struct sockaddr *addr, socklen_t len)
{
	struct unix_part *un = s->un;
	struct unix_name name;
	int err;

	if ((err = unix_parse(addr, len, &name)) != 0)
		return err;
	if (un->node != 0)
		return EINVAL;
	if ((err = unix_node_bind(name.path, &un->box->keys, &un->node)) != 0)
		return err;
	un->self = name;
	atomic_store(&s->bound, 1);
	return 0;
}

static int
dgram_listen(struct socket *s, int backlog)
{
	(void)s, (void)backlog;
	return EOPNOTSUPP;
}

/* --- whom to send to --- */

/* Another may have the path by now, so its node is always read. */
static int
find(struct socket *s, const struct unix_name *name, struct mailbox **bp)
{
	struct mailbox *b, *old;
	struct unix_node node;
	int err;

	if ((err = unix_node_read(name->path, &node)) != 0)
		return err;
	if (node.type != SOCK_DGRAM)
		return EPROTOTYPE;
	lock_write(&s->lock);
	b = s->un->last;
	if (b != NULL && unix_secret_equal(b->keys.server, node.server))
		mailbox_ref(b);
	else
		b = NULL;
	unlock_write(&s->lock);
	if (b == NULL) {
		if ((err = mailbox_open(&node, &b)) != 0)
			return err;
		mailbox_ref(b);
		lock_write(&s->lock);
		old = s->un->last;
		s->un->last = b;
		unlock_write(&s->lock);
		mailbox_put_ref(old);
	}
	*bp = b;
	return 0;
}

static int
dgram_connect(struct socket *s, const struct sockaddr *addr, socklen_t len,
    int nonblock)
{
	struct unix_name name = { "" };
	struct mailbox *to;
	int err;

	(void)nonblock;
	if (addr->sa_family == AF_UNSPEC)
		return boxed_set_peer(s, NULL, &name);
	if ((err = unix_parse(addr, len, &name)) != 0 ||
	    (err = find(s, &name, &to)) != 0)
		return err;
	if ((err = mailbox_permits(to, s->un->box->keys.client)) == 0)
		err = boxed_set_peer(s, to, &name);
	if (err != 0)
		mailbox_put_ref(to);
	return err;
}

int
dgram_pair(int flags, struct socket *pair[2])
{
	struct unix_name none = { "" };
	struct mailbox *to;
	int err, i;

	if ((err = dgram_socket(flags, &pair[0])) != 0)
		return err;
	if ((err = dgram_socket(flags, &pair[1])) != 0)
		goto put_first;
	for (i = 0; i < 2; i++) {
		/* Not the peer's own: it would live as long as we do. */
		err = mailbox_open(&pair[!i]->un->box->keys, &to);
		if (err != 0)
			goto put_both;
		if ((err = boxed_set_peer(pair[i], to, &none)) != 0) {
			mailbox_put_ref(to);
			goto put_both;
		}
		pair[i]->un->cred = (struct ucred){ .pid = getpid() };
	}
	return 0;

put_both:
	sock_put(pair[1]);
put_first:
	sock_put(pair[0]);
	return err;
}

/* --- sending --- */

static int
target(struct socket *s, const struct nt_msg *m, struct mailbox **bp)
{
	struct unix_name name;
	int err;

	if (m->name != NULL) {
		err = unix_parse(m->name, (socklen_t)m->namelen, &name);
		return err != 0 ? err : find(s, &name, bp);
	}
	*bp = boxed_peer(s);
	return *bp != NULL ? 0 : ENOTCONN;
}

static int
try_put(struct socket *s, struct mailbox *to, struct nt_msg *m, size_t len)
{
	const struct box_sender sender = { .id = s->un->box->keys.client,
	    .name = &s->un->self };

	return (atomic_load(&s->shut) & SOCK_SHUT_WR) != 0 ? EPIPE :
	    mailbox_put(to, &sender, m, len);
}

/* As on Linux: the first to notice says so, and then there is no peer. */
static void
lose_peer(struct socket *s, const struct mailbox *gone)
{
	struct unix_name none = { "" };
	int ours;

	lock_read(&s->lock);
	ours = s->un->to == gone;
	unlock_read(&s->lock);
	if (ours)
		(void)boxed_set_peer(s, NULL, &none);
}

static int
dgram_send(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	struct mailbox *b;
	int err;

	*done = 0;
	if ((flags & MSG_OOB) != 0)
		return EOPNOTSUPP;
	if ((err = target(s, m, &b)) != 0)
		return err;
	err = boxed_send(s, b, try_put, m, flags, done);
	if (err == ECONNREFUSED && m->name == NULL)
		lose_peer(s, b);
	mailbox_put_ref(b);
	return err;
}

/* --- receiving --- */

static int
dgram_recv(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	struct box_letter letter;
	int err;

	*done = 0;
	if ((flags & MSG_OOB) != 0)
		return EOPNOTSUPP;
	err = boxed_recv(s, m, flags, &letter, done);
	/* It was shut: Linux's waits end, and others find nothing. */
	if (err == ENODATA)
		return sock_nonblocking(s, flags) ? EAGAIN : 0;
	return err;
}

static int
dgram_shutdown(struct socket *s, int how)
{
	struct mailbox *to;

	atomic_fetch_or(&s->shut, how == SHUT_RD ? SOCK_SHUT_RD :
	    how == SHUT_WR ? SOCK_SHUT_WR : SOCK_SHUT_RD | SOCK_SHUT_WR);
	if (how != SHUT_WR)
		mailbox_shut(s->un->box);
	/* Wakes our own senders; others look, and wait again. */
	lock_read(&s->lock);
	if ((to = s->un->to) != NULL && how != SHUT_RD)
		event_set(to->handle[BOX_ROOM]);
	unlock_read(&s->lock);
	return 0;
}

/* --- readiness --- */

static uint32_t
dgram_poll(struct file *f)
{
	struct socket *s = (struct socket *)f;
	int shut = atomic_load(&s->shut);
	uint32_t events = 0;

	if ((shut & SOCK_SHUT_RD) != 0 || boxed_readable(s))
		events |= EPOLLIN | EPOLLRDNORM;
	if ((shut & SOCK_SHUT_RD) != 0)
		events |= EPOLLRDHUP;
	if (shut == (SOCK_SHUT_RD | SOCK_SHUT_WR))
		events |= EPOLLHUP;
	if (boxed_writable(s))
		events |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return events;
}

static int
dgram_ioctl(struct file *f, unsigned long request, void *arg)
{
	int some;

	if (request != FIONREAD)
		return ENOTTY;
	*(int *)arg = (int)mailbox_first(((struct socket *)f)->un->box, &some);
	return 0;
}

static const struct file_ops dgram_file_ops = {
	.name = "unix datagrams",
	.readv = sock_readv,
	.writev = sock_writev,
	.stat = sock_stat,
	.ioctl = dgram_ioctl,
	.poll = dgram_poll,
	.watch = boxed_watch,
	.hand = sock_hand,
	.unheld = sock_unheld,
	.close = sock_close,
};

const struct sock_ops unix_dgram_ops = {
	.name = "unix datagrams",
	.bind = dgram_bind,
	.listen = dgram_listen,
	.connect = dgram_connect,
	.send = dgram_send,
	.recv = dgram_recv,
	.shutdown = dgram_shutdown,
	.rouse = boxed_rouse,
	.name_of = unix_name_of,
	.peercred = unix_peercred,
	.destroy = dgram_destroy,
};
