/*
 * The emulation of AF_UNIX against nodes that somebody cut, swapped, mixed or
 * made up, and against hellos that are replayed or nearly right: never a
 * connection that was not meant, never a crash, always an errno.  Built on NT
 * only: the kernel of Linux has neither.
 */
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/names.h"
#include "afunix/hello.h"
#include "afunix/node.h"
#include "compat/afunix/uds.h"
#include "compat/socket/net.h"
#include "support/main.h"

#ifndef FORGED		/* long_hostile has more */
#define FORGED 500
#define HELLOS 100
#define SWAPS 100
#endif

static uint64_t seed = 1;

static unsigned int
chance(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned int)(seed >> 11) % n;
}

static void
emulate(void)
{
	ck_assert_int_eq(setenv("COMPAT_AFUNIX", "emulate", 1), 0);
}

/* What is a socket already cannot be opened. */
static void
save(const char *path, const void *bytes, size_t len)
{
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	ck_assert_int_eq(close(fd), 0);
}

static void
save_node(const char *path, const struct unix_node *node)
{
	unsigned char bytes[UNIX_NODE_SIZE];

	unix_node_encode(node, bytes);
	save(path, bytes, sizeof(bytes));
}

static struct unix_node
node_of(const char *path)
{
	struct unix_node node;

	ck_assert_int_eq(unix_node_read(path, &node), 0);
	return node;
}

