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

#include "afunix/mailbox.h"
#include "fileio/iov.h"
#include "fileio/pipe_alarm.h"
#include "poll/watch.h"
#include "signal/wait.h"
#include "socket/event_nt.h"
#include "socket/inherit.h"
#include "time/clock.h"

static const struct file_ops dgram_file_ops;

static void
news_rang(void *arg)
{
	watch_notify(arg, EPOLLIN | EPOLLRDNORM);
}

static void
room_rang(void *arg)
{
	watch_notify(arg, EPOLLOUT | EPOLLWRNORM);
}

/*
 * What the alarms tell of does not hold: they ring when it does.  The list of
 * watches is looked at as pipe_alarms_set() does.
 */
static void
look_out(struct socket *s, struct pipe_alarm *alarm)
{
	if (s->file.watches != NULL && alarm != NULL)
		pipe_alarm_set(alarm);
}

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
	s->un->box = box;
	/* Linux knows the peer of a pair only. */
	s->un->cred.uid = s->un->cred.gid = (uid_t)-1;
	err = pipe_alarm_new(0, box->handle[BOX_NEWS], news_rang, &s->file,
	    &s->un->news);
	if (err != 0) {
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

	if ((err = mailbox_new(&box)) != 0)
		return err;
	box->keys.type = SOCK_DGRAM;
	return dgram_wrap(box, flags, sp);
}

