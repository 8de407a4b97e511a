/*
 * Sockets as open file descriptions.
 *
 * Every socket is a Winsock socket that never blocks; a call that has to wait
 * waits in sock_block().  What differs between the Internet families, NT's own
 * AF_UNIX and our AF_UNIX over loopback is behind struct sock_ops; sending,
 * receiving and options are the same for all.
 */
#ifndef SOCKET_SOCK_H
#define SOCKET_SOCK_H

#include <sys/socket.h>

#include <stdatomic.h>
#include <stdint.h>

#include "fd/file.h"
#include "socket/ahead.h"
#include "socket/sock_nt.h"

struct socket;
struct unix_part;

struct sock_ops {
	const char *name;

	/* addr has at least a family, and is a private copy. */
	int (*bind)(struct socket *, const struct sockaddr *, socklen_t);
	int (*listen)(struct socket *, int backlog);
	int (*connect)(struct socket *, const struct sockaddr *, socklen_t,
	    int nonblock);

	/* One try: EAGAIN when nobody is there. */
	int (*accept)(struct socket *, struct socket **);

	/* Wait for the next; as sock_block(). */
	int (*wait_accept)(struct socket *, int64_t deadline, int timed);

	/* After shutdown() of a listener; optional. */
	void (*wake)(struct socket *);

	/*
	 * Wake whoever waits for the socket otherwise than in sock_block(), to
	 * see that it is closed: file_is_held().  Optional.
	 */
	void (*rouse)(struct socket *);

	/*
	 * Optional, where Winsock's are not it; as sock_send() and
	 * sock_recv(), and shutdown(2) for a checked how.
	 */
	int (*send)(struct socket *, struct nt_msg *, int flags, size_t *done);
	int (*recv)(struct socket *, struct nt_msg *, int flags, size_t *done);
	int (*shutdown)(struct socket *, int how);

	/* The whole address; the face cuts it to the caller's buffer. */
	int (*name_of)(struct socket *, int peer, struct sockaddr_storage *,
	    socklen_t *);

	/* EOPNOTSUPP where a family has none. */
	int (*peercred)(struct socket *, struct ucred *);

	/* Linux's errno for an errno of NT's on this kind of stream. */
	int (*send_errno)(struct socket *, int err);
	int (*recv_errno)(struct socket *, int err);

	/* Before the handle is closed; optional. */
	void (*destroy)(struct socket *);
};

enum sock_state {
	SOCK_FRESH,		/* neither of the others; may be bound */
	SOCK_CONNECTING,	/* connect(2) gave EINPROGRESS */
	SOCK_CONNECTED,
	SOCK_LISTENING
};

#define SOCK_SHUT_RD 1
#define SOCK_SHUT_WR 2

struct socket {
	struct file file;	/* handle: the SOCKET */
	const struct sock_ops *ops;
	uintptr_t base;		/* what AFD is asked about */
	int domain;
	int type;
	int protocol;

	atomic_int state;	/* enum sock_state */
	atomic_int shut;	/* SOCK_SHUT_* */
	atomic_int bound;
	atomic_int reuse;	/* SO_REUSEADDR as the program set it */
	atomic_int gone;	/* reset or end of stream was reported */
	atomic_int error;	/* SO_ERROR still to be reported */
	atomic_int rcvlowat;	/* SO_RCVLOWAT; of a stream */
	atomic_int user_timeout;	/* TCP_USER_TIMEOUT, ms; 0: NT's own */
	struct ahead ahead;	/* of TCP */
	struct linger linger;
	_Atomic int64_t rcvtimeo;	/* ns, -1: none */
	_Atomic int64_t sndtimeo;

	struct lock lock;	/* of what follows */
	struct sock_waiter *waiters;
	_Atomic uintptr_t spare_event;
	struct unix_part *un;	/* AF_UNIX only */
};

/* Is it of a kind that listens and accepts? */
static inline int
sock_has_connections(const struct socket *s)
{
	return s->type == SOCK_STREAM || s->type == SOCK_SEQPACKET;
}

/* A destination: EAFNOSUPPORT, EINVAL when it is too short. */
int inet_check_addr(const struct socket *, const struct sockaddr *, socklen_t);

extern const struct sock_ops inet_ops;
extern const struct file_ops sock_file_ops;

/* --- sock.c --- */

