/*
 * <sys/socket.h>
 *
 * The structs have Winsock's layout and the constants Winsock's values where
 * Winsock has them, so that nothing is copied on the way down; what NT lacks
 * has a value of ours that compat/socket handles itself.  winsock2.h cannot be
 * mixed with this header: its socket() returns another type.
 */
#ifndef COMPAT_SYS_SOCKET_H
#define COMPAT_SYS_SOCKET_H

#if defined(_WINSOCK2API_) || defined(_WINSOCKAPI_)
#error "<sys/socket.h> of libcompat cannot be used after <winsock2.h>: a file \
has either POSIX sockets or Winsock's."
#endif

#include <bits/sym.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <stddef.h>
#include <stdint.h>

COMPAT_BEGIN_DECLS

typedef uint32_t socklen_t;
typedef uint16_t sa_family_t;

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

struct sockaddr_storage {
	sa_family_t ss_family;
	char compat_pad1[6];
	int64_t compat_align;
	char compat_pad2[112];
};

struct timespec;

/* Linux has both as size_t; POSIX wants int and socklen_t. */
struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	size_t msg_iovlen;
	void *msg_control;
	size_t msg_controllen;
	int msg_flags;
};

/* One of sendmmsg()'s and recvmmsg()'s. */
struct mmsghdr {
	struct msghdr msg_hdr;
	unsigned int msg_len;		/* out: bytes sent or received */
};

struct cmsghdr {
	size_t cmsg_len;
	int cmsg_level;
	int cmsg_type;
};

/* Seconds as int: Winsock's has 16-bit members and is converted. */
struct linger {
	int l_onoff;
	int l_linger;
};

/* SO_PEERCRED, unix(7). */
struct ucred {
	pid_t pid;
	unsigned int uid;
	unsigned int gid;
};

/* CMSG_*: RFC 3542; data is aligned for a size_t. */
#define CMSG_ALIGN(len) \
	(((len) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))