static void
expect_refused(const char *path)
{
	ck_assert_int_eq(uds_try_connect(path, 0), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
}

static void
expect_nobody(int l)
{
	net_nonblock(l);
	errno = 0;
	ck_assert_int_eq(accept(l, NULL, NULL), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(fcntl(l, F_SETFL, 0), 0);
}

/* A good client still gets through, and is the only one who did. */
static void
expect_good_peers(int l, const char *path)
{
	int c, a;

	expect_nobody(l);
	c = uds_connect(path);
	a = accept(l, NULL, NULL);
	ck_assert_int_ge(a, 0);
	uds_exchange(c, a);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(c), 0);
}

static void
finish(int l, const char *path)
{
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(unlink(path), 0);
}

/* Every length but the right one; what is no node is not taken over either. */
START_TEST(a_truncated_node_leads_nowhere)
{
	unsigned char bytes[UNIX_NODE_SIZE + 1] = { 0 };
	struct unix_node node;
	struct stat st;
	size_t n;
	int l;

	emulate();
	l = uds_listen("s", 5);
	node = node_of("s");
	unix_node_encode(&node, bytes);
	for (n = 0; n <= sizeof(bytes); n++) {
		if (n == UNIX_NODE_SIZE)
			continue;
		save("cut", bytes, n);
		expect_refused("cut");
		ck_assert_int_eq(uds_try_bind("cut"), -1);
		ck_assert_int_eq(errno, EADDRINUSE);
		ck_assert_int_eq(stat("cut", &st), 0);
		ck_assert_int_eq(st.st_size, (off_t)n);
	}
	ck_assert_int_eq(unlink("cut"), 0);
	expect_good_peers(l, "s");
	finish(l, "s");
}
END_TEST

/* The port of one with the secrets of the other, either way round. */
START_TEST(a_mixed_node_leads_nowhere)
{
	struct unix_node a, b, mixed;
	int la, lb;

	emulate();
	la = uds_listen("a", 5);
	lb = uds_listen("b", 5);
	a = node_of("a");
	b = node_of("b");
	mixed = a;
	mixed.port = b.port;
	save_node("mixed", &mixed);
	expect_refused("mixed");
	mixed = a;
	memcpy(mixed.client, b.client, sizeof(mixed.client));
	save_node("mixed", &mixed);
	expect_refused("mixed");
	/* A server that cannot show its own is not believed. */
	mixed = a;
	memcpy(mixed.server, b.server, sizeof(mixed.server));
	save_node("mixed", &mixed);
	expect_refused("mixed");
	ck_assert_int_eq(unlink("mixed"), 0);
	expect_nobody(lb);
	finish(lb, "b");
	/* Our own hello was right: who had asked is gone, but had come in. */
	ck_assert_int_eq(close(accept(la, NULL, NULL)), 0);
	expect_good_peers(la, "a");
	finish(la, "a");
}
END_TEST

static atomic_int swapping;

/* A node is always whole: a rename puts it there. */
static void *
swap(void *arg)
{
	const struct unix_node *nodes = arg;
	unsigned char bytes[UNIX_NODE_SIZE];
	int fd, i;

	for (i = 0; atomic_load(&swapping); i++) {
		unix_node_encode(&nodes[i % 3], bytes);
		(void)unlink("next");
		fd = open("next", O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (fd >= 0 && write(fd, bytes, sizeof(bytes)) ==
		    (ssize_t)sizeof(bytes) && close(fd) == 0)
			(void)rename("next", "s");
	}
	return NULL;
}

static int
tells(int l, char what)
{
	char c = 0;
	int a;

	net_nonblock(l);
	a = accept(l, NULL, NULL);
	if (a < 0)
		return 0;
	ck_assert_int_eq(recv(a, &c, 1, 0), 1);
	ck_assert_int_eq(c, what);
	ck_assert_int_eq(close(a), 0);
	return 1;
}

/* Whoever is reached is one of the two, and nobody else comes to him. */
START_TEST(a_node_may_be_swapped_at_any_time)
{
	struct unix_node nodes[3];
	int la, lb, c, i, good = 0;
	pthread_t t;

	emulate();
	la = uds_listen("a", 5);
	lb = uds_listen("b", 5);
	nodes[0] = node_of("a");
	nodes[1] = node_of("b");
	nodes[2] = nodes[0];
	nodes[2].port = nodes[1].port;		/* of nobody */
	save_node("s", &nodes[0]);
	atomic_store(&swapping, 1);
	ck_assert_int_eq(pthread_create(&t, NULL, swap, nodes), 0);
	for (i = 0; i < SWAPS; i++) {
		if ((c = uds_try_connect("s", 0)) < 0) {
			ck_assert_msg(errno == ECONNREFUSED ||
			    errno == ENOENT || errno == EACCES, "%d", errno);
			continue;
		}
		ck_assert_int_eq(send(c, "x", 1, 0), 1);
		good += tells(la, 'x') + tells(lb, 'x');
		ck_assert_int_eq(close(c), 0);
		ck_assert_int_gt(good, 0);
	}
	atomic_store(&swapping, 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_gt(good, 0);
	ck_assert_int_eq(unlink("s"), 0);
	(void)unlink("next");
	expect_good_peers(la, "a");
	expect_good_peers(lb, "b");
	finish(la, "a");
	finish(lb, "b");
}
END_TEST

static int
same_where_it_matters(const struct unix_node *a, const struct unix_node *b)
{
	return a->port == b->port &&
	    memcmp(a->client, b->client, sizeof(a->client)) == 0 &&
	    memcmp(a->server, b->server, sizeof(a->server)) == 0;
}

/* What happens to a file that is nearly, or not at all, l's node. */
static void
expect_sense(int l, const unsigned char *bytes, size_t len,
    const struct unix_node *real)
{
	struct unix_node node;
	struct stat st;
	int c;

	save("forged", bytes, len);
	ck_assert_int_eq(stat("forged", &st), 0);
	c = uds_try_connect("forged", 0);
	if (len == UNIX_NODE_SIZE && unix_node_decode(bytes, &node) == 0 &&
	    same_where_it_matters(&node, real)) {
		ck_assert_int_ge(c, 0);
		ck_assert_int_eq(close(accept(l, NULL, NULL)), 0);
		ck_assert_int_eq(close(c), 0);
		return;
	}
	ck_assert_int_eq(c, -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
}

/* Any bytes; a few of the real ones changed; fields changed and summed up. */
static size_t
forge(unsigned char *bytes, const struct unix_node *real)
{
	struct unix_node node = *real;
	size_t len = UNIX_NODE_SIZE;
	unsigned int i, n;

	switch (chance(8)) {
	case 0:
	case 1:
	case 2:
		len = chance(2 * UNIX_NODE_SIZE);
		for (i = 0; i < len; i++)
			bytes[i] = (unsigned char)chance(256);
		return len;
	case 3:
	case 4:
	case 5:
		unix_node_encode(&node, bytes);
		for (n = 1 + chance(4); n > 0; n--)
			bytes[chance(UNIX_NODE_SIZE)] =
			    (unsigned char)chance(256);
		return len;
	default:
		/* Not the port: who listens there is no business of ours. */
		n = chance(UNIX_SECRET);
		if (chance(2) == 0)
			node.client[n] ^= (unsigned char)(1 << chance(8));
		else if (chance(4) == 0)
			node.pid = chance(100000);
		else
			node.port = 0;
		unix_node_encode(&node, bytes);
		return len;
	}
}

START_TEST(forged_nodes_lead_nowhere)
{
	unsigned char bytes[2 * UNIX_NODE_SIZE];
	struct unix_node real;
	size_t len;
	int i, l;

	emulate();
	l = uds_listen("s", 5);
	real = node_of("s");
	for (i = 0; i < FORGED; i++) {
		len = forge(bytes, &real);
		expect_sense(l, bytes, len, &real);
	}
	ck_assert_int_eq(unlink("forged"), 0);
	expect_good_peers(l, "s");
	finish(l, "s");
}
END_TEST

static int
to_port(uint16_t port, const unsigned char *hello)
{
	int fd = net_connect(port);

	(void)send(fd, hello, HELLO_SIZE, MSG_NOSIGNAL);
	return fd;
}

static void
hello_for(const struct unix_node *node, unsigned char out[HELLO_SIZE])
{
	struct hello h;

	memset(&h, 0, sizeof(h));
	h.pid = 1;
	memcpy(h.secret, node->client, UNIX_SECRET);
	hello_encode(&h, out);
}

/* LIM-SOCK-32: it has the secret in it, which is good until the next bind. */
START_TEST(a_recorded_hello_is_of_no_use_to_the_next_server)
{
	unsigned char hello[HELLO_SIZE], reply[REPLY_SIZE];
	struct unix_node node;
	int l, fd;

	emulate();
	l = uds_listen("s", 5);
	node = node_of("s");
	hello_for(&node, hello);
	fd = to_port(node.port, hello);
	ck_assert_int_eq(recv(fd, reply, sizeof(reply), MSG_WAITALL),
	    sizeof(reply));
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(accept(l, NULL, NULL)), 0);
	ck_assert_int_eq(close(l), 0);
	l = uds_listen("s", 5);
	ck_assert_mem_ne(node_of("s").client, node.client, UNIX_SECRET);
	ck_assert_mem_ne(node_of("s").server, node.server, UNIX_SECRET);
	net_expect_end(to_port(node_of("s").port, hello));
	expect_good_peers(l, "s");
	finish(l, "s");
}
END_TEST

/* One bit of what counts is wrong: the mark, or the secret. */
START_TEST(a_hello_that_is_nearly_right_gets_nothing)
{
	unsigned char hello[HELLO_SIZE];
	struct unix_node node;
	unsigned int at;
	int i, l;

	emulate();
	l = uds_listen("s", 5);
	node = node_of("s");
	for (i = 0; i < HELLOS; i++) {
		hello_for(&node, hello);
		at = chance(8 + UNIX_SECRET);
		hello[at < 8 ? at : at + 8] ^= (unsigned char)(1 << chance(8));
		net_expect_end(to_port(node.port, hello));
	}
	expect_good_peers(l, "s");
	finish(l, "s");
}
END_TEST

/* The secrets are in the node alone, and it is its owner's alone. */
START_TEST(nobody_else_may_read_a_node)
{
	mode_t old = umask(0);
	struct stat st;
	int l;

	emulate();
	l = uds_listen("s", 5);
	(void)umask(old);
	ck_assert_int_eq(stat("s", &st), 0);
	ck_assert_uint_eq(st.st_mode & 077, 0);
	ck_assert_int_eq(close(l), 0);
	/* Nor one that was taken over. */
	l = uds_listen("s", 5);
	ck_assert_int_eq(stat("s", &st), 0);
	ck_assert_uint_eq(st.st_mode & 077, 0);
	finish(l, "s");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_truncated_node_leads_nowhere,
		a_mixed_node_leads_nowhere,
		a_node_may_be_swapped_at_any_time,
		forged_nodes_lead_nowhere,
		a_recorded_hello_is_of_no_use_to_the_next_server,
		a_hello_that_is_nearly_right_gets_nothing,
		nobody_else_may_read_a_node,
	};

	return run_cases("hostile", tests, sizeof(tests) / sizeof(tests[0]));
}
