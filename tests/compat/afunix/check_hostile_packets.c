/*
 * Packets and descriptors of AF_UNIX against a peer that is broken or lies: in
 * the handshake, and in the memory that both ends share.  Never a crash, never
 * a wait without end, always an errno or an end; and good peers come through
 * beside it.  Built on NT only: the kernel of Linux shares no memory.
 */
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/names.h"
#include "afunix/hello.h"
#include "afunix/lane_shared.h"
#include "afunix/mailbox.h"
#include "afunix/node.h"
#include "afunix/unix.h"
#include "compat/afunix/pass.h"
#include "compat/afunix/uds.h"
#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#ifndef ROUNDS
#define ROUNDS 40
#endif

#define SIZE (HELLO_SIZE + BOX_KEYS)

static uint64_t seed = 1;

static uint64_t
any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static unsigned int
chance(unsigned int n)
{
	return (unsigned int)(any() >> 11) % n;
}

/* --- the handshake --- */

static int
serve(struct unix_node *node)
{
	int fd = uds_bind_type(SOCK_SEQPACKET, "s");

	ck_assert_int_eq(listen(fd, 5), 0);
	ck_assert_int_eq(unix_node_read("s", node), 0);
	ck_assert_int_eq(node->type, SOCK_SEQPACKET);
	return fd;
}

static void
good_peers(int l)
{
	int c = uds_bind_type(SOCK_SEQPACKET, NULL), a;

	ck_assert_int_eq(uds_try_connect_fd(c, "s"), 0);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	uds_exchange(c, a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
}

static void
finish(int l)
{
	net_nonblock(l);
	FAILS(accept(l, NULL, NULL), EAGAIN);
	ck_assert_int_eq(fcntl(l, F_SETFL, 0), 0);
	good_peers(l);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink("s"), 0);
}

/* box: the mailbox that the client says it has. */
static void
hello_for(const struct unix_node *node, const struct unix_node *box,
    unsigned char out[SIZE])
{
	struct hello h;

	memset(&h, 0, sizeof(h));
	h.pid = 1;
	memcpy(h.secret, node->client, UNIX_SECRET);
	hello_encode(&h, out);
	box_keys_encode(box, out + HELLO_SIZE);
}

static int
say(const struct unix_node *node, const unsigned char *bytes, size_t len)
{
	int fd = net_connect(node->port);

	(void)send(fd, bytes, len, MSG_NOSIGNAL);
	return fd;
}

START_TEST(a_wrong_secret_or_mailbox_gets_nothing)
{
	unsigned char hello[SIZE];
	struct unix_node node, box;
	int i, l = serve(&node);
	struct mailbox *mine;

	ck_assert_int_eq(mailbox_new(SOCK_SEQPACKET, &mine), 0);
	for (i = 0; i < 50; i++) {
		box = mine->keys;
		hello_for(&node, &box, hello);
		if (i % 2 == 0) {
			hello[16 + chance(UNIX_SECRET)] ^= 1;
		} else {
			/* The name of none, or the proof of another. */
			hello[HELLO_SIZE + chance(BOX_KEYS)] ^= 1;
		}
		net_expect_end(say(&node, hello, SIZE));
	}
	good_peers(l);
	mailbox_put_ref(mine);
	/* All is right, but the mailbox's owner has gone. */
	net_expect_end(say(&node, hello, SIZE));
	finish(l);
}
END_TEST

/* Half a hello, or none: they hold nobody up, and go in a while. */
START_TEST(silence_holds_nobody_up)
{
	unsigned char hello[SIZE];
	struct unix_node node, none = { .type = SOCK_SEQPACKET };
	int i, fds[100], l = serve(&node);

	hello_for(&node, &none, hello);
	for (i = 0; i < 100; i++)
		fds[i] = say(&node, hello, i % 2 == 0 ? 0 : HELLO_SIZE +
		    chance(BOX_KEYS));
	good_peers(l);
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(close(fds[i]), 0);
	finish(l);
}
END_TEST

/* What was recorded is good while that mailbox lives, and never afterwards. */
START_TEST(a_recorded_hello_is_of_no_use_afterwards)
{
	unsigned char hello[SIZE];
	struct unix_node node, next;
	struct mailbox *mine;
	int l = serve(&node), a, fd;

	ck_assert_int_eq(mailbox_new(SOCK_SEQPACKET, &mine), 0);
	hello_for(&node, &mine->keys, hello);
	fd = say(&node, hello, SIZE);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(a), 0);
	mailbox_put_ref(mine);
	net_expect_end(say(&node, hello, SIZE));
	ck_assert_int_eq(close(l), 0);
	l = serve(&next);
	net_expect_end(say(&next, hello, SIZE));
	finish(l);
}
END_TEST

