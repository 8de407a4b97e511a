#include "afunix/unix.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "afunix/dgram.h"
#include "afunix/lane.h"
#include "afunix/native_nt.h"
#include "afunix/rights.h"
#include "afunix/seqpacket.h"

#define PATH_AT offsetof(struct sockaddr_un, sun_path)

/*
 * Native where NT has AF_UNIX, which only asking tells; COMPAT_AFUNIX forces
 * one road, for tests.
 */
static const struct sock_ops *
road(int *err)
{
	const char *want = getenv("COMPAT_AFUNIX");

	*err = 0;
	if (want != NULL && strcmp(want, "emulate") == 0)
		return &unix_emul_ops;
	if (native_works())
		return &unix_native_ops;
	if (want != NULL && strcmp(want, "native") == 0)
		*err = EAFNOSUPPORT;
	return &unix_emul_ops;
}

int
unix_new(const struct sock_ops *ops, int type, uintptr_t handle, int flags,
    struct socket **sp)
{
	struct unix_part *un;
	int err;

	if ((un = calloc(1, sizeof(*un))) == NULL) {
		nt_sock_close(handle, 0);
		return ENOMEM;
	}
	err = sock_new(ops, AF_UNIX, type, 0, handle, flags, sp);
	if (err != 0) {
		free(un);
		return err;
	}
	(*sp)->un = un;
	un->keys.type = type;
	return 0;
}

int
unix_socket(int type, int protocol, int flags, struct socket **sp)
{
	const struct sock_ops *ops;
	uintptr_t handle;
	int err, native;

	if (type != SOCK_STREAM && type != SOCK_DGRAM &&
	    type != SOCK_SEQPACKET)
		return ESOCKTNOSUPPORT;
	if (protocol != 0 && protocol != PF_UNIX)
		return EPROTONOSUPPORT;
	if (type == SOCK_DGRAM)
		return dgram_socket(flags, sp);
	ops = road(&err);
	if (err != 0)
		return err;
	native = ops == &unix_native_ops && type == SOCK_STREAM;
	err = nt_sock_open(native ? AF_UNIX : AF_INET, SOCK_STREAM, 0,
	    &handle);
	if (err != 0)
		return err;
	if (type == SOCK_SEQPACKET)
		return seq_new(handle, flags, sp);
	if ((err = unix_new(ops, type, handle, flags, sp)) != 0)
		return err;
	(*sp)->file.ops = &unix_fresh_file_ops;
	return 0;
}

void
unix_destroy(struct socket *s)
{
	if (s->un->lane != NULL)
		lane_close(s->un->lane, s->file.handle, 0);
	free(s->un);
}

int
unix_settle(struct socket *s, int err, int64_t deadline)
{
	while (err == EINPROGRESS) {
		if (sock_ready(s, EPOLLOUT))
			err = nt_sock_error(s->file.handle);
		else if ((err = sock_block(s, EPOLLOUT, deadline, 0)) == 0)
			err = EINPROGRESS;
	}
	return err;
}

int
unix_send(struct socket *s, struct nt_msg *m, size_t *done)
{
	if (s->un->lane != NULL)
		return lane_send(s->un->lane, s->file.handle, m, done);
	/* Wine's answer would be that of a socket that was shut down. */
	if (s->type == SOCK_STREAM && atomic_load(&s->state) != SOCK_CONNECTED)
		return ENOTCONN;
	if (m->scm != NULL && m->scm->n > 0)
		return EOPNOTSUPP;
	return nt_sock_send(s->file.handle, m, done);
}

int
unix_recv(struct socket *s, struct nt_msg *m, size_t *done)
{
	if (s->un->lane != NULL)
		return lane_recv(s->un->lane, s->file.handle, m,
		    atomic_load(&s->un->passcred), done);
	if (m->scm != NULL)
		m->scm->pid = (uint32_t)s->un->cred.pid;
	return nt_sock_recv(s->file.handle, m, done);
}

int
unix_shut_here(const struct socket *s)
{
	return s->un != NULL && s->un->lane != NULL ?
	    lane_shut_here(s->un->lane) : 0;
}

int
unix_take_error(struct socket *s)
{
	return s->un != NULL && s->un->lane != NULL ?
	    lane_take_error(s->un->lane) : 0;
}

int
unix_ended(struct socket *s)
{
	if (s->un == NULL || s->un->lane == NULL)
		return 0;
	lane_ended(s->un->lane);
	return lane_take_error(s->un->lane);
}

int
unix_parse(const struct sockaddr *addr, socklen_t len, struct unix_name *name)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)addr;

	if (addr->sa_family != AF_UNIX || len <= PATH_AT || len > sizeof(*un))
		return EINVAL;
	if (un->sun_path[0] == '\0')
		return EADDRNOTAVAIL;
	memset(name, 0, sizeof(*name));
	memcpy(name->path, un->sun_path, len - PATH_AT);
	return 0;
}

socklen_t
unix_sockaddr(const struct unix_name *name, struct sockaddr_storage *out)
{
	struct sockaddr_un *un = (struct sockaddr_un *)out;
	size_t n = strlen(name->path);

	un->sun_family = AF_UNIX;
	if (n == 0)
		return PATH_AT;
	memcpy(un->sun_path, name->path, n + 1);
	return (socklen_t)(PATH_AT + n + 1);
}

int
unix_name_of(struct socket *s, int peer, struct sockaddr_storage *out,
    socklen_t *len)
{
	if (peer && atomic_load(&s->state) != SOCK_CONNECTED)
		return ENOTCONN;
	*len = unix_sockaddr(peer ? &s->un->peer : &s->un->self, out);
	return 0;
}

int
unix_peercred(struct socket *s, struct ucred *cred)
{
	if (atomic_load(&s->state) != SOCK_CONNECTED) {
		cred->pid = 0;
		cred->uid = cred->gid = (uid_t)-1;
	} else {
		*cred = s->un->cred;
	}
	return 0;
}

/*
 * af_unix(7): who is gone is EPIPE for a sender, never ECONNRESET.  Wine says
 * so too of one that never was connected.
 */
int
unix_send_errno(struct socket *s, int err)
{
	switch (err) {
	case ECONNRESET:
	case ECONNABORTED:
	case ESHUTDOWN:
		return atomic_load(&s->state) == SOCK_CONNECTED ? EPIPE :
		    ENOTCONN;
	default:
		return err;
	}
}

/* Linux has EINVAL for a stream that is not connected. */
int
unix_recv_errno(struct socket *s, int err)
{
	switch (err) {
	case ECONNRESET:
	case ECONNABORTED:
		(void)unix_take_error(s);
		return atomic_exchange(&s->gone, 1) ? 0 : ECONNRESET;
	case ENOTCONN:
		return EINVAL;
	default:
		return err;
	}
}
