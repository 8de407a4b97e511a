/*
 * The ends of an AF_UNIX stream.  TCP tells a peer that nothing comes any more,
 * but not whether somebody still reads: that is in the lane.  Who shuts or
 * closes an end writes it down before TCP tells; an end that TCP tells of and
 * that nobody wrote down is that of a process that was killed.
 */
#include "afunix/lane.h"

#include <sys/epoll.h>
#include <sys/uio.h>

#include <errno.h>

#include "afunix/lane_shared.h"
#include "poll/watch.h"
#include "socket/sock.h"

#define SHUT_BOTH (SOCK_SHUT_RD | SOCK_SHUT_WR)

/* More than NT keeps for a socket: who goes on writing has no lane. */
#define LEFT_MAX (INT64_C(1) << 26)

void
lane_shut(struct lane *l, int how)
{
	atomic_fetch_or(&l->me->shut, how);
}

int
lane_shut_here(const struct lane *l)
{
	int theirs = atomic_load(&l->peer->shut);

	return ((theirs & SOCK_SHUT_RD) != 0 ? SOCK_SHUT_WR : 0) |
	    ((theirs & SOCK_SHUT_WR) != 0 ? SOCK_SHUT_RD : 0);
}

int
lane_take_error(struct lane *l)
{
	return atomic_load(&l->me->reset) != 0 &&
	    atomic_exchange(&l->me->reset, 0) != 0 ? ECONNRESET : 0;
}

/* Would an end that comes now be one that nobody wrote down? */
static int
end_is_death(const struct lane *l)
{
	return (atomic_load(&l->peer->shut) & SOCK_SHUT_WR) == 0 &&
	    atomic_load(&l->peer->strangers) == 0;
}

void
lane_ended(struct lane *l)
{
	if (end_is_death(l))
		atomic_store(&l->peer->shut, SHUT_BOTH);
}

uint32_t
lane_poll(const struct lane *l)
{
	return (atomic_load(&l->me->reset) != 0 ? EPOLLERR : 0) |
	    (end_is_death(l) ? WATCH_END_HUPS : 0);
}

/* Return whether there was anything. */
static int
read_away(uintptr_t sock)
{
	char buf[16384];
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct nt_msg m = { .iov = &iov, .iovcnt = 1 };
	int64_t sum = 0;
	size_t n;

	do {
		n = 0;
		if (nt_sock_recv(sock, &m, &n) != 0)
			break;
		sum += (int64_t)n;
	} while (n > 0 && sum < LEFT_MAX);
	return sum > 0;
}

void
lane_end(struct lane *l, uintptr_t sock, int lost)
{
	if (atomic_load(&l->me->strangers) != 0)
		return;
	atomic_fetch_or(&l->me->shut, SHUT_BOTH);
	/* Nobody is there to be told. */
	if (atomic_load(&l->peer->shut) == SHUT_BOTH)
		return;
	if ((sock != 0 && read_away(sock)) || lost)
		atomic_store(&l->peer->reset, 1);
}