/* A node that leads a client of one kind to a server of the other. */
START_TEST(the_kinds_do_not_mix)
{
	unsigned char bytes[UNIX_NODE_SIZE];
	struct unix_node node, stream;
	int l = serve(&node), c, fd, s;

	ck_assert_int_eq(setenv("COMPAT_AFUNIX", "emulate", 1), 0);
	s = uds_listen("stream", 5);
	ck_assert_int_eq(unix_node_read("stream", &stream), 0);
	stream.type = SOCK_SEQPACKET;
	unix_node_encode(&stream, bytes);
	fd = open("lie", O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_eq(write(fd, bytes, sizeof(bytes)), sizeof(bytes));
	ck_assert_int_eq(close(fd), 0);
	c = uds_bind_type(SOCK_SEQPACKET, NULL);
	ck_assert_int_eq(uds_try_connect_fd(c, "lie"), -1);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(accept(s, NULL, NULL)), 0);
	ck_assert_int_eq(close(s), 0);
	ck_assert_int_eq(unsetenv("COMPAT_AFUNIX"), 0);
	finish(l);
}
END_TEST

/* --- the memory that both share --- */

static struct socket *
socket_of(int fd)
{
	struct socket *s;

	ck_assert_int_eq(sock_get(fd, &s), 0);
	sock_put(s);
	return s;
}

