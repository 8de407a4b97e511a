#include <sys/socket.h>

#include <sys/epoll.h>
#include <sys/time.h>
#include <sys/un.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "afunix/seqpacket.h"
#include "fd/result.h"
#include "poll/watch.h"
#include "socket/sock.h"

#define NS_PER_S 1000000000

/* Half of Linux's largest receive buffer, by default. */
#define TCP_LOWAT_MAX (3 << 20)

union value {
	int i;
	struct linger linger;
	struct timeval tv;
	struct ucred cred;
	pid_t pid;
	unsigned char bytes[128];
};

static void
timeout_get(int64_t ns, struct timeval *tv)
{
	memset(tv, 0, sizeof(*tv));
	if (ns >= 0) {
		tv->tv_sec = ns / NS_PER_S;
		tv->tv_usec = (long)(ns % NS_PER_S / 1000);
	}
}

/* socket(7): zero means no limit. */
static int
timeout_set(_Atomic int64_t *ns, const void *val, socklen_t len)
{
	struct timeval tv;

	if (len < sizeof(tv))
		return EINVAL;
	memcpy(&tv, val, sizeof(tv));
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return EDOM;
	if (tv.tv_sec == 0 && tv.tv_usec == 0)
		*ns = -1;
	else if (tv.tv_sec < 0)
		*ns = 0;
	else if (tv.tv_sec >= INT64_MAX / NS_PER_S)
		*ns = -1;
	else
		*ns = (int64_t)tv.tv_sec * NS_PER_S + tv.tv_usec * 1000;
	return 0;
}

/* SO_ERROR is cleared by reading it; NT's is not. */
static int
take_error(struct socket *s)
{
	int err;

	if ((err = atomic_exchange(&s->error, 0)) != 0)
		return err;
	switch (atomic_load(&s->state)) {
	case SOCK_CONNECTING:
		err = sock_settle(s);
		return err == EALREADY ? 0 : err;
	case SOCK_CONNECTED:
		if (s->type == SOCK_SEQPACKET)
			return seq_error(s);
		if (s->type != SOCK_STREAM)
			return 0;
		if ((err = unix_take_error(s)) != 0)
			return err;
		err = nt_sock_error(s->file.handle);
		if (err != 0 && atomic_exchange(&s->gone, 1))
			err = 0;
		return err;
	default:
		return 0;
	}
}

/* EINPROGRESS: not ours, ask NT. */
static int
get_ours(struct socket *s, int name, union value *v, socklen_t *n)
{
	*n = sizeof(v->i);
	switch (name) {
	case SO_ERROR:
		v->i = take_error(s);
		return 0;
	case SO_TYPE:
		v->i = s->type;
		return 0;
	case SO_DOMAIN:
		v->i = s->domain;
		return 0;
	case SO_PROTOCOL:
		v->i = s->protocol;
		return 0;
	case SO_ACCEPTCONN:
		v->i = atomic_load(&s->state) == SOCK_LISTENING;
		return 0;
	case SO_REUSEADDR:
		v->i = atomic_load(&s->reuse);
		return 0;
	case SO_RCVLOWAT:
		v->i = atomic_load(&s->rcvlowat);
		return 0;
	case SO_SNDLOWAT:
		v->i = 1;
		return 0;
	case SO_LINGER:
		v->linger = s->linger;
		*n = sizeof(v->linger);
		return 0;
	case SO_RCVTIMEO:
	case SO_SNDTIMEO:
		timeout_get(name == SO_RCVTIMEO ? s->rcvtimeo : s->sndtimeo,
		    &v->tv);
		*n = sizeof(v->tv);
		return 0;
	case SO_REUSEPORT:
		return ENOPROTOOPT;
	case SO_PASSCRED:
		if (s->un == NULL)
			return EOPNOTSUPP;
		v->i = atomic_load(&s->un->passcred);
		return 0;
	case SO_PEERCRED:
		*n = sizeof(v->cred);
		return s->ops->peercred(s, &v->cred);
	default:
		return EINPROGRESS;
	}
}

/* LOCAL_PEERPID of macOS; unix(7) has no options at a level of its own. */
static int
get_local(struct socket *s, int level, int name, union value *v,
    socklen_t *n)
{
	struct ucred cred;
	int err;

	if (level != SOL_LOCAL || name != LOCAL_PEERPID)
		return EOPNOTSUPP;
	if ((err = s->ops->peercred(s, &cred)) != 0)
		return err;
	if (cred.pid == 0)
		return ENOTCONN;
	v->pid = cred.pid;
	*n = sizeof(v->pid);
	return 0;
}