static void
dgram_destroy(struct socket *s)
{
	struct unix_part *un = s->un;

	pipe_alarm_free(un->news);
	pipe_alarm_free(un->room);
	mailbox_put_ref(un->to);
	mailbox_put_ref(un->last);
	mailbox_put_ref(un->box);
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

int
dgram_set_peer(struct socket *s, struct mailbox *to,
    const struct unix_name *name)
{
	struct unix_part *un = s->un;
	struct pipe_alarm *room = NULL, *old_room;
	struct mailbox *old;
	int err;

	if (to != NULL && (err = pipe_alarm_new(0, to->handle[BOX_ROOM],
	    room_rang, &s->file, &room)) != 0)
		return err;
	lock_write(&s->lock);
	old = un->to;
	old_room = un->room;
	un->to = to;
	un->room = room;
	un->peer = *name;
	atomic_store(&s->state, to != NULL ? SOCK_CONNECTED : SOCK_FRESH);
	unlock_write(&s->lock);
	pipe_alarm_free(old_room);
	mailbox_put_ref(old);
	mailbox_connect(un->box, to != NULL ? to->keys.client : NULL);
	watch_notify(&s->file, EPOLLOUT | EPOLLWRNORM);
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
		return dgram_set_peer(s, NULL, &name);
	if ((err = unix_parse(addr, len, &name)) != 0 ||
	    (err = find(s, &name, &to)) != 0)
		return err;
	if ((err = mailbox_permits(to, s->un->box->keys.client)) == 0)
		err = dgram_set_peer(s, to, &name);
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
		if ((err = dgram_set_peer(pair[i], to, &none)) != 0) {
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
	lock_read(&s->lock);
	if ((*bp = s->un->to) != NULL)
		mailbox_ref(*bp);
	unlock_read(&s->lock);
	return *bp != NULL ? 0 : ENOTCONN;
}

static int
insist(struct socket *s, struct mailbox *b, const struct nt_msg *m, size_t len,
    int flags)
{
	int64_t timeo = atomic_load(&s->sndtimeo);
	int64_t deadline = clock_deadline(timeo);
	int err, ends = timeo >= 0 || (flags & SOCK_PARTLY) != 0;
	struct box_sender sender = { s->un->box->keys.client, &s->un->self };

	for (;;) {
		if ((atomic_load(&s->shut) & SOCK_SHUT_WR) != 0)
			return EPIPE;
		if ((err = mailbox_put(b, &sender, m, len)) != EAGAIN)
			return err;
		if (sock_nonblocking(s, flags))
			return EAGAIN;
		err = mailbox_wait(b, deadline);
		if (err == EINTR)
			err = ends ? sig_interrupt_always() : sig_interrupt();
		if (err != 0)
			return err == ETIMEDOUT ? EAGAIN : err;
	}
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
		(void)dgram_set_peer(s, NULL, &none);
}

static int
dgram_send(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	size_t len = iov_total(m->iov, m->iovcnt);
	struct mailbox *b;
	int err;

	*done = 0;
	if ((flags & MSG_OOB) != 0)
		return EOPNOTSUPP;
	if ((err = target(s, m, &b)) != 0)
		return err;
	err = len > BOX_MESSAGE_MAX ? EMSGSIZE : insist(s, b, m, len, flags);
	if (err == 0) {
		*done = len;
	} else if (err == EAGAIN) {
		lock_read(&s->lock);
		look_out(s, s->un->room);
		unlock_read(&s->lock);
	} else if (err == ECONNREFUSED && m->name == NULL) {
		lose_peer(s, b);
	}
	mailbox_put_ref(b);
	return err;
}

/* --- receiving --- */

static int
await_news(struct socket *s, int64_t deadline, int ends)
{
	int err;

	err = sig_wait(s->un->box->handle[BOX_NEWS], deadline);
	if (err == EINTR)
		err = ends ? sig_interrupt_always() : sig_interrupt();
	return err == ETIMEDOUT ? EAGAIN : err;
}

static void
give_name(const struct unix_name *name, struct nt_msg *m)
{
	struct sockaddr_un un;
	size_t len = strlen(name->path);

	m->namelen = 0;
	if (m->name == NULL || len == 0)
		return;
	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	memcpy(un.sun_path, name->path, len);
	m->namelen = (int)(offsetof(struct sockaddr_un, sun_path) + len +
	    (len < sizeof(un.sun_path)));
	memcpy(m->name, &un, (size_t)m->namelen);
}

static int
dgram_recv(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	size_t room = iov_total(m->iov, m->iovcnt), len;
	int64_t timeo = atomic_load(&s->rcvtimeo);
	int64_t deadline = clock_deadline(timeo);
	int err, ends = timeo >= 0 || (flags & SOCK_PARTLY) != 0;
	struct unix_name name;

	*done = 0;
	if ((flags & MSG_OOB) != 0)
		return EOPNOTSUPP;
	m->flags = flags;
	while ((err = mailbox_get(s->un->box, m, &len, &name)) == EAGAIN) {
		if (sock_nonblocking(s, flags))
			break;
		if ((atomic_load(&s->shut) & SOCK_SHUT_RD) != 0) {
			m->namelen = 0;
			return 0;
		}
		if ((err = await_news(s, deadline, ends)) != 0)
			break;
	}
	/* The next edge: by now the mailbox may be empty. */
	look_out(s, s->un->news);
	if (err != 0)
		return err;
	give_name(&name, m);
	*done = len > room && (flags & MSG_TRUNC) == 0 ? room : len;
	return 0;
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
	int some, shut = atomic_load(&s->shut);
	uint32_t events = 0;

	(void)mailbox_first(s->un->box, &some);
	if (some || (shut & SOCK_SHUT_RD) != 0)
		events |= EPOLLIN | EPOLLRDNORM;
	else
		look_out(s, s->un->news);
	if ((shut & SOCK_SHUT_RD) != 0)
		events |= EPOLLRDHUP;
	if (shut == (SOCK_SHUT_RD | SOCK_SHUT_WR))
		events |= EPOLLHUP;
	lock_read(&s->lock);
	if (s->un->to == NULL || mailbox_has_room(s->un->to))
		events |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	else
		look_out(s, s->un->room);
	unlock_read(&s->lock);
	return events;
}

static void
dgram_watch(struct file *f, uint32_t events)
{
	(void)events;
	(void)dgram_poll(f);
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
	.watch = dgram_watch,
	.hand = sock_hand,
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
	.name_of = unix_name_of,
	.peercred = unix_peercred,
	.destroy = dgram_destroy,
};
