/*
 * AF_UNIX: what its two roads share.  NT's own sockets where there are any,
 * else streams over loopback TCP whose peers prove that they can read the
 * socket's node.  README.md describes the emulation.
 */
#ifndef AFUNIX_UNIX_H
#define AFUNIX_UNIX_H

#include <sys/socket.h>
#include <sys/un.h>

#include "afunix/node.h"
#include "socket/sock.h"

struct hangup;
struct lane;
struct mailbox;
struct pipe_alarm;
struct unix_listener;

/* A path, NUL-terminated; "" for an unnamed socket. */
struct unix_name {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
};

struct unix_part {
	struct unix_name self;
	struct unix_name peer;
	struct ucred cred;		/* pid 0: not known */
	uintptr_t node;			/* held while bound, 0: not bound */
	struct unix_node keys;
	struct unix_listener *listener;
	uintptr_t claim;		/* native: see native_nt.h */
	uintptr_t named;		/* native: see bind_another() */
	struct lane *lane;		/* see lane.h; NULL: none */
	atomic_int passcred;		/* SO_PASSCRED */

	/* Datagrams, and packets that are connected: see boxed.h. */
	struct mailbox *box;		/* the own one */
	struct mailbox *to;		/* connected; under the socket's lock */
	struct mailbox *last;		/* sent to by name; under it as well */
	struct pipe_alarm *news, *room;
	struct hangup *hangup;
};

extern const struct sock_ops unix_emul_ops;
extern const struct sock_ops unix_native_ops;
extern const struct sock_ops unix_dgram_ops;
extern const struct sock_ops unix_seq_ops;

/* Of a stream that is neither connected nor listens yet. */
extern const struct file_ops unix_fresh_file_ops;

int unix_socket(int type, int protocol, int flags, struct socket **);
int unix_pair(int type, int protocol, int flags, struct socket *[2]);

/* A struct socket with its struct unix_part; owns handle also on failure. */
int unix_new(const struct sock_ops *, int type, uintptr_t handle, int flags,
    struct socket **);
void unix_destroy(struct socket *);

/*
 * The path in an address: EINVAL, ENAMETOOLONG never (it always fits), and
 * EADDRNOTAVAIL for an abstract name (LIM-UNIX-1).
 */
int unix_parse(const struct sockaddr *, socklen_t, struct unix_name *);

/*
 * The address of a name, and its length: that of the family alone if it has
 * none.  One of 108 bytes is longer than a sockaddr_un, as on Linux.
 */
socklen_t unix_sockaddr(const struct unix_name *, struct sockaddr_storage *);

/* err of a connect(): when it is EINPROGRESS, wait for how it ends. */
int unix_settle(struct socket *, int err, int64_t deadline);

/* One try, as nt_sock_send() and nt_sock_recv(), with what the lane has. */
int unix_send(struct socket *, struct nt_msg *, size_t *done);
int unix_recv(struct socket *, struct nt_msg *, size_t *done);

/*
 * What the peer's end means here, for any socket: SOCK_SHUT_* of what it has
 * shut; ECONNRESET once, when it left data unread.  unix_ended() is told of the
 * end of the stream, and gives that error.
 */
int unix_shut_here(const struct socket *);
int unix_take_error(struct socket *);
int unix_ended(struct socket *);

/* Operations that do not differ. */
int unix_name_of(struct socket *, int peer, struct sockaddr_storage *,
    socklen_t *);
int unix_peercred(struct socket *, struct ucred *);
int unix_send_errno(struct socket *, int err);
int unix_recv_errno(struct socket *, int err);

#endif