static int
get_option(struct socket *s, int level, int name, void *val, socklen_t *len)
{
	union value v;
	socklen_t n = sizeof(v.i);
	int err, ntlen = sizeof(v);

	memset(&v, 0, sizeof(v));
	if (level == SOL_SOCKET)
		err = get_ours(s, name, &v, &n);
	else if (s->domain == AF_UNIX)
		err = get_local(s, level, name, &v, &n);
	else
		err = inet_get_option(s, level, name, &v.i);
	if (err == EINPROGRESS) {
		err = nt_sock_getopt(s->file.handle, level,
		    inet_option_name(level, name), &v, &ntlen);
		/* Some booleans are one byte on NT. */
		n = ntlen < (int)sizeof(v.i) ? sizeof(v.i) : (socklen_t)ntlen;
	}
	if (err != 0)
		return err == EINVAL ? ENOPROTOOPT : err;
	if (*len > n)
		*len = n;
	memcpy(val, &v, *len);
	return 0;
}

int
getsockopt(int fd, int level, int name, void *__restrict__ val,
    socklen_t *__restrict__ len)
{
	struct socket *s;
	int err;

	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if (val == NULL || len == NULL)
		err = EFAULT;
	else if ((int)*len < 0)
		err = EINVAL;
	else
		err = get_option(s, level, name, val, len);
	sock_put(s);
	return result(err, 0);
}

static int
set_linger(struct socket *s, const void *val, socklen_t len)
{
	struct linger l;
	int err;

	if (len < sizeof(l))
		return EINVAL;
	memcpy(&l, val, sizeof(l));
	err = nt_sock_linger(s->file.handle, l.l_onoff, l.l_linger);
	/* NT's own AF_UNIX has no such option, and no need of it. */
	if (err != 0 && s->domain != AF_UNIX)
		return err;
	s->linger = l;
	return 0;
}

/* As Linux: 0 is 1, a negative number a large one, and TCP has an end. */
static void
set_lowat(struct socket *s, int i)
{
	if (i < 0)
		i = INT_MAX;
	if (s->domain != AF_UNIX && s->type == SOCK_STREAM && i > TCP_LOWAT_MAX)
		i = TCP_LOWAT_MAX;
	atomic_store(&s->rcvlowat, i > 0 ? i : 1);
	/* What was read ahead may be enough now. */
	watch_notify(&s->file, EPOLLIN);
}

static int
set_ours(struct socket *s, int name, const void *val, socklen_t len)
{
	int i;

	switch (name) {
	case SO_LINGER:
		return set_linger(s, val, len);
	case SO_RCVTIMEO:
		return timeout_set(&s->rcvtimeo, val, len);
	case SO_SNDTIMEO:
		return timeout_set(&s->sndtimeo, val, len);
	default:
		break;
	}
	if (len < sizeof(i))
		return EINVAL;
	memcpy(&i, val, sizeof(i));
	switch (name) {
	case SO_REUSEADDR:
		/* inet.c says what becomes of it. */
		atomic_store(&s->reuse, i != 0);
		return 0;
	case SO_PASSCRED:
		if (s->un == NULL)
			return EOPNOTSUPP;
		atomic_store(&s->un->passcred, i != 0);
		return 0;
	case SO_KEEPALIVE:
	case SO_BROADCAST:
	case SO_OOBINLINE:
	case SO_DONTROUTE:
	case SO_SNDBUF:
	case SO_RCVBUF:
		return nt_sock_setopt(s->file.handle, SOL_SOCKET, name, &i,
		    sizeof(i));
	case SO_RCVLOWAT:
		set_lowat(s, i);
		return 0;
	default:
		return ENOPROTOOPT;
	}
}

static int
set_option(struct socket *s, int level, int name, const void *val,
    socklen_t len)
{
	if (level == SOL_SOCKET)
		return set_ours(s, name, val, len);
	if (s->domain == AF_UNIX)
		return EOPNOTSUPP;
	return inet_set_option(s, level, name, val, len);
}

int
setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	struct socket *s;
	int err;

	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if ((int)len < 0)
		err = EINVAL;
	else if (val == NULL)
		err = EFAULT;
	else
		err = set_option(s, level, name, val, len);
	sock_put(s);
	return result(err, 0);
}