/* fd's socket with a reference: 0, EBADF or ENOTSOCK. */
int sock_get(int fd, struct socket **);
void sock_put(struct socket *);

/*
 * A description around handle, which it owns from then on, even when that
 * fails.  flags: O_NONBLOCK or 0.
 */
int sock_new(const struct sock_ops *, int domain, int type, int protocol,
    uintptr_t handle, int flags, struct socket **);

/* The same, but the handle stays the caller's when it fails. */
int sock_wrap(const struct sock_ops *, int domain, int type, int protocol,
    uintptr_t handle, int flags, struct socket **);

/* Give s a descriptor; s belongs to the table then, also on failure. */
int sock_install(struct socket *s, int type_flags, int *fd);

/* Of sock_file_ops, for kinds that share them. */
int sock_readv(struct file *, const struct iovec *, int, ssize_t *);
int sock_writev(struct file *, const struct iovec *, int, ssize_t *);
int sock_stat(struct file *, struct stat *);
int sock_ioctl(struct file *, unsigned long, void *);
uint32_t sock_poll(struct file *);
void sock_close(struct file *);

/* Put another handle in the place of s's; the old one is closed. */
int sock_replace(struct socket *s, uintptr_t handle);

/* --- wait.c --- */

/*
 * Wait until any of the EPOLL* events holds, an error is there, or shutdown()
 * woke us (all 0: try again).  ETIMEDOUT, or EINTR after handlers ran.  ends:
 * SA_RESTART does not restart, since SO_RCVTIMEO or SO_SNDTIMEO is set or a
 * part is done.
 */
int sock_block(struct socket *, uint32_t events, int64_t deadline, int ends);

/* The same for an event of NT's that the socket's unheld() sets; EBADF. */
int sock_await(struct socket *, uintptr_t event, int64_t deadline, int ends);

/*
 * The same for EPOLLIN, of TCP, when the caller knows of so many bytes that
 * were read ahead: other ones end it, too.
 */
int sock_block_ahead(struct socket *, size_t known, int64_t deadline,
    int ends);

/* Wake who waits for one of the events, to try again. */
void sock_rouse(struct socket *, uint32_t events);

/* Do any of the events hold now? */
int sock_ready(struct socket *, uint32_t events);

/* End the waits of s whose kind was shut down. */
void sock_wake(struct socket *);

/* A file operation: calls that wait end with EBADF (LIM-SOCK-46). */
void sock_unheld(struct file *);

/* --- io.c --- */
/*
 * Beside the flags of <sys/socket.h>: a part of the call is done, so that a
 * handler ends it, with SA_RESTART too.
 */
#define SOCK_PARTLY 0x200000

int sock_send(struct socket *, struct nt_msg *, int flags, size_t *done);
int sock_recv(struct socket *, struct nt_msg *, int flags, size_t *done);
int sock_nonblocking(struct socket *, int flags);

/* --- send.c, recv.c: one message, its arguments checked --- */
int sock_sendmsg(struct socket *, const struct msghdr *, int flags,
    size_t *done);
int sock_recvmsg(struct socket *, struct msghdr *, int flags, size_t *done);

/* --- sockopt_inet.c: levels other than SOL_SOCKET --- */
int inet_set_option(struct socket *, int level, int name, const void *,
    socklen_t);

/* Are there options of this level? */
int inet_has_level(const struct socket *, int level);

/* What NT calls an option; most are called as on Linux. */
int inet_option_name(int level, int name);

/*
 * multicast.c: groups, their sources and interfaces.  ENOPROTOOPT for what is
 * none of these.
 */
int multicast_set(struct socket *, int level, int name, const void *,
    socklen_t);

/* EINPROGRESS: ask NT. */
int inet_get_option(struct socket *, int level, int name, int *val);

/* --- connect.c --- */

/* 0 connected, EALREADY still connecting, or why it failed. */
int sock_settle(struct socket *);

/* --- name.c --- */

/* Hand an address out as accept, recvfrom and getsockname do. */
void sock_copy_name(const struct sockaddr_storage *, socklen_t len,
    struct sockaddr *to, socklen_t *tolen);

/* A private, checked copy of a caller's address: EFAULT, EINVAL. */
int sock_take_name(const struct sockaddr *, socklen_t,
    struct sockaddr_storage *);

#endif
