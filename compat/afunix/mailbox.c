/*
 * The queue.  A message is complete before the one store that lets it appear,
 * and is copied before the one that lets it go, so whoever is killed in the
 * middle leaves a queue that is whole.  An event may be set when what it tells
 * of is not so, but is never clear when it is: it is set before that store.
 *
 * Other processes write here.  They are the same user's, but may be broken:
 * whatever they wrote, nothing outside the ring is touched.
 */
#include "afunix/mailbox.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <errno.h>
#include <string.h>

#include "afunix/rights.h"
#include "signal/wait.h"
#include "socket/event_nt.h"
#include "time/clock.h"

#define LOOK_AGAIN_NS 100000000

struct letter {
	uint32_t len;
	uint32_t namelen;
	struct lane_mail mail;
	/* The name, the data, and as much as makes it a multiple of 8. */
};

/* A private copy of what others could change between two looks. */
struct queue {
	uint64_t read, used;
};

static size_t
letter_size(size_t namelen, size_t len)
{
	return (sizeof(struct letter) + namelen + len + 7) & ~(size_t)7;
}

static struct queue
queue_of(struct box_head *h)
{
	const volatile uint64_t *read = &h->read, *written = &h->written;
	struct queue q = { .read = *read };

	if ((q.used = *written - q.read) > BOX_RING) {
		h->written = q.read;
		q.used = 0;
	}
	return q;
}

static void
copy_in(struct box_head *h, uint64_t at, const void *from, size_t n)
{
	size_t i = at % BOX_RING, first = BOX_RING - i < n ? BOX_RING - i : n;

	memcpy(h->ring + i, from, first);
	memcpy(h->ring, (const char *)from + first, n - first);
}

static void
copy_out(const struct box_head *h, uint64_t at, void *to, size_t n)
{
	size_t i = at % BOX_RING, first = BOX_RING - i < n ? BOX_RING - i : n;

	memcpy(to, h->ring + i, first);
	memcpy((char *)to + first, h->ring, n - first);
}

/* Lock held. */
static void
shut(struct mailbox *b)
{
	event_set(b->handle[BOX_NEWS]);
	event_set(b->handle[BOX_ROOM]);
	b->head->shut = 1;
}

/* What poll and blocked senders wait for. */
static void
want_room(struct mailbox *b)
{
	b->head->waiting = 1;
	event_reset(b->handle[BOX_ROOM]);
}

static int
admits(const struct box_head *h, const unsigned char *from)
{
	return !h->has_peer || memcmp(h->peer, from, UNIX_SECRET) == 0;
}

static int
may_put(struct mailbox *b, const unsigned char *from)
{
	if (b->head->closed || !mailbox_is_alive(b))
		return ECONNREFUSED;
	if (!admits(b->head, from))
		return EPERM;
	return b->head->shut ? EPIPE : 0;
}

static void
append(struct box_head *h, uint64_t at, const struct box_sender *sender,
    const struct nt_msg *m, size_t len)
{
	struct letter l = { .len = (uint32_t)len,
	    .namelen = (uint32_t)strlen(sender->name->path),
	    .mail = sender->mail };
	int i;

	copy_in(h, at, &l, sizeof(l));
	at += sizeof(l);
	copy_in(h, at, sender->name->path, l.namelen);
	at += l.namelen;
	for (i = 0; i < m->iovcnt; i++) {
		copy_in(h, at, m->iov[i].iov_base, m->iov[i].iov_len);
		at += m->iov[i].iov_len;
	}
}

int
mailbox_put(struct mailbox *b, const struct box_sender *sender,
    const struct nt_msg *m, size_t len)
{
	size_t size = letter_size(strlen(sender->name->path), len);
	struct box_head *h = b->head;
	struct queue q;
	int err;

	mailbox_lock(b);
	if ((err = may_put(b, sender->id)) == 0) {
		q = queue_of(h);
		if (size > BOX_RING - q.used) {
			want_room(b);
			err = EAGAIN;
		} else {
			append(h, q.read + q.used, sender, m, len);
			event_set(b->handle[BOX_NEWS]);
			h->written = q.read + q.used + size;
		}
	}
	mailbox_unlock(b);
	return err;
}

/* Nothing may be made of the rest of what is no message. */
static int
is_whole(const struct letter *l, const struct queue *q)
{
	return l->namelen < sizeof(((struct unix_name *)0)->path) &&
	    l->len <= BOX_MESSAGE_MAX && l->mail.fds <= RIGHTS_MAX &&
	    letter_size(l->namelen, l->len) <= q->used;
}

/*
 * Lock held.  0: none, and the event is clear.  Whoever wrote what is no
 * message loses it, and a connection.
 */
static int
first(struct mailbox *b, struct queue *q, struct letter *l)
{
	struct box_head *h = b->head;

	*q = queue_of(h);
	if (q->used >= sizeof(*l)) {
		copy_out(h, q->read, l, sizeof(*l));
		if (is_whole(l, q))
			return 1;
	}
	if (q->used > 0 && b->keys.type == SOCK_SEQPACKET)
		shut(b);
	h->written = q->read;
	if (!h->shut)
		event_reset(b->handle[BOX_NEWS]);
	return 0;
}

