#include "afunix/boxed.h"

#include <sys/epoll.h>

#include <errno.h>

#include "fileio/iov.h"
#include "fileio/pipe_alarm.h"
#include "poll/watch.h"
#include "signal/wait.h"
#include "socket/event_nt.h"
#include "time/clock.h"

/* With each of the two may come what a connection's end tells of. */
#define NEWS (EPOLLIN | EPOLLRDNORM | EPOLLRDHUP | EPOLLHUP | EPOLLERR)
#define ROOM (EPOLLOUT | EPOLLWRNORM | EPOLLHUP)

static void
news_rang(void *arg)
{
	watch_notify(arg, NEWS);
}

static void
room_rang(void *arg)
{
	watch_notify(arg, ROOM);
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
boxed_begin(struct socket *s, struct mailbox *box)
{
	s->un->box = box;
	return pipe_alarm_new(0, box->handle[BOX_NEWS], news_rang, &s->file,
	    &s->un->news);
}

int
boxed_set_peer(struct socket *s, struct mailbox *to,
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

struct mailbox *
boxed_peer(struct socket *s)
{
	struct mailbox *to;

	lock_read(&s->lock);
	if ((to = s->un->to) != NULL)
		mailbox_ref(to);
	unlock_read(&s->lock);
	return to;
}

void
boxed_end(struct socket *s)
{
	struct unix_part *un = s->un;

	pipe_alarm_free(un->news);
	pipe_alarm_free(un->room);
	mailbox_put_ref(un->to);
	mailbox_put_ref(un->box);
	un->news = un->room = NULL;
	un->to = un->box = NULL;
}

void
boxed_rouse(struct socket *s)
{
	event_set(s->un->box->handle[BOX_NEWS]);
	lock_read(&s->lock);
	if (s->un->to != NULL)
		event_set(s->un->to->handle[BOX_ROOM]);
	unlock_read(&s->lock);
}

static int
insist(struct socket *s, struct mailbox *to, boxed_try *try,
    struct nt_msg *m, size_t len, int flags)
{
	int64_t timeo = atomic_load(&s->sndtimeo);
	int64_t deadline = clock_deadline(timeo);
	int err, ends = timeo >= 0 || (flags & SOCK_PARTLY) != 0;

	while ((err = try(s, to, m, len)) == EAGAIN) {
		if (sock_nonblocking(s, flags))
			return EAGAIN;
		if (!file_is_held(&s->file))
			return EBADF;
		err = sig_waited(mailbox_wait(to, deadline), ends);
		if (err != 0)
			return err == ETIMEDOUT ? EAGAIN : err;
	}
	return err;
}

int
boxed_send(struct socket *s, struct mailbox *to, boxed_try *try,
    struct nt_msg *m, int flags, size_t *done)
{
	size_t len = iov_total(m->iov, m->iovcnt);
	int err;

	if ((err = iov_check(m->iov, m->iovcnt)) != 0)
		return err;
	err = len > BOX_MESSAGE_MAX ? EMSGSIZE :
	    insist(s, to, try, m, len, flags);
	if (err == 0) {
		*done = len;
	} else if (err == EAGAIN) {
		lock_read(&s->lock);
		look_out(s, s->un->room);
		unlock_read(&s->lock);
	}
	return err;
}

static int
await_news(struct socket *s, int64_t deadline, int ends)
{
	int err = sock_await(s, s->un->box->handle[BOX_NEWS], deadline, ends);

	return err == ETIMEDOUT ? EAGAIN : err;
}

int
boxed_recv(struct socket *s, struct nt_msg *m, int flags,
    struct box_letter *letter, size_t *done)
{
	size_t room = iov_total(m->iov, m->iovcnt);
	int64_t timeo = atomic_load(&s->rcvtimeo);
	int64_t deadline = clock_deadline(timeo);
	int err, ends = timeo >= 0 || (flags & SOCK_PARTLY) != 0;

	if ((err = iov_check(m->iov, m->iovcnt)) != 0)
		return err;
	m->flags = flags;
	while ((err = mailbox_get(s->un->box, m, letter)) == EAGAIN)
		if (sock_nonblocking(s, flags) ||
		    (err = await_news(s, deadline, ends)) != 0)
			break;
	/* The next edge: by now the mailbox may be empty. */
	if (err == 0 || err == EAGAIN)
		look_out(s, s->un->news);
	m->namelen = 0;
	if (err != 0)
		return err;
	if (m->name != NULL && letter->name.path[0] != '\0')
		m->namelen = (int)unix_sockaddr(&letter->name, m->name);
	*done = letter->len > room && (flags & MSG_TRUNC) == 0 ? room :
	    letter->len;
	return 0;
}

int
boxed_readable(struct socket *s)
{
	int some;

	(void)mailbox_first(s->un->box, &some);
	if (!some)
		look_out(s, s->un->news);
	return some;
}

int
boxed_writable(struct socket *s)
{
	int room;

	lock_read(&s->lock);
	room = s->un->to == NULL || mailbox_has_room(s->un->to);
	if (!room)
		look_out(s, s->un->room);
	unlock_read(&s->lock);
	return room;
}

void
boxed_watch(struct file *f, uint32_t events)
{
	(void)events;
	(void)f->ops->poll(f);
}
