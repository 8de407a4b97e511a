#include "afunix/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/mailbox.h"
#include "nt/random.h"
#include "poll/sockwait.h"
#include "socket/sock_nt.h"
#include "time/clock.h"

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS 1000000

/* Who has not proved anything yet; beyond that the oldest has to go. */
#define PEERS_MAX 64

/* Accept so many in one turn, then look at the others. */
#define ACCEPT_BATCH 64

/* All of it belongs to the service's thread. */
struct peer {
	struct item item;
	struct peer *next, **prev;
	struct unix_listener *l;
	uintptr_t sock;		/* 0: dropped, freed when item is back */
	uintptr_t base;
	int armed;
	int64_t deadline;
	size_t got;
	size_t want;
	unsigned char bytes[HELLO_SIZE + BOX_KEYS];
};

static struct peer *peers, **peers_end = &peers;
static int peer_count;

/* Out of the list; the socket is the caller's business. */
static void
peer_end(struct peer *p)
{
	if ((*p->prev = p->next) != NULL)
		p->next->prev = p->prev;
	else
		peers_end = p->prev;
	peer_count--;
	listener_put(p->l);
	p->sock = 0;
	if (!p->armed)
		free(p);
}

static void
peer_drop(struct peer *p)
{
	nt_sock_close(p->sock, 0);
	peer_end(p);
}

/* Packets: our mailbox, and the client's. */
static int
open_boxes(struct peer *p, struct unix_conn *c)
{
	struct unix_node keys;
	int err;

	if (p->want == HELLO_SIZE)
		return 0;
	box_keys_decode(p->bytes + HELLO_SIZE, &keys);
	if ((err = mailbox_open(&keys, &c->to)) != 0 ||
	    (err = mailbox_new(SOCK_SEQPACKET, &c->box)) == 0)
		return err;
	mailbox_put_ref(c->to);
	return err;
}

static void
peer_verify(struct peer *p)
{
	struct unix_listener *l = p->l;
	struct unix_conn *c;
	struct hello h;

	if (hello_decode(p->bytes, &h) != 0 ||
	    !unix_secret_equal(h.secret, l->keys.client) ||
	    (c = calloc(1, sizeof(*c))) == NULL) {
		peer_drop(p);
		return;
	}
	c->sock = p->sock;
	c->pid = h.pid;
	memcpy(c->path, h.name.path, sizeof(c->path));
	nt_random(c->id, sizeof(c->id));
	if ((h.flags & HELLO_LANE) != 0 &&
	    lane_open(c->id, 0, c->pid, &c->lane) != 0)
		c->lane = NULL;
	if (open_boxes(p, c) != 0) {
		if (c->lane != NULL)
			lane_close(c->lane, 0, 0);
		free(c);
		peer_drop(p);
		return;
	}
	listener_ref(l);
	peer_end(p);
	listener_admit(l, c, (h.flags & HELLO_NONBLOCK) != 0);
	listener_put(l);
}

/* 0: something came; EAGAIN, or why the peer is of no use. */
static int
peer_read(struct peer *p)
{
	struct iovec iov = { .iov_base = p->bytes + p->got,
	    .iov_len = p->want - p->got };
	struct nt_msg m = { .iov = &iov, .iovcnt = 1 };
	size_t n = 0;
	int err;

	if ((err = nt_sock_recv(p->sock, &m, &n)) != 0)
		return err;
	p->got += n;
	return n > 0 ? 0 : ECONNRESET;
}

static void
peer_ready(struct item *item)
{
	struct peer *p = (struct peer *)item;
	int err;

	p->armed = 0;
	if (p->sock == 0) {
		free(p);
		return;
	}
	while (p->got < p->want) {
		if ((err = peer_read(p)) == EAGAIN)
			err = service_arm(&p->item, p->base, EPOLLIN);
		if (err == EINPROGRESS) {
			p->armed = 1;
			return;
		}
		if (err != 0) {
			peer_drop(p);
			return;
		}
	}
	peer_verify(p);
}

static void
peer_new(struct unix_listener *l, uintptr_t sock)
{
	struct peer *p;
	int on = 1;

	if ((p = calloc(1, sizeof(*p))) == NULL ||
	    sock_base_handle(sock, &p->base) != 0) {
		free(p);
		nt_sock_close(sock, 0);
		return;
	}
	(void)nt_sock_setopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	p->item.ready = peer_ready;
	p->sock = sock;
	p->l = l;
	p->want = hello_size(l->keys.type);
	listener_ref(l);
	p->deadline = clock_monotonic_ns() + HANDSHAKE_S * NS_PER_S;
	p->prev = peers_end;
	*peers_end = p;
	peers_end = &p->next;
	if (++peer_count > PEERS_MAX)
		peer_drop(peers);
	peer_ready(&p->item);
}

int
peers_expire(void)
{
	int64_t now;

	if (peers == NULL)
		return -1;
	now = clock_monotonic_ns();
	while (peers != NULL && peers->deadline <= now)
		peer_drop(peers);
	if (peers == NULL)
		return -1;
	return (int)((peers->deadline - now) / NS_PER_MS) + 1;
}

/* EBADF: stopped. */
static int
accept_peer(struct unix_listener *l, uintptr_t *sock)
{
	int err;

	lock_write(&l->lock);
	err = l->stopped ? EBADF : nt_sock_accept(l->sock, sock);
	unlock_write(&l->lock);
	return err;
}

static void added(void *);

static void
listener_ready(struct item *item)
{
	struct unix_listener *l = (struct unix_listener *)item;
	uintptr_t sock;
	int err, i;

	for (i = 0; i < ACCEPT_BATCH; i++) {
		if ((err = accept_peer(l, &sock)) == 0) {
			peer_new(l, sock);
			continue;
		}
		if (err == EBADF)
			break;
		if (err == ECONNABORTED)
			continue;
		if (err != EAGAIN)
			service_pause();
		if ((err = service_arm(item, l->base, EPOLLIN)) == EINPROGRESS)
			return;
		if (err != 0)
			break;
	}
	/* The turn is over: the others come first now. */
	if (i == ACCEPT_BATCH && service_post(added, l) == 0)
		return;
	listener_put(l);
}

static void
added(void *arg)
{
	struct unix_listener *l = arg;

	listener_ready(&l->item);
}

int
service_add(struct unix_listener *l)
{
	int err;

	l->item.ready = listener_ready;
	if ((err = service_start()) != 0)
		return err;
	listener_ref(l);
	if ((err = service_post(added, l)) != 0)
		listener_put(l);
	return err;
}

static void
removed(void *arg)
{
	struct unix_listener *l = arg;
	struct peer *p, *next;

	for (p = peers; p != NULL; p = next) {
		next = p->next;
		if (p->l == l)
			peer_drop(p);
	}
	afd_cancel(&l->item.op);
	listener_put(l);
}

void
service_remove(struct unix_listener *l)
{
	listener_ref(l);
	if (service_post(removed, l) != 0)
		listener_put(l);
}
