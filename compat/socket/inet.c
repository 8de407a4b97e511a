/* The Internet families. */
#include <netinet/in.h>

#include <sys/epoll.h>

#include <errno.h>
#include <string.h>

#include "socket/sock.h"

union inet_addr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

int
inet_check_addr(const struct socket *s, const struct sockaddr *addr,
    socklen_t len)
{
	if (addr->sa_family != s->domain)
		return EAFNOSUPPORT;
	if (len < (s->domain == AF_INET ? sizeof(struct sockaddr_in) :
	    sizeof(struct sockaddr_in6)))
		return EINVAL;
	return 0;
}

static socklen_t
addr_size(const struct socket *s)
{
	return s->domain == AF_INET ? sizeof(struct sockaddr_in) :
	    sizeof(struct sockaddr_in6);
}

/*
 * Never port stealing.  NT's SO_REUSEADDR lets anyone take a port that is in
 * use, so it is not set for streams: binding over TIME_WAIT, which is what
 * POSIX programs ask it for, NT allows anyway.  Who does not ask for reuse is
 * protected from others by SO_EXCLUSIVEADDRUSE.  Datagram sockets share a port
 * when all of them ask for it, on NT as on Linux.
 */
static int
set_reuse(struct socket *s)
{
	int on = 1;

	if (!atomic_load(&s->reuse))
		return nt_sock_exclusive(s->file.handle, 1);
	if (s->type == SOCK_STREAM)
		return 0;
	return nt_sock_setopt(s->file.handle, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof(on));
}

static int
inet_bind(struct socket *s, const struct sockaddr *addr, socklen_t len)
{
	int err;

	if ((err = inet_check_addr(s, addr, len)) != 0)
		return err;
	if (atomic_load(&s->bound))
		return EINVAL;
	if ((err = set_reuse(s)) != 0)
		return err;
	err = nt_sock_bind(s->file.handle, addr, (int)addr_size(s));
	if (err == 0)
		atomic_store(&s->bound, 1);
	return err;
}

static int
inet_listen(struct socket *s, int backlog)
{
	union inet_addr any;
	int err;

	if (!atomic_load(&s->bound)) {
		memset(&any, 0, sizeof(any));
		any.sa.sa_family = (sa_family_t)s->domain;
		if ((err = inet_bind(s, &any.sa, addr_size(s))) != 0)
			return err;
	}
	return nt_sock_listen(s->file.handle, backlog);
}

static int
inet_accept(struct socket *s, struct socket **connp)
{
	struct socket *c;
	uintptr_t conn;
	int err;

	if ((err = nt_sock_accept(s->file.handle, &conn)) != 0)
		return err;
	if ((err = sock_new(&inet_ops, s->domain, s->type, s->protocol, conn,
	    0, &c)) != 0)
		return err;
	/* NT copies its own options to the new socket, we ours. */
	c->state = SOCK_CONNECTED;
	c->bound = 1;
	c->reuse = s->reuse;
	c->rcvlowat = s->rcvlowat;
	c->rcvtimeo = s->rcvtimeo;
	c->sndtimeo = s->sndtimeo;
	c->linger = s->linger;
	c->user_timeout = s->user_timeout;
	*connp = c;
	return 0;
}

static int
inet_wait_accept(struct socket *s, int64_t deadline, int timed)
{
	return sock_block(s, EPOLLIN, deadline, timed);
}

/* Linux takes the unspecified address for this host; NT refuses it. */
static void
any_to_loopback(union inet_addr *a)
{
	if (a->sa.sa_family == AF_INET &&
	    a->in.sin_addr.s_addr == htonl(INADDR_ANY))
		a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else if (a->sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_UNSPECIFIED(&a->in6.sin6_addr))
		a->in6.sin6_addr = in6addr_loopback;
}

static int
is_loopback(const union inet_addr *a)
{
	if (a->sa.sa_family == AF_INET)
		return (ntohl(a->in.sin_addr.s_addr) >> 24) == 127;
	return IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr);
}

