#include "socket/sock.h"

#include <sys/epoll.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/unix.h"
#include "fileio/iov.h"
#include "poll/watch.h"
#include "signal/wait.h"
#include "time/clock.h"

/* The flags of send and recv that mean the same to Winsock. */
#define NATIVE_FLAGS (MSG_OOB | MSG_PEEK | MSG_DONTROUTE)

/* The largest datagram there is. */
#define DATAGRAM_MAX 65536

int
sock_nonblocking(struct socket *s, int flags)
{
	return (flags & MSG_DONTWAIT) != 0 ||
	    (file_flags(&s->file) & O_NONBLOCK) != 0;
}

/*
 * NT says ENOTCONN as long as a connection is under way, and after it failed;
 * Linux says EAGAIN, and then once why it failed.
 */
static int
not_connected(struct socket *s)
{
	int err;

	if (atomic_load(&s->state) != SOCK_CONNECTING)
		return ENOTCONN;
	err = sock_settle(s);
	return err == EALREADY || err == 0 ? EAGAIN : err;
}

static int
send_once(struct socket *s, struct nt_msg *m, size_t *n)
{
	int err;

	*n = 0;
	if (((atomic_load(&s->shut) | unix_shut_here(s)) & SOCK_SHUT_WR) != 0)
		return EPIPE;
	if (s->type != SOCK_STREAM && m->name == NULL &&
	    atomic_load(&s->state) != SOCK_CONNECTED)
		return EDESTADDRREQ;
	err = s->un != NULL ? unix_send(s, m, n) :
	    nt_sock_send(s->file.handle, m, n);
	if (err == 0)
		return 0;
	if (err == ENOTCONN)
		err = not_connected(s);
	return s->ops->send_errno(s, err);
}

/* A signal that finds a part done ends the call, whatever its flags. */
static int
wait_to_send(struct socket *s, int64_t deadline, int part)
{
	int err;

	err = sock_block(s, EPOLLOUT, deadline,
	    part || atomic_load(&s->sndtimeo) >= 0);
	return err == ETIMEDOUT ? EAGAIN : err;
}

/*
 * A stream is sent until it is complete or the socket is full: epoll(7) tells
 * programs that a short count means that it is.
 */
static int
send_all(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	int64_t deadline = clock_deadline(atomic_load(&s->sndtimeo));
	size_t n, want = iov_total(m->iov, m->iovcnt);
	int err;

	for (;;) {
		err = send_once(s, m, &n);
		if (err == 0) {
			m->skip += n;
			m->scm = NULL;	/* they went with the first bytes */
			if (m->skip >= want || s->type != SOCK_STREAM)
				break;
			continue;
		}
		if (err != EAGAIN || sock_nonblocking(s, flags))
			break;
		err = wait_to_send(s, deadline,
		    m->skip > 0 || (flags & SOCK_PARTLY) != 0);
		if (err != 0)
			break;
	}
	*done = m->skip;
	watch_used(&s->file, EPOLLOUT, m->skip < want);
	return m->skip > 0 ? 0 : err;
}

int
sock_send(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	int err;

	if (s->ops->send != NULL)
		return s->ops->send(s, m, flags, done);
	m->flags = flags & NATIVE_FLAGS;
	m->limit = 0;
	if (s->type == SOCK_STREAM) {
		/* NT takes all of a large send into kernel memory. */
		m->limit = 1 << 20;
		if (m->name != NULL && s->domain == AF_UNIX)
			return atomic_load(&s->state) == SOCK_CONNECTED ?
			    EISCONN : EOPNOTSUPP;
		m->name = NULL;
	} else if (iov_total(m->iov, m->iovcnt) > DATAGRAM_MAX) {
		return EMSGSIZE;
	} else if ((flags & MSG_OOB) != 0) {
		return EOPNOTSUPP;
	}
	err = send_all(s, m, flags, done);
	if (err == EPIPE && s->type == SOCK_STREAM &&
	    (flags & MSG_NOSIGNAL) == 0)
		sig_raise(SIGPIPE);
	return err;
}

/* NT wants a datagram socket bound before it receives. */
static int
bind_any(struct socket *s)
{
	struct sockaddr_storage any;

	memset(&any, 0, sizeof(any));
	any.ss_family = (sa_family_t)s->domain;
	return s->ops->bind(s, (struct sockaddr *)&any, sizeof(any));
}

static int
recv_once(struct socket *s, struct nt_msg *m, size_t *n)
{
	void *name = m->name;
	int err, namelen = m->namelen;

	*n = 0;
	if (s->type == SOCK_STREAM) {
		m->name = NULL;
		m->namelen = 0;
	}
	err = s->un != NULL ? unix_recv(s, m, n) : ahead_recv(s, m, n);
	/* What came before the end can be read; what NT says then cannot. */
	if (err != 0 && s->type == SOCK_STREAM && atomic_load(&s->gone))
		return 0;
	if (err == EINVAL && s->type != SOCK_STREAM &&
	    !atomic_load(&s->bound) && bind_any(s) == 0) {
		m->name = name;
		m->namelen = namelen;
		err = nt_sock_recv(s->file.handle, m, n);
	}
	if (err == ENOTCONN)
		err = not_connected(s);
	if (err != 0)
		err = s->ops->recv_errno(s, err);
	return err;
}

