/*
 * <compat.h>: what libcompat offers beyond POSIX and Linux.  The same calls
 * exist on Linux, so that a port that uses them builds there too.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * compat_close_abort(fd):
 * Close the socket fd abortively: unsent data is discarded, the peer gets a
 * reset (ECONNRESET), and the port is free at once.  fd is closed whatever
 * the result, as with close(2).
 *
 * Return 0, or -1 with errno set to:
 *	EBADF		fd is not open.
 *	ENOTSOCK	fd is not a socket; it stays open.
 *
 * Source:	SO_LINGER with a zero time, socket(7).
 */
int compat_close_abort(int fd);

/* No socket: Winsock's INVALID_SOCKET. */
#define COMPAT_NO_SOCKET	((uintptr_t)-1)

/**
 * compat_socket_handle(fd):
 * Return the SOCKET behind fd, for a call of Winsock's own; on systems without
 * Winsock, fd itself.  It is non-blocking and stays fd's: it must not be
 * closed, nor its mode be changed, and it is good until fd is closed.
 *
 * COMPAT_NO_SOCKET with errno set to:
 *	EBADF		fd is not open.
 *	EBUSY		Bytes wait to be received that Winsock knows nothing
 *			of, after poll under SO_RCVLOWAT or MSG_PEEK.
 *	ENOTSOCK	fd is not a socket.
 *
 * Source:	libcompat.
 * Limits:	LIM-SOCK-5, LIM-SOCK-13.
 */
uintptr_t compat_socket_handle(int fd);

/**
 * compat_fd_from_socket(handle):
 * Make a descriptor of a SOCKET of AF_INET or AF_INET6 that the program has
 * from elsewhere and that no connect is under way on; on systems without
 * Winsock, a check.  From then on the descriptor owns it: close() closes it,
 * and children inherit it as they inherit other descriptors.
 *
 * Return the descriptor, which blocks, or -1, and the socket stays the
 * caller's, with errno set to:
 *	EAFNOSUPPORT	handle is of another family (NT only).
 *	EBADF		handle is COMPAT_NO_SOCKET, or not open.
 *	EMFILE		no descriptor is free.
 *	ENOMEM		no memory.
 *	ENOTSOCK	handle is not a socket.
 *
 * Source:	libcompat.
 * Limits:	LIM-SOCK-13.
 */
int compat_fd_from_socket(uintptr_t handle);

/**
 * getpeereid(fd, uid, gid):
 * Set *uid and *gid to the effective ids of the process at the other end of
 * the AF_UNIX stream fd, as they were when it connected or listened.  BSD has
 * the call, in <unistd.h>; so has libcompat on NT, where both are 0.  glibc has
 * none: there this is one, by SO_PEERCRED.
 *
 * Return 0, or -1 with errno set to:
 *	EBADF		fd is not open.
 *	EFAULT		uid or gid is a null pointer.
 *	ENOTCONN	fd has no peer.
 *	ENOTSOCK	fd is not a socket.
 *	EOPNOTSUPP	fd is of another family (NT; Linux: ENOTCONN).
 *
 * Source:	getpeereid(3) of FreeBSD.
 * Limits:	LIM-UNIX-3.
 */
#ifdef __GLIBC__
int getpeereid(int fd, uid_t *uid, gid_t *gid);
#endif

/* NT's console events, with NT's numbers. */
#define COMPAT_CTRL_C		0	/* CTRL+C: SIGINT */
#define COMPAT_CTRL_BREAK	1	/* CTRL+BREAK: SIGTERM */
#define COMPAT_CTRL_CLOSE	2	/* the window is closed: SIGHUP */
#define COMPAT_CTRL_LOGOFF	5	/* a user logs off: SIGHUP */
#define COMPAT_CTRL_SHUTDOWN	6	/* the machine goes down: SIGTERM */

/**
 * compat_signal_map(event, sig):
 * From now on, the console event sends the signal sig to this process; 0
 * leaves the event to NT, which ends the process.  The comments above give the
 * signals at start.  On systems without console events the arguments are
 * checked and the call has no other effect.
 *
 * Return the signal that the event had, or -1 with errno set to:
 *	EINVAL		event is not one of COMPAT_CTRL_*, or sig is neither 0
 *			nor a signal that a process can handle.
 *
 * See compat_signal(7).
 */
int compat_signal_map(int event, int sig);

/**
 * compat_signal_grace(event):
 * Return how many nanoseconds are left until NT ends this process because of
 * CTRL_CLOSE, CTRL_LOGOFF or CTRL_SHUTDOWN, which has become a signal, and
 * set *event to that event; at the end, or past it, 0.  -1 when no such end
 * is in sight, as always on systems without console events.  May be called
 * from a signal handler.
 *
 * Limits:	LIM-SIG-9.
 */
int64_t compat_signal_grace(int *event);

/**
 * compat_signal_interrupts(on):
 * Say whether a signal interrupts a thread of this program that computes: from
 * now on it does if on is greater than 0 and the program was linked so that it
 * can; if on is 0, the handler waits for the thread's next call of the library;
 * if it is less, all stays as it is.  COMPAT_INTERRUPTS=off in the environment
 * is like on = 0 at the start.  On systems other than NT it always does.
 *
 * Return 1 or 0: whether it did before.  It does not fail, and may be called
 * from a signal handler.
 *
 * Source:	libcompat.
 * Limits:	LIM-SIG-1.
 */
int compat_signal_interrupts(int on);

/**
 * compat_children_die(on):
 * When this process ends, however that may be, so do the processes that it
 * has started since the first call, and those that they have started: if on
 * is not 0 at that time.  0 lets them live on.
 *
 * Return 0, or -1 with errno set to:
 *	EAGAIN, ENOMEM, EACCES
 *			NT does not let the process make a job.
 *	ENOTSUP		on Linux: there a child asks for it itself, by
 *			prctl(PR_SET_PDEATHSIG).
 *
 * Source:	libcompat; job objects of NT.
 * Limits:	LIM-PROC-17.
 */
int compat_children_die(int on);

/**
 * compat_service_main(name, main_fn, argc, argv):
 * To be called by main, which returns what it returns.  Run main_fn(argc,
 * argv); as the service of that name (UTF-8), when NT's service manager has
 * started the program: then SERVICE_CONTROL_STOP, PRESHUTDOWN and SHUTDOWN are
 * SIGTERM, PARAMCHANGE is SIGHUP, and the manager is told that the service
 * runs, that it is about to stop, for as long as main_fn takes, and its exit
 * status.  On systems without that manager it only runs main_fn.
 *
 * Return what main_fn returns, or -1, and main_fn was not run, with errno set
 * to:
 *	EAGAIN, ENOMEM	no thread, or no memory.
 *	EFAULT		name or main_fn is a null pointer.
 *	EINVAL, EILSEQ	name is not UTF-8.
 *
 * Source:	libcompat; StartServiceCtrlDispatcher.
 * Limits:	LIM-PROC-18.
 */
int compat_service_main(const char *name, int (*main_fn)(int, char **),
    int argc, char **argv);

/* What the system has, beyond what libcompat needs. */
#define COMPAT_FINE_TIMEOUTS	0x1	/* poll and epoll end in time */

/**
 * compat_features():
 * Return which of COMPAT_FINE_TIMEOUTS the system has.  Where it is missing a
 * timeout of poll(), select() or epoll_wait() ends with the system's clock
 * interrupt: never early, and up to 15.6 ms late.
 *
 * Limits:	LIM-POLL-2.
 */
unsigned int compat_features(void);

#ifdef __cplusplus
}
#endif

#endif