/* An address of family AF_UNSPEC dissolves a datagram socket's association. */
static int
dissolve(struct socket *s)
{
	union inet_addr none;
	int err;

	memset(&none, 0, sizeof(none));
	none.sa.sa_family = (sa_family_t)s->domain;
	err = nt_sock_connect(s->file.handle, &none, (int)addr_size(s));
	if (err == 0 || err == EADDRNOTAVAIL)
		atomic_store(&s->state, SOCK_FRESH);
	return err == EADDRNOTAVAIL ? 0 : err;
}

static int
inet_connect(struct socket *s, const struct sockaddr *addr, socklen_t len,
    int nonblock)
{
	union inet_addr a;
	int err;

	(void)nonblock;
	if (addr->sa_family == AF_UNSPEC && s->type != SOCK_STREAM)
		return dissolve(s);
	if ((err = inet_check_addr(s, addr, len)) != 0)
		return err;
	memset(&a, 0, sizeof(a));
	memcpy(&a, addr, addr_size(s));
	any_to_loopback(&a);
	if (s->type == SOCK_STREAM) {
		if (a.in.sin_port == 0)		/* the same place in in6 */
			return ECONNREFUSED;
		if (is_loopback(&a))
			nt_sock_no_retry(s->file.handle);
	}
	err = nt_sock_connect(s->file.handle, &a, (int)addr_size(s));
	/* How Wine reports an earlier failure to who tries again. */
	if (err == ECONNABORTED)
		err = nt_sock_connect(s->file.handle, &a, (int)addr_size(s));
	if (err == 0 || err == EINPROGRESS)
		atomic_store(&s->bound, 1);
	if (err == 0)
		atomic_store(&s->state, SOCK_CONNECTED);
	return err;
}

static int
inet_name_of(struct socket *s, int peer, struct sockaddr_storage *name,
    socklen_t *len)
{
	int err, n = (int)*len;

	if (peer)
		err = nt_sock_peer(s->file.handle, name, &n);
	else
		err = nt_sock_name(s->file.handle, name, &n);
	*len = (socklen_t)n;
	/* Not bound yet is an error for NT only. */
	if (!peer && err == EINVAL) {
		memset(name, 0, sizeof(*name));
		name->ss_family = (sa_family_t)s->domain;
		*len = addr_size(s);
		err = 0;
	}
	return err;
}

static int
inet_peercred(struct socket *s, struct ucred *cred)
{
	(void)s, (void)cred;
	return EOPNOTSUPP;
}

/*
 * After a reset Linux reports it once; then the stream is at its end and
 * cannot be written.  NT repeats the reset for ever.  LIM-SOCK-1.
 */
static int
inet_send_errno(struct socket *s, int err)
{
	if (s->type != SOCK_STREAM)
		return err;
	switch (err) {
	case ENOTCONN:
	case ESHUTDOWN:
		return EPIPE;
	case ECONNRESET:
	case ECONNABORTED:
		/* Wine says so of one that never was connected. */
		if (atomic_load(&s->state) != SOCK_CONNECTED)
			return EPIPE;
		return atomic_exchange(&s->gone, 1) ? EPIPE : ECONNRESET;
	default:
		return err;
	}
}

static int
inet_recv_errno(struct socket *s, int err)
{
	if (s->type != SOCK_STREAM)
		return err;
	if (err == ECONNRESET || err == ECONNABORTED)
		return atomic_exchange(&s->gone, 1) ? 0 : ECONNRESET;
	return err;
}

const struct sock_ops inet_ops = {
	.name = "inet",
	.bind = inet_bind,
	.listen = inet_listen,
	.connect = inet_connect,
	.accept = inet_accept,
	.wait_accept = inet_wait_accept,
	.name_of = inet_name_of,
	.peercred = inet_peercred,
	.send_errno = inet_send_errno,
	.recv_errno = inet_recv_errno,
};
