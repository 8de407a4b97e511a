#include <sys/select.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "fd/result.h"
#include "poll/poller.h"
#include "time/clock.h"

#define READS (POLLIN | POLLRDNORM | POLLRDBAND)
#define WRITES (POLLOUT | POLLWRNORM | POLLWRBAND)

static int
is_set(int fd, const fd_set *set)
{
	return set != NULL && FD_ISSET(fd, set);
}

static short
events_of(int fd, const fd_set *rd, const fd_set *wr, const fd_set *ex)
{
	return (short)((is_set(fd, rd) ? READS : 0) |
	    (is_set(fd, wr) ? WRITES : 0) | (is_set(fd, ex) ? POLLPRI : 0));
}

static nfds_t
from_sets(struct pollfd *p, int nfds, const fd_set *rd, const fd_set *wr,
    const fd_set *ex)
{
	nfds_t n = 0;
	short events;
	int fd;

	for (fd = 0; fd < nfds; fd++) {
		if ((events = events_of(fd, rd, wr, ex)) == 0)
			continue;
		p[n].fd = fd;
		p[n].events = events;
		n++;
	}
	return n;
}

static int
has_bad(const struct pollfd *p, nfds_t n)
{
	for (; n > 0; p++, n--)
		if (p->revents & POLLNVAL)
			return 1;
	return 0;
}

/* Keep fd in the set only if it is ready for what the set is about. */
static int
keep(const struct pollfd *p, fd_set *set, int ready)
{
	if (!is_set(p->fd, set))
		return 0;
	if (!ready)
		FD_CLR(p->fd, set);
	return ready;
}

/* The same conditions as on Linux. */
static int
to_sets(const struct pollfd *p, nfds_t n, fd_set *rd, fd_set *wr, fd_set *ex)
{
	int bits = 0;

	for (; n > 0; p++, n--) {
		bits += keep(p, rd,
		    (p->revents & (READS | POLLHUP | POLLERR)) != 0);
		bits += keep(p, wr, (p->revents & (WRITES | POLLERR)) != 0);
		bits += keep(p, ex, (p->revents & POLLPRI) != 0);
	}
	return bits;
}

static int
select_until(int nfds, fd_set *rd, fd_set *wr, fd_set *ex, int64_t deadline,
    const sigset_t *mask, int *bits)
{
	struct pollfd *p;
	nfds_t n;
	int err, ready = 0;

	if (nfds < 0)
		return EINVAL;
	if ((p = calloc((size_t)nfds + 1, sizeof(*p))) == NULL)
		return ENOMEM;
	n = from_sets(p, nfds, rd, wr, ex);
	err = poll_until(p, n, deadline, mask, &ready);
	if (err == 0 && has_bad(p, n))
		err = EBADF;
	if (err == 0)
		*bits = to_sets(p, n, rd, wr, ex);
	free(p);
	return err;
}

static void
time_left(int64_t deadline, struct timeval *tv)
{
	int64_t left = deadline - clock_monotonic_ns();

	if (left < 0)
		left = 0;
	tv->tv_sec = left / 1000000000;
	tv->tv_usec = (long)(left % 1000000000 / 1000);
}

int
select(int nfds, fd_set *rd, fd_set *wr, fd_set *ex, struct timeval *timeout)
{
	struct timespec ts;
	int64_t deadline = -1;
	int err = 0, bits = 0;

	if (timeout != NULL) {
		if (timeout->tv_usec < 0 || timeout->tv_usec >= 1000000)
			return result(EINVAL, 0);
		ts.tv_sec = timeout->tv_sec;
		ts.tv_nsec = timeout->tv_usec * 1000;
		err = poll_deadline(&ts, &deadline);
	}
	if (err == 0)
		err = select_until(nfds, rd, wr, ex, deadline, NULL, &bits);
	if (deadline > 0)
		time_left(deadline, timeout);
	return result(err, bits);
}

int
pselect(int nfds, fd_set *rd, fd_set *wr, fd_set *ex,
    const struct timespec *timeout, const sigset_t *mask)
{
	int64_t deadline;
	int err, bits = 0;

	if ((err = poll_deadline(timeout, &deadline)) == 0)
		err = select_until(nfds, rd, wr, ex, deadline, mask, &bits);
	return result(err, bits);
}