static size_t
scatter(const struct box_head *h, uint64_t at, const struct nt_msg *m,
    size_t len)
{
	size_t done = 0, n;
	int i;

	for (i = 0; i < m->iovcnt && done < len; i++) {
		n = m->iov[i].iov_len;
		if (n > len - done)
			n = len - done;
		copy_out(h, at + done, m->iov[i].iov_base, n);
		done += n;
	}
	return done;
}

static void
drop_first(struct mailbox *b, const struct queue *q, size_t size)
{
	struct box_head *h = b->head;

	if (size == q->used && !h->shut)
		event_reset(b->handle[BOX_NEWS]);
	if (h->waiting) {
		h->waiting = 0;
		event_set(b->handle[BOX_ROOM]);
	}
	h->read = q->read + size;
}

int
mailbox_get(struct mailbox *b, struct nt_msg *m, struct box_letter *out)
{
	struct box_head *h = b->head;
	struct letter l;
	struct queue q;
	int err = 0;

	mailbox_lock(b);
	if (h->reset) {
		h->reset = 0;
		err = ECONNRESET;
	} else if (first(b, &q, &l)) {
		memset(&out->name, 0, sizeof(out->name));
		copy_out(h, q.read + sizeof(l), out->name.path, l.namelen);
		out->len = l.len;
		out->mail = l.mail;
		m->truncated = scatter(h, q.read + sizeof(l) + l.namelen, m,
		    l.len) < l.len;
		if ((m->flags & MSG_PEEK) == 0)
			drop_first(b, &q, letter_size(l.namelen, l.len));
	} else {
		err = h->shut ? ENODATA : EAGAIN;
	}
	mailbox_unlock(b);
	return err;
}

size_t
mailbox_first(struct mailbox *b, int *some)
{
	struct letter l = { 0 };
	struct queue q;

	mailbox_lock(b);
	*some = first(b, &q, &l);
	mailbox_unlock(b);
	return *some ? l.len : 0;
}

size_t
mailbox_bytes(struct mailbox *b)
{
	struct letter l;
	size_t sum = 0, size;
	struct queue q;

	mailbox_lock(b);
	for (q = queue_of(b->head); q.used >= sizeof(l); q.used -= size) {
		copy_out(b->head, q.read, &l, sizeof(l));
		if (!is_whole(&l, &q))
			break;
		sum += l.len;
		size = letter_size(l.namelen, l.len);
		q.read += size;
	}
	mailbox_unlock(b);
	return sum;
}

int
mailbox_has_room(struct mailbox *b)
{
	int room;

	mailbox_lock(b);
	room = queue_of(b->head).used <= BOX_LOW;
	if (!room)
		want_room(b);
	/* Who sends is told that nobody is there. */
	room |= !mailbox_is_alive(b);
	mailbox_unlock(b);
	return room;
}

int
mailbox_permits(struct mailbox *b, const unsigned char *from)
{
	int ok;

	mailbox_lock(b);
	ok = admits(b->head, from);
	mailbox_unlock(b);
	return ok ? 0 : EPERM;
}

void
mailbox_connect(struct mailbox *b, const unsigned char *peer)
{
	struct box_head *h = b->head;

	mailbox_lock(b);
	if (h->has_peer && (peer == NULL || !admits(h, peer))) {
		event_reset(b->handle[BOX_NEWS]);
		event_set(b->handle[BOX_ROOM]);
		h->read = h->written;
	}
	h->has_peer = 0;
	if (peer != NULL) {
		memcpy(h->peer, peer, UNIX_SECRET);
		h->has_peer = 1;
	}
	mailbox_unlock(b);
}

void
mailbox_shut(struct mailbox *b)
{
	mailbox_lock(b);
	shut(b);
	mailbox_unlock(b);
}

unsigned int
mailbox_state(struct mailbox *b)
{
	unsigned int state;

	mailbox_lock(b);
	state = (b->head->shut ? BOX_SHUT : 0) |
	    (b->head->reset ? BOX_RESET : 0);
	mailbox_unlock(b);
	return state;
}

void
mailbox_hang_up(struct mailbox *gone, struct mailbox *other, int reset)
{
	if (gone != NULL) {
		mailbox_lock(gone);
		reset |= queue_of(gone->head).used > 0;
		gone->head->closed = 1;
		shut(gone);
		mailbox_unlock(gone);
	}
	mailbox_lock(other);
	shut(other);
	if (reset)
		other->head->reset = 1;
	mailbox_unlock(other);
}

int
mailbox_take_reset(struct mailbox *b)
{
	int was;

	mailbox_lock(b);
	was = b->head->reset != 0;
	b->head->reset = 0;
	mailbox_unlock(b);
	return was;
}

int
mailbox_wait(const struct mailbox *b, int64_t deadline)
{
	int64_t soon = clock_monotonic_ns() + LOOK_AGAIN_NS;
	int err, last = deadline >= 0 && deadline < soon;

	err = sig_wait(b->handle[BOX_ROOM], last ? deadline : soon);
	return err == ETIMEDOUT && !last ? 0 : err;
}

void
mailbox_ref(struct mailbox *b)
{
	atomic_fetch_add(&b->refs, 1);
}

void
mailbox_put_ref(struct mailbox *b)
{
	if (b != NULL && atomic_fetch_sub(&b->refs, 1) == 1)
		mailbox_free(b);
}
