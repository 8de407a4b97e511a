/*
 * Sequenced packets of AF_UNIX.  A connection is made as an emulated stream is
 * (emul.c), but its messages go by two mailboxes, as datagrams do; README.md
 * says why.  Nothing goes over the TCP connection: its end tells of a peer that
 * was killed.
 */
#include "afunix/seqpacket.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <errno.h>
#include <unistd.h>

#include "afunix/boxed.h"
#include "afunix/hangup.h"
#include "afunix/rights.h"
#include "poll/watch.h"
#include "socket/inherit.h"

static const struct file_ops seq_file_ops;

int
seq_new(uintptr_t handle, int flags, struct socket **sp)
{
	int err;

	if ((err = unix_new(&unix_seq_ops, SOCK_SEQPACKET, handle, flags,
	    sp)) == 0)
		(*sp)->file.ops = &seq_file_ops;
	return err;
}

static unsigned int
state_of(struct mailbox *b)
{
	return b != NULL ? mailbox_state(b) : BOX_SHUT;
}

/* Who was closed has shut both mailboxes before. */
static void
hung_up(void *arg)
{
	struct socket *s = arg;
	struct unix_part *un = s->un;

	if ((state_of(un->box) & state_of(un->to) & BOX_SHUT) == 0)
		mailbox_hang_up(un->to, un->box, 0);
	watch_notify(&s->file, EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM |
	    EPOLLRDHUP | EPOLLHUP | EPOLLERR);
}

int
seq_join(struct socket *s, struct mailbox *box, struct mailbox *to,
    const struct unix_name *peer)
{
	int err;

	err = boxed_begin(s, box);
	if (err == 0 && to != NULL &&
	    (err = boxed_set_peer(s, to, peer)) == 0)
		to = NULL;
	mailbox_put_ref(to);
	if (err == 0)
		err = hangup_watch(s->base, hung_up, s, &s->un->hangup);
	if (err != 0)
		seq_part(s);
	return err;
}

int
seq_connect(struct socket *s, struct mailbox *box,
    const struct unix_node *keys, const struct unix_name *peer)
{
	struct mailbox *to;
	int err;

	if ((err = mailbox_open(keys, &to)) == 0)
		return seq_join(s, box, to, peer);
	mailbox_put_ref(box);
	return err;
}

/* What nobody will read any more. */
static void
drop_rights(struct mailbox *box)
{
	struct nt_msg none = { 0 };
	struct box_letter letter;
	int err;

	while ((err = mailbox_get(box, &none, &letter)) == 0 ||
	    err == ECONNRESET)
		if (err == 0)
			rights_drop(&letter.mail);
}

static void
leave(struct mailbox *box, struct mailbox *to, int reset)
{
	if (!mailbox_leave(box))
		return;
	if (to != NULL)
		mailbox_hang_up(box, to, reset);
	drop_rights(box);
}

void
seq_part(struct socket *s)
{
	struct unix_part *un = s->un;

	hangup_end(un->hangup);
	un->hangup = NULL;
	if (un->box == NULL)
		return;
	leave(un->box, un->to, 0);
	boxed_end(s);
	atomic_store(&s->state, SOCK_FRESH);
}

void
seq_refuse(struct mailbox *box, struct mailbox *to)
{
	if (box == NULL)
		return;
	leave(box, to, 1);
	mailbox_put_ref(to);
	mailbox_put_ref(box);
}

int
seq_pair(struct socket *pair[2])
{
	struct unix_name none = { "" };
	struct mailbox *a, *b;
	struct unix_node keys;
	int err;

	if ((err = mailbox_new(SOCK_SEQPACKET, &a)) != 0)
		return err;
	if ((err = mailbox_new(SOCK_SEQPACKET, &b)) != 0) {
		mailbox_put_ref(a);
		return err;
	}
	keys = a->keys;
	if ((err = seq_connect(pair[0], a, &b->keys, &none)) != 0) {
		mailbox_put_ref(b);
		return err;
	}
	return seq_connect(pair[1], b, &keys, &none);
}

int
seq_error(struct socket *s)
{
	return s->un->box != NULL && mailbox_take_reset(s->un->box) ?
	    ECONNRESET : 0;
}

/* --- sending and receiving --- */

struct parcel {
	struct mailbox *to;
	struct box_sender sender;
	const struct nt_msg *m;
	size_t len;
};

static int
put_parcel(void *arg, const struct lane_mail *mail)
{
	struct parcel *p = arg;

	p->sender.mail = *mail;
	return mailbox_put(p->to, &p->sender, p->m, p->len);
}

