/*
 * socketpair(): two ends of one loopback connection.  Between listen and
 * accept any local process could connect, so what is accepted is compared with
 * our own end, by address and by a secret.
 */
#include <netinet/in.h>

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include <errno.h>
#include <string.h>

#include "afunix/dgram.h"
#include "afunix/lane.h"
#include "afunix/seqpacket.h"
#include "nt/random.h"
#include "poll/sockwait.h"
#include "signal/wait.h"
#include "time/clock.h"

#define TIMEOUT (INT64_C(10) * 1000000000)

struct pair {
	uintptr_t listener;
	uintptr_t end[2];	/* 0 connects, 1 is accepted; 0: none */
	struct sockaddr_in at;	/* of the listener, then of end 0 */
	int64_t deadline;
};

/* Handlers run, but a pair is made or not: there is no EINTR. */
static int
pair_wait(uintptr_t sock, uint32_t events, int64_t deadline)
{
	uint32_t revents;
	uintptr_t base;
	int err;

	if ((err = sock_base_handle(sock, &base)) != 0)
		return err;
	while ((err = sock_wait(base, events, deadline, &revents)) == EINTR)
		(void)sig_interrupt();
	return err;
}

static int
pair_listen(struct pair *p)
{
	int err, len = sizeof(p->at);

	err = nt_sock_open(AF_INET, SOCK_STREAM, 0, &p->listener);
	if (err != 0)
		return err;
	memset(&p->at, 0, sizeof(p->at));
	p->at.sin_family = AF_INET;
	p->at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if ((err = nt_sock_exclusive(p->listener, 1)) != 0 ||
	    (err = nt_sock_bind(p->listener, &p->at, sizeof(p->at))) != 0 ||
	    (err = nt_sock_listen(p->listener, 8)) != 0)
		return err;
	return nt_sock_name(p->listener, &p->at, &len);
}

static int
pair_connect(struct pair *p)
{
	int err, len = sizeof(p->at);

	err = nt_sock_open(AF_INET, SOCK_STREAM, 0, &p->end[0]);
	if (err != 0)
		return err;
	err = nt_sock_connect(p->end[0], &p->at, sizeof(p->at));
	if (err == EINPROGRESS) {
		err = pair_wait(p->end[0], EPOLLOUT, p->deadline);
		if (err == 0)
			err = nt_sock_error(p->end[0]);
	}
	if (err != 0)
		return err;
	return nt_sock_name(p->end[0], &p->at, &len);
}

/* Accept until it is ours. */
static int
pair_accept(struct pair *p)
{
	struct sockaddr_in peer;
	int err, len;

	for (;;) {
		err = nt_sock_accept(p->listener, &p->end[1]);
		if (err == EAGAIN)
			err = pair_wait(p->listener, EPOLLIN, p->deadline);
		else if (err == 0) {
			len = sizeof(peer);
			err = nt_sock_peer(p->end[1], &peer, &len);
			if (err == 0 && peer.sin_port == p->at.sin_port &&
			    peer.sin_addr.s_addr == p->at.sin_addr.s_addr)
				return 0;
			nt_sock_close(p->end[1], 0);
			p->end[1] = 0;
		}
		if (err != 0 && err != ECONNABORTED && err != ENOTCONN)
			return err;
	}
}

static int
pair_prove(struct pair *p)
{
	unsigned char sent[UNIX_SECRET], got[UNIX_SECRET];
	struct iovec out = { sent, sizeof(sent) }, in = { got, sizeof(got) };
	struct nt_msg m = { .iov = &out, .iovcnt = 1 };
	size_t n;
	int err;

	nt_random(sent, sizeof(sent));
	if ((err = nt_sock_send(p->end[0], &m, &n)) != 0)
		return err;
	m.iov = &in;
	while (m.skip < sizeof(got)) {
		err = nt_sock_recv(p->end[1], &m, &n);
		if (err == EAGAIN)
			err = pair_wait(p->end[1], EPOLLIN, p->deadline);
		else if (err == 0 && n == 0)
			err = ECONNABORTED;
		if (err != 0)
			return err;
		m.skip += n;
		n = 0;
	}
	return unix_secret_equal(sent, got) ? 0 : ECONNABORTED;
}

static void
pair_close(uintptr_t sock)
{
	if (sock != 0)
		nt_sock_close(sock, 0);
}

static int
pair_make(struct pair *p)
{
	int err, i, on = 1;

	memset(p, 0, sizeof(*p));
	p->deadline = clock_deadline(TIMEOUT);
	if ((err = pair_listen(p)) == 0 && (err = pair_connect(p)) == 0 &&
	    (err = pair_accept(p)) == 0)
		err = pair_prove(p);
	pair_close(p->listener);
	if (err != 0) {
		pair_close(p->end[0]);
		pair_close(p->end[1]);
		return err == ETIMEDOUT ? ENOBUFS : err;
	}
	for (i = 0; i < 2; i++)
		(void)nt_sock_setopt(p->end[i], IPPROTO_TCP, TCP_NODELAY, &on,
		    sizeof(on));
	return 0;
}

static int
pair_join(struct socket *pair[2])
{
	struct lane *lanes[2];
	int err, i;

	if ((err = lane_pair(lanes)) != 0)
		return err;
	for (i = 0; i < 2; i++) {
		atomic_store(&pair[i]->state, SOCK_CONNECTED);
		pair[i]->un->cred.pid = getpid();
		pair[i]->un->lane = lanes[i];
	}
	return pair[0]->type == SOCK_SEQPACKET ? seq_pair(pair) : 0;
}

static int
new_end(int type, uintptr_t handle, int flags, struct socket **sp)
{
	return type == SOCK_SEQPACKET ? seq_new(handle, flags, sp) :
	    unix_new(&unix_emul_ops, type, handle, flags, sp);
}

int
unix_pair(int type, int protocol, int flags, struct socket *pair[2])
{
	struct pair p;
	int err;

	if (type != SOCK_STREAM && type != SOCK_DGRAM &&
	    type != SOCK_SEQPACKET)
		return ESOCKTNOSUPPORT;
	if (protocol != 0 && protocol != PF_UNIX)
		return EPROTONOSUPPORT;
	if (type == SOCK_DGRAM)
		return dgram_pair(flags, pair);
	if ((err = pair_make(&p)) != 0)
		return err;
	err = new_end(type, p.end[0], flags, &pair[0]);
	if (err != 0) {
		nt_sock_close(p.end[1], 0);
		return err;
	}
	err = new_end(type, p.end[1], flags, &pair[1]);
	if (err != 0) {
		sock_put(pair[0]);
		return err;
	}
	if ((err = pair_join(pair)) != 0) {
		sock_put(pair[0]);
		sock_put(pair[1]);
	}
	return err;
}