/* So much ends a receive that waits.  AF_UNIX peeks at what is there. */
static size_t
recv_target(struct socket *s, size_t want, int flags)
{
	size_t mark = (size_t)atomic_load(&s->rcvlowat);

	if (s->type != SOCK_STREAM || (flags & MSG_OOB) != 0 ||
	    ((flags & MSG_PEEK) != 0 && s->un != NULL))
		return 0;
	return (flags & MSG_WAITALL) != 0 || mark > want ? want : mark;
}

/*
 * Until want bytes can be looked at, or no more come, or who looks does not
 * wait: all 0.  The end is not told before what is ahead of it was read
 * (LIM-POLL-3), so it is asked for when a wait has brought nothing.
 */
static int
wait_to_peek(struct socket *s, size_t want, int flags, int64_t deadline,
    int ends)
{
	int state = atomic_load(&s->state), err;
	size_t n, known = SIZE_MAX;

	if (state != SOCK_CONNECTED && state != SOCK_CONNECTING)
		return 0;
	for (; ahead_gather(s, want, &n); known = n) {
		if (sock_nonblocking(s, flags) ||
		    (atomic_load(&s->shut) & SOCK_SHUT_RD) != 0 ||
		    (n == known && sock_ready(s, EPOLLRDHUP)))
			break;
		err = sock_block_ahead(s, n, deadline, ends || n > 0);
		if (err != 0)
			return n > 0 ? 0 : err == ETIMEDOUT ? EAGAIN : err;
	}
	return 0;
}

static int
recv_loop(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	int64_t timeo = atomic_load(&s->rcvtimeo);
	int64_t deadline = clock_deadline(timeo);
	size_t n, want = iov_total(m->iov, m->iovcnt);
	size_t target = recv_target(s, want, flags);
	int err;

	if ((flags & MSG_PEEK) != 0 && target > 0) {
		err = target > 1 ? wait_to_peek(s, target, flags, deadline,
		    timeo >= 0 || (flags & SOCK_PARTLY) != 0) : 0;
		if (err != 0)
			return err;
		target = 0;
	}
	for (;;) {
		err = recv_once(s, m, &n);
		if (err == 0) {
			/* The end of a stream: what NT says from here on
			 * about resets is of no interest. */
			if (n == 0 && want > 0 && s->type == SOCK_STREAM) {
				atomic_store(&s->gone, 1);
				err = unix_ended(s);
			}
			m->skip += n;
			if (n == 0 || m->skip >= target || m->barrier)
				break;
			continue;
		}
		if (err != EAGAIN)
			break;
		/* Urgent data are not waited for. */
		if ((flags & MSG_OOB) != 0 && s->type == SOCK_STREAM) {
			err = EINVAL;
			break;
		}
		if ((atomic_load(&s->shut) & SOCK_SHUT_RD) != 0) {
			m->namelen = 0;
			err = 0;
			break;
		}
		if (sock_nonblocking(s, flags))
			break;
		err = sock_block(s, EPOLLIN, deadline, timeo >= 0 ||
		    m->skip > 0 || (flags & SOCK_PARTLY) != 0);
		if (err == ETIMEDOUT)
			err = EAGAIN;
		if (err != 0)
			break;
	}
	*done = m->skip;
	if ((flags & MSG_PEEK) == 0)
		watch_used(&s->file, EPOLLIN, m->skip < want);
	return m->skip > 0 ? 0 : err;
}

/*
 * MSG_TRUNC asks for a datagram's real length, which NT does not tell: receive
 * it whole and hand out what fits.  Of TCP's data it hands out nothing, tcp(7).
 */
static int
recv_whole(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	int stream = s->type == SOCK_STREAM;
	struct iovec one = { .iov_len = stream ?
	    iov_total(m->iov, m->iovcnt) : DATAGRAM_MAX };
	struct nt_msg whole = *m;
	size_t at = 0, n;
	int err, i;

	/* One more: a length of 0 is not for malloc. */
	if ((one.iov_base = malloc(one.iov_len + 1)) == NULL)
		return ENOMEM;
	whole.iov = &one;
	whole.iovcnt = 1;
	err = recv_loop(s, &whole, flags, done);
	for (i = 0; err == 0 && !stream && i < m->iovcnt && at < *done; i++) {
		n = m->iov[i].iov_len;
		if (n > *done - at)
			n = *done - at;
		memcpy(m->iov[i].iov_base, (char *)one.iov_base + at, n);
		at += n;
	}
	m->namelen = whole.namelen;
	m->truncated = !stream && at < *done;
	free(one.iov_base);
	return err;
}

int
sock_recv(struct socket *s, struct nt_msg *m, int flags, size_t *done)
{
	if (s->ops->recv != NULL)
		return s->ops->recv(s, m, flags, done);
	m->flags = flags & NATIVE_FLAGS;
	m->limit = 0;
	/* Linux's AF_UNIX streams take no notice of it. */
	if ((flags & MSG_TRUNC) != 0 &&
	    (s->type != SOCK_STREAM || s->domain != AF_UNIX))
		return recv_whole(s, m, flags, done);
	return recv_loop(s, m, flags, done);
}