#define CMSG_SPACE(len) \
	(CMSG_ALIGN(len) + CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_LEN(len) (CMSG_ALIGN(sizeof(struct cmsghdr)) + (len))
#define CMSG_DATA(cmsg) \
	((unsigned char *)(cmsg) + CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_FIRSTHDR(mhdr) \
	((mhdr)->msg_controllen >= sizeof(struct cmsghdr) ? \
	    (struct cmsghdr *)(mhdr)->msg_control : (struct cmsghdr *)0)
#define CMSG_NXTHDR(mhdr, cmsg) compat_cmsg_nxthdr((mhdr), (cmsg))

static inline struct cmsghdr *
compat_cmsg_nxthdr(const struct msghdr *mhdr, struct cmsghdr *cmsg)
{
	size_t at, room;

	at = (size_t)((char *)cmsg - (char *)mhdr->msg_control);
	room = mhdr->msg_controllen - at;
	if (cmsg->cmsg_len < sizeof(*cmsg) ||
	    CMSG_ALIGN(cmsg->cmsg_len) + sizeof(*cmsg) > room)
		return (struct cmsghdr *)0;
	return (struct cmsghdr *)((char *)cmsg + CMSG_ALIGN(cmsg->cmsg_len));
}

#define SCM_RIGHTS 1
#define SCM_CREDENTIALS 2

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_LOCAL AF_UNIX
#define AF_INET 2
#define AF_INET6 23

#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_LOCAL AF_UNIX
#define PF_INET AF_INET
#define PF_INET6 AF_INET6

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_RDM 4
#define SOCK_SEQPACKET 5
#define SOCK_NONBLOCK 0x10000	/* ours, for socket and accept4 */
#define SOCK_CLOEXEC 0x20000	/* ours */

#define SOL_SOCKET 0xffff

#define SO_DEBUG 0x0001
#define SO_ACCEPTCONN 0x0002
#define SO_REUSEADDR 0x0004
#define SO_KEEPALIVE 0x0008
#define SO_DONTROUTE 0x0010
#define SO_BROADCAST 0x0020
#define SO_LINGER 0x0080
#define SO_OOBINLINE 0x0100
#define SO_SNDBUF 0x1001
#define SO_RCVBUF 0x1002
#define SO_SNDLOWAT 0x1003
#define SO_RCVLOWAT 0x1004
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008
/* Ours: NT has none of them, or with another meaning. */
#define SO_DOMAIN 0x10001
#define SO_PROTOCOL 0x10002
#define SO_PEERCRED 0x10003
#define SO_REUSEPORT 0x10004	/* ENOPROTOOPT, LIM-SOCK-14 */
#define SO_PASSCRED 0x10005	/* AF_UNIX only */

#define SOMAXCONN 4096

#define MSG_OOB 0x0001
#define MSG_PEEK 0x0002
#define MSG_DONTROUTE 0x0004
#define MSG_WAITALL 0x0008
#define MSG_TRUNC 0x0100
#define MSG_CTRUNC 0x0200
/* Ours. */
#define MSG_DONTWAIT 0x10000
#define MSG_NOSIGNAL 0x20000
#define MSG_CMSG_CLOEXEC 0x40000
#define MSG_EOR 0x80000
#define MSG_WAITFORONE 0x100000	/* recvmmsg: wait for the first only */

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

/*
 * Errors are those of POSIX and the Linux manual pages; see compat_socket(7)
 * for the list and for the differences (LIM-SOCK, LIM-UNIX).
 */
int socket(int, int, int) COMPAT_SYM(socket);
int socketpair(int, int, int, int[2]) COMPAT_SYM(socketpair);
int bind(int, const struct sockaddr *, socklen_t) COMPAT_SYM(bind);
int listen(int, int) COMPAT_SYM(listen);
int accept(int, struct sockaddr *__restrict__, socklen_t *__restrict__)
    COMPAT_SYM(accept);
int accept4(int, struct sockaddr *__restrict__, socklen_t *__restrict__, int)
    COMPAT_SYM(accept4);
int connect(int, const struct sockaddr *, socklen_t) COMPAT_SYM(connect);
int shutdown(int, int) COMPAT_SYM(shutdown);
int getsockname(int, struct sockaddr *__restrict__, socklen_t *__restrict__)
    COMPAT_SYM(getsockname);
int getpeername(int, struct sockaddr *__restrict__, socklen_t *__restrict__)
    COMPAT_SYM(getpeername);
int getsockopt(int, int, int, void *__restrict__, socklen_t *__restrict__)
    COMPAT_SYM(getsockopt);
int setsockopt(int, int, int, const void *, socklen_t)
    COMPAT_SYM(setsockopt);
ssize_t send(int, const void *, size_t, int) COMPAT_SYM(send);
ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *,
    socklen_t) COMPAT_SYM(sendto);
ssize_t sendmsg(int, const struct msghdr *, int) COMPAT_SYM(sendmsg);
ssize_t recv(int, void *, size_t, int) COMPAT_SYM(recv);
ssize_t recvfrom(int, void *__restrict__, size_t, int,
    struct sockaddr *__restrict__, socklen_t *__restrict__)
    COMPAT_SYM(recvfrom);
ssize_t recvmsg(int, struct msghdr *, int) COMPAT_SYM(recvmsg);

/**
 * sendmmsg(fd, vec, n, flags), recvmmsg(fd, vec, n, flags, timeout):
 * sendmsg() or recvmsg() for up to n messages; msg_len of each gets its bytes.
 * sendmmsg() stops after 1,024, and after one that a stream did not take
 * whole.  recvmmsg() waits for all n unless MSG_WAITFORONE says that the first
 * will do; timeout, if not NULL, gets what is left of it, and is looked at
 * after each message only: it does not end the wait for the next.
 *
 * Return how many messages went over, which may be 0 for n == 0 only, or -1
 * with errno set as by sendmsg() and recvmsg() for the first, or to:
 *	EFAULT		vec is NULL.
 *	EINVAL		timeout is negative or no time.
 * An error of a later message ends the call early, without an error.
 *
 * Source:	sendmmsg(2), recvmmsg(2) of Linux; not in POSIX.1-2024.
 */
int sendmmsg(int, struct mmsghdr *, unsigned int, int) COMPAT_SYM(sendmmsg);
int recvmmsg(int, struct mmsghdr *, unsigned int, int, struct timespec *)
    COMPAT_SYM(recvmmsg);

/**
 * sockatmark(fd):
 * Return 1 when the next byte of the stream fd is where the peer sent urgent
 * data, 0 when not, or -1 with errno set to:
 *	EBADF		fd is not open.
 *	ENOTTY		fd is not a stream socket.
 *
 * Source:	POSIX.1-2024; sockatmark(3).
 * Limits:	LIM-SOCK-11.
 */
int sockatmark(int) COMPAT_SYM(sockatmark);

COMPAT_END_DECLS

#endif