/* Whatever comes back, it comes back. */
static void
use(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
	char buf[64];
	struct pass got;
	int n, i;

	for (i = 0; i < 3; i++) {
		(void)poll(&p, 1, 0);
		(void)ioctl(fd, FIONREAD, &n);
		(void)recv(fd, buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT);
		if (pass_recv(fd, 8, 2, MSG_DONTWAIT, &got) > 0)
			while (got.n > 0)
				ck_assert_int_eq(close(got.fds[--got.n]), 0);
		(void)send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}

static uint64_t
any_number(uint64_t near)
{
	switch (chance(4)) {
	case 0:
		return any();
	case 1:
		return UINT64_MAX - chance(16);
	case 2:
		return near + chance(2 * BOX_RING);
	default:
		return near - chance(2 * BOX_RING);
	}
}

static void
spoil_box(struct box_head *h)
{
	unsigned int i;

	switch (chance(5)) {
	case 0:
		h->read = any_number(h->read);
		break;
	case 1:
		h->written = any_number(h->written);
		break;
	case 2:
		/* The first message's head: its length and its name's. */
		for (i = 0; i < 8; i++)
			h->ring[(h->read + i) % BOX_RING] =
			    (unsigned char)any();
		break;
	case 3:
		for (i = 0; i < 200; i++)
			h->ring[(h->read + i) % BOX_RING] =
			    (unsigned char)any();
		break;
	default:
		h->shut = chance(2);
		h->closed = chance(2);
		h->reset = chance(2);
		h->has_peer = chance(2);
		h->waiting = chance(2);
		break;
	}
}

/* Descriptors that are none: of a process that is none, or of ourselves. */
START_TEST(a_mailbox_may_be_overwritten)
{
	struct box_head *h;
	int fds[2], i, n;

	for (i = 0; i < ROUNDS; i++) {
		uds_pair(SOCK_SEQPACKET, fds);
		for (n = chance(4); n > 0; n--)
			ck_assert_int_eq(send(fds[1], "message", 7, 0), 7);
		h = socket_of(fds[0])->un->box->head;
		spoil_box(h);
		use(fds[0]);
		use(fds[1]);
		ck_assert_int_eq(close(fds[i % 2]), 0);
		use(fds[1 - i % 2]);
		ck_assert_int_eq(close(fds[1 - i % 2]), 0);
	}
}
END_TEST

/* A message's length and its name's, of which one is none. */
static const uint32_t lies[][2] = {
	{ BOX_MESSAGE_MAX + 1, 0 }, { 100000, 0 }, { 9, 0 },
	{ UINT32_MAX, 0 }, { 1, 109 }, { 1, UINT32_MAX },
};

/* README.md: who writes what is no message ends its connection. */
START_TEST(a_length_that_lies_ends_the_connection)
{
	struct box_head *h;
	int fds[2], i, n;
	char buf[16];

	for (i = 0; i < (int)(sizeof(lies) / sizeof(lies[0])); i++) {
		uds_pair(SOCK_SEQPACKET, fds);
		ck_assert_int_eq(send(fds[1], "x", 1, 0), 1);
		h = socket_of(fds[0])->un->box->head;
		memcpy(h->ring, lies[i], sizeof(lies[i]));
		ck_assert_int_eq(ioctl(fds[0], FIONREAD, &n), 0);
		ck_assert_int_eq(n, 0);
		ck_assert_int_eq(recv(fds[0], buf, sizeof(buf), 0), 0);
		FAILS(send(fds[1], "y", 1, MSG_NOSIGNAL), EPIPE);
		ck_assert_int_eq(close(fds[0]), 0);
		ck_assert_int_eq(close(fds[1]), 0);
	}
}
END_TEST

/* A datagram socket has no connection: it loses what is there, and goes on. */
START_TEST(a_length_that_lies_is_no_datagram)
{
	struct box_head *h;
	int fds[2], i, n;

	uds_pair(SOCK_DGRAM, fds);
	h = socket_of(fds[0])->un->box->head;
	for (i = 0; i < (int)(sizeof(lies) / sizeof(lies[0])); i++) {
		ck_assert_int_eq(send(fds[1], "x", 1, 0), 1);
		memcpy(h->ring + h->read % BOX_RING, lies[i], sizeof(lies[i]));
		ck_assert_int_eq(ioctl(fds[0], FIONREAD, &n), 0);
		ck_assert_int_eq(n, 0);
		uds_expect_nothing(fds[0]);
		ck_assert_int_eq(send(fds[1], "good", 4, 0), 4);
		ck_assert_int_eq(ioctl(fds[0], FIONREAD, &n), 0);
		ck_assert_int_eq(n, 4);
		uds_expect(fds[0], "good");
	}
	uds_close_pair(fds);
}
END_TEST

/* A mail that says that it has more descriptors than there may be. */
static void
forge_mail(struct lane_mail *mail, int i)
{
	if (i % 2 == 0)
		mail->fds = i % 4 == 0 ? 254 : UINT32_MAX;
	else
		mail->fds = 253;	/* the section has one alone */
}

START_TEST(a_mail_that_lies_brings_nothing)
{
	int fds[2], own[2], i;
	struct lane_mail mail;
	struct pass p;
	struct end *e;

	for (i = 0; i < 8; i++) {
		uds_pair(SOCK_STREAM, fds);
		uds_pair(SOCK_STREAM, own);
		pass_give(fds[1], own[0]);
		e = socket_of(fds[0])->un->lane->me;
		mail = e->mails[e->first];
		forge_mail(&e->mails[e->first], i);
		if (i < 4) {
			ck_assert_int_eq(pass_recv(fds[0], 1, PASS_MAX, 0, &p),
			    1);
			ck_assert_int_eq(p.n, 0);
			ck_assert_int_eq(p.flags & MSG_CTRUNC, MSG_CTRUNC);
		}
		ck_assert_uint_eq(mail.fds, 1);
		ck_assert_int_eq(close(fds[0]), 0);
		ck_assert_int_eq(close(fds[1]), 0);
		ck_assert_int_eq(close(own[0]), 0);
		ck_assert_int_eq(close(own[1]), 0);
	}
}
END_TEST

/* The counts of a lane: how many mails, and where they begin. */
START_TEST(a_lane_may_be_overwritten)
{
	int fds[2], i;
	struct end *e;

	for (i = 0; i < ROUNDS / 3; i++) {
		uds_pair(SOCK_STREAM, fds);
		ck_assert_int_eq(send(fds[1], "x", 1, 0), 1);
		e = socket_of(fds[0])->un->lane->me;
		switch (i % 4) {
		case 0:
			atomic_store(&e->pending, 1 + (unsigned int)any());
			break;
		case 1:
			e->first = (uint32_t)any();
			atomic_store(&e->pending, 1);
			break;
		case 2:
			e->first = (uint32_t)any();
			atomic_store(&e->pending, LANE_MAILS + chance(9));
			break;
		default:
			atomic_store(&e->received, any());
			atomic_store(&e->sent, any());
			atomic_store(&e->writer, (uint32_t)any());
			break;
		}
		if (i % 3 != 0) {
			use(fds[0]);
			use(fds[1]);
		}
		ck_assert_int_eq(close(fds[0]), 0);
		ck_assert_int_eq(close(fds[1]), 0);
	}
}
END_TEST

/* A thread that ends with the lock leaves it as a killed process does. */
static void *
die_with(void *arg)
{
	mailbox_lock(arg);
	return NULL;
}

START_TEST(who_dies_with_the_lock_leaves_it_usable)
{
	struct mailbox *box;
	pthread_t thread;
	int fds[2], i;

	uds_pair(SOCK_SEQPACKET, fds);
	for (i = 0; i < 20; i++) {
		box = socket_of(fds[i % 2])->un->box;
		ck_assert_int_eq(pthread_create(&thread, NULL, die_with, box),
		    0);
		ck_assert_int_eq(pthread_join(thread, NULL), 0);
		uds_exchange(fds[0], fds[1]);
	}
	ck_assert_int_eq(close(fds[0]), 0);
	ck_assert_int_eq(recv(fds[1], &i, 1, 0), 0);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_wrong_secret_or_mailbox_gets_nothing,
		silence_holds_nobody_up,
		a_recorded_hello_is_of_no_use_afterwards,
		the_kinds_do_not_mix,
		a_mailbox_may_be_overwritten,
		a_length_that_lies_ends_the_connection,
		a_length_that_lies_is_no_datagram,
		a_mail_that_lies_brings_nothing,
		a_lane_may_be_overwritten,
		who_dies_with_the_lock_leaves_it_usable,
	};

	return run_cases("hostile packets", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
