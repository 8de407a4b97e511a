/* Sockets, as far as the two families differ. */
#include "private.h"

#include <sys/un.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
rx_sock_nodelay(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* The next close() is a reset: the port is free at once. */
void
rx_sock_abort(int fd)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static int
new_socket(const struct rx_address *a, int *fdp)
{
	int fd = socket(a->sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0);

	if (fd == -1)
		return errno;
	*fdp = fd;
	return 0;
}

/*
 * A connection to a free local port can meet itself half-way (a simultaneous
 * open).  Nobody listens there.
 */
static bool
met_itself(int fd)
{
	struct rx_address here, there;

	here.len = sizeof(here.sa);
	there.len = sizeof(there.sa);
	return getsockname(fd, (struct sockaddr *)&here.sa, &here.len) == 0 &&
	    getpeername(fd, (struct sockaddr *)&there.sa, &there.len) == 0 &&
	    here.len == there.len && memcmp(&here.sa, &there.sa,
	    here.len) == 0;
}

/* 0: connected; EINPROGRESS: *fdp will be ready to send; or why not. */
int
rx_sock_connect(const struct rx_address *a, int *fdp)
{
	int err = new_socket(a, fdp);

	if (err != 0)
		return err;
	if (connect(*fdp, (const struct sockaddr *)&a->sa, a->len) == 0)
		return 0;
	if (errno == EINPROGRESS)
		return EINPROGRESS;
	err = errno;
	(void)close(*fdp);
	return err;
}

/* What became of a connect() that was in progress. */
int
rx_sock_connected(int fd)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0)
		return errno;
	if (err == 0 && met_itself(fd))
		return ECONNREFUSED;
	return err;
}

int
rx_sock_bound(int fd, struct rx_address *a)
{
	memset(a, 0, sizeof(*a));
	a->len = sizeof(a->sa);
	return getsockname(fd, (struct sockaddr *)&a->sa, &a->len) == 0 ? 0 :
	    errno;
}

/* Does somebody answer at this socket file? */
static bool
answers(const struct rx_address *a)
{
	int fd, err = rx_sock_connect(a, &fd);

	if (err == 0 || err == EINPROGRESS)
		(void)close(fd);
	return err != ECONNREFUSED;
}

/*
 * Take a stale socket file out of the way.  Between our look and our unlink
 * another starter might have put a live one there.  So take hold of the node
 * first, by renaming it, and look at what we hold: a socket can be reached
 * under its new name.  If it lives after all it gets its name back, unless
 * a third one has taken that.
 */
static int
remove_stale(const struct rx_address *a)
{
	struct sockaddr_un un, aside;
	struct rx_address held = { .len = sizeof(aside) };
	struct stat st;
	size_t len;
	int n;

	memcpy(&un, &a->sa, sizeof(un));
	if (lstat(un.sun_path, &st) != 0)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISSOCK(st.st_mode) || answers(a))
		return EADDRINUSE;
	memset(&aside, 0, sizeof(aside));
	aside.sun_family = AF_UNIX;
	len = sizeof(aside.sun_path);
	n = snprintf(aside.sun_path, len, "%s.%ld", un.sun_path,
	    (long)getpid());
	if (n < 0 || (size_t)n >= len)
		return EADDRINUSE;
	if (rename(un.sun_path, aside.sun_path) != 0)
		return errno == ENOENT ? 0 : errno;
	memcpy(&held.sa, &aside, sizeof(aside));
	if (answers(&held)) {
		(void)!link(aside.sun_path, un.sun_path);
		(void)unlink(aside.sun_path);
		return EADDRINUSE;
	}
	(void)unlink(aside.sun_path);
	return 0;
}

static int
bind_uds(int fd, struct rx_setup *s, const struct rx_address *a)
{
	struct stat st;
	int err;

	if (bind(fd, (const struct sockaddr *)&a->sa, a->len) != 0) {
		if (errno != EADDRINUSE)
			return errno;
		if ((err = remove_stale(a)) != 0)
			return err;
		if (bind(fd, (const struct sockaddr *)&a->sa, a->len) != 0)
			return errno;
	}
	if (lstat(s->endpoint.host, &st) == 0) {
		s->owns_path = true;
		s->dev = st.st_dev;
		s->ino = st.st_ino;
	}
	return 0;
}

static int
bind_tcp(int fd, const struct rx_address *a, bool any)
{
	const int on = 1, off = 0;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0)
		return errno;
	if (any && a->sa.ss_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &off, sizeof(off)) != 0)
		return errno;
	if (bind(fd, (const struct sockaddr *)&a->sa, a->len) != 0)
		return errno;
	return 0;
}

static int
listen_at(struct rx_setup *s, const struct rx_address *a, int *fdp)
{
	int err = new_socket(a, fdp);

	if (err != 0)
		return err;
	if (s->endpoint.uds)
		err = bind_uds(*fdp, s, a);
	else
		err = bind_tcp(*fdp, a, s->endpoint.host[0] == '\0');
	if (err == 0 && listen(*fdp, RX_BACKLOG) != 0)
		err = errno;
	if (err != 0) {
		rx_sock_unlink(s);
		(void)close(*fdp);
	}
	return err;
}

/* Listen on the first of the addresses that will have it. */
int
rx_sock_listen(struct rx_setup *s, int *fdp)
{
	int err = EADDRNOTAVAIL, i;

	for (i = 0; i < s->target_count; i++) {
		err = listen_at(s, &s->targets[i], fdp);
		if (err == 0 || err == EADDRINUSE)
			break;
	}
	return err;
}

/* Remove a listener's socket file, if it is still the one we made. */
void
rx_sock_unlink(struct rx_setup *s)
{
	struct stat st;

	if (s->owns_path && lstat(s->endpoint.host, &st) == 0 &&
	    st.st_dev == s->dev && st.st_ino == s->ino)
		(void)unlink(s->endpoint.host);
	s->owns_path = false;
}
