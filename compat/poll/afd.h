/*
 * Asking AFD, NT's socket driver, for the readiness of a socket.
 *
 * A request is an IOCTL_AFD_POLL that stays pending until one of the events
 * holds.  The kernel writes its result into the struct afd_op, so that must
 * not move or be freed until the completion was collected, whatever happened
 * to the socket or the registration in the meantime.
 */
#ifndef POLL_AFD_H
#define POLL_AFD_H

#include <stdint.h>

/* AFD's own events, which are finer than EPOLL*. */
#define AFD_IN		0x001u		/* data */
#define AFD_PRI		0x002u		/* urgent data */
#define AFD_OUT		0x004u
#define AFD_FIN		0x008u		/* the peer sends no more */
#define AFD_RESET	0x010u
#define AFD_CLOSED	0x020u		/* the last handle was closed */
#define AFD_ACCEPT	0x080u
#define AFD_REFUSED	0x100u		/* connect failed */

struct afd_op {
	/* IO_STATUS_BLOCK and AFD_POLL_INFO, see afd_nt.c */
	_Alignas(8) unsigned char kernel[48];
	uintptr_t via;		/* the handle that the request was made on */
	uint32_t asked;		/* AFD_* of the pending request */
};

/* What to ask for so that the EPOLL* events are seen, and the way back. */
uint32_t afd_from_epoll(uint32_t events);
uint32_t afd_to_epoll(uint32_t afd);

/*
 * Open a handle for requests about other sockets whose completions go to the
 * port, with the request's address as the packet's context.  *skips: a
 * request that is complete at once sends no packet.
 */
int afd_open(uintptr_t port, uintptr_t *via, int *skips);
void afd_close(uintptr_t via);

/*
 * Ask about the base socket handle sock on via (0: on sock itself).  When it
 * is done, event is set (0: none), or a packet with context goes to the port
 * of via (NULL: none).  Return 0 when complete already, EINPROGRESS when
 * pending, or an errno (EBADF: not a socket any more).
 */
int afd_start(struct afd_op *, uintptr_t via, uintptr_t sock, uint32_t asked,
    uintptr_t event, void *context);

/* The AFD_* events of a completed request; 0 when cancelled or failed. */
uint32_t afd_result(const struct afd_op *);

/*
 * Why a completed request failed; 0 when it did not, and when it was
 * cancelled: it can be made again then, and otherwise would fail again.
 */
int afd_error(const struct afd_op *);

/* Has the kernel written the result yet? */
int afd_is_done(const struct afd_op *);

/* Ask for an early end; the completion comes all the same. */
void afd_cancel(struct afd_op *);

#endif