static int
try_put(struct socket *s, struct mailbox *to, struct nt_msg *m, size_t len)
{
	const struct lane_mail plain = { .pid = (uint32_t)getpid() };
	struct parcel p = { to, { .id = s->un->box->keys.client,
	    .name = &s->un->self }, m, len };
	int err;

	if ((err = seq_error(s)) != 0)
		return err;
	if (m->scm == NULL || m->scm->n == 0)
		err = put_parcel(&p, &plain);
	else if (s->un->lane != NULL)
		err = lane_pass(s->un->lane, m->scm, put_parcel, &p);
	else
		err = EOPNOTSUPP;
	return err == ECONNREFUSED ? EPIPE : err;
}

/* unix(7) of Linux: no SIGPIPE, and a name does not matter. */
int
seq_send(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	struct mailbox *to;
	int err;

	*done = 0;
	if (s->un->box == NULL)
		return ENOTCONN;
	if ((flags & MSG_OOB) != 0)
		return EOPNOTSUPP;
	if ((atomic_load(&s->shut) & SOCK_SHUT_WR) != 0 ||
	    (to = boxed_peer(s)) == NULL)
		return EPIPE;
	err = boxed_send(s, to, try_put, m, flags, done);
	mailbox_put_ref(to);
	return err;
}

int
seq_recv(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	struct box_letter letter;
	int err;

	*done = 0;
	if (s->un->box == NULL)
		return ENOTCONN;
	if ((flags & MSG_OOB) != 0)
		return EOPNOTSUPP;
	err = boxed_recv(s, m, flags, &letter, done);
	if (err != 0)
		return err == ENODATA ? 0 : err;
	if (m->scm != NULL)
		m->scm->pid = letter.mail.pid;
	rights_arrive(m, &letter.mail);
	return 0;
}

/*
 * A mailbox that was shut is the end for both sides of it: the peer's SHUT_WR
 * is our SHUT_RD.  The end of the TCP connection tells the peer's pollers of
 * the second one.
 */
int
seq_shutdown(struct socket *s, int how)
{
	struct mailbox *box = s->un->box, *to;

	if (box == NULL)
		return 0;
	to = boxed_peer(s);
	if (how != SHUT_WR)
		mailbox_shut(box);
	if (how != SHUT_RD && to != NULL)
		mailbox_shut(to);
	if ((state_of(box) & state_of(to) & BOX_SHUT) != 0)
		(void)nt_sock_shutdown(s->file.handle, SHUT_WR);
	mailbox_put_ref(to);
	return 0;
}

/* --- readiness: unix_dgram_poll() of Linux --- */

static uint32_t
shut_events(int in, int out)
{
	return (in ? EPOLLIN | EPOLLRDNORM | EPOLLRDHUP : 0) |
	    (in && out ? EPOLLHUP : 0);
}

static uint32_t
seq_poll(struct file *f)
{
	struct socket *s = (struct socket *)f;
	int in, out, shut = atomic_load(&s->shut);
	uint32_t events = 0;
	struct mailbox *to;
	unsigned int own;

	if (atomic_load(&s->state) != SOCK_CONNECTED)
		return EPOLLOUT | EPOLLWRNORM | EPOLLHUP |
		    shut_events(shut & SOCK_SHUT_RD, shut & SOCK_SHUT_WR);
	to = boxed_peer(s);
	own = state_of(s->un->box);
	in = (own & BOX_SHUT) != 0;
	out = (state_of(to) & BOX_SHUT) != 0 || (shut & SOCK_SHUT_WR) != 0;
	mailbox_put_ref(to);
	if ((own & BOX_RESET) != 0)
		events |= EPOLLERR;
	if (!in && boxed_readable(s))
		events |= EPOLLIN | EPOLLRDNORM;
	if (out || boxed_writable(s))
		events |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return events | shut_events(in, out);
}

static int
seq_ioctl(struct file *f, unsigned long request, void *arg)
{
	struct mailbox *box = ((struct socket *)f)->un->box;

	if (request != FIONREAD)
		return ENOTTY;
	*(int *)arg = box != NULL ? (int)mailbox_bytes(box) : 0;
	return 0;
}

static const struct file_ops seq_file_ops = {
	.name = "unix packets",
	.readv = sock_readv,
	.writev = sock_writev,
	.stat = sock_stat,
	.ioctl = seq_ioctl,
	.poll = seq_poll,
	.watch = boxed_watch,
	.hand = sock_hand,
	.handed = sock_handed,
	.unheld = sock_unheld,
	.close = sock_close,
};
