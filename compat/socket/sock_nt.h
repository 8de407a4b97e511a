/*
 * Winsock behind a face without Winsock's types.  Handles are uintptr_t,
 * addresses bytes (their layout is the same on both sides, see
 * <sys/socket.h>), results 0 or a positive errno that is already Linux's for
 * the call; EAGAIN where the call would block: every socket here is
 * non-blocking.
 */
#ifndef SOCKET_SOCK_NT_H
#define SOCKET_SOCK_NT_H

#include <stddef.h>
#include <stdint.h>

struct iovec;
struct scm;

/* NT's control messages: more than one of each kind that we ask for. */
#define NT_CONTROL_MAX 256

struct nt_control {
	_Alignas(size_t) unsigned char bytes[NT_CONTROL_MAX];
	size_t len;
	int truncated;		/* out: NT had more */
};

/* One send or receive. */
struct nt_msg {
	const struct iovec *iov;
	int iovcnt;
	size_t skip;		/* bytes at the front that are done already */
	size_t limit;		/* at most so many bytes; 0: no limit */
	void *name;		/* NULL: none */
	int namelen;		/* in: of the buffer or address; out */
	int flags;		/* MSG_OOB, MSG_PEEK, MSG_DONTROUTE only */
	int truncated;		/* out: a datagram did not fit */
	struct nt_control *control;	/* datagrams only; NULL: none */
	struct scm *scm;	/* AF_UNIX streams only; NULL: none */
	int barrier;		/* out: nothing more may be read with it */
};

/* Start Winsock, once. */
int nt_sock_start(void);

/*
 * A new socket: overlapped, not inheritable, non-blocking; UDP without
 * WSAECONNRESET from ICMP, IPv6 with both stacks, as on Linux.
 */
int nt_sock_open(int family, int type, int protocol, uintptr_t *sock);

/* For a moment of our own: its calls wait. */
int nt_sock_blocking(uintptr_t sock);

/* Close; linger: SO_LINGER with a time is on, so wait as it says. */
void nt_sock_close(uintptr_t sock, int linger);

int nt_sock_bind(uintptr_t sock, const void *addr, int len);
int nt_sock_listen(uintptr_t sock, int backlog);
int nt_sock_accept(uintptr_t sock, uintptr_t *conn);
int nt_sock_accept_from(uintptr_t sock, uintptr_t *conn, void *addr, int *len);

/* EINPROGRESS, EALREADY, EISCONN as Linux has them. */
int nt_sock_connect(uintptr_t sock, const void *addr, int len);

/* Refuse at once when nothing listens; NT tries for two seconds otherwise. */
void nt_sock_no_retry(uintptr_t sock);

int nt_sock_shutdown(uintptr_t sock, int how);
int nt_sock_name(uintptr_t sock, void *addr, int *len);
int nt_sock_peer(uintptr_t sock, void *addr, int *len);
int nt_sock_getopt(uintptr_t sock, int level, int name, void *val, int *len);
int nt_sock_setopt(uintptr_t sock, int level, int name, const void *val,
    int len);
int nt_sock_linger(uintptr_t sock, int onoff, int seconds);
int nt_sock_exclusive(uintptr_t sock, int on);
int nt_sock_error(uintptr_t sock);	/* SO_ERROR as an errno */
int nt_sock_readable(uintptr_t sock, int *bytes);	/* FIONREAD */
int nt_sock_at_mark(uintptr_t sock, int *mark);

/* What a socket is that somebody else made. */
struct nt_kind {
	int family, type, protocol;
	int bound, connected, listening;
	int linger_on, linger;		/* s */
};

int nt_sock_kind(uintptr_t sock, struct nt_kind *);

/* Non-blocking and not inheritable, as all of ours are. */
int nt_sock_make_ours(uintptr_t sock);

/*
 * Tell Winsock of a socket that came as a handle from another process, or from
 * DuplicateHandle().  NT's finds out by itself.
 */
void nt_sock_import(uintptr_t sock);

int nt_sock_send(uintptr_t sock, struct nt_msg *, size_t *done);
int nt_sock_recv(uintptr_t sock, struct nt_msg *, size_t *done);

#endif
