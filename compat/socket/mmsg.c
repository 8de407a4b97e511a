#include <sys/socket.h>

#include <sys/uio.h>

#include <errno.h>

#include "fd/result.h"
#include "fileio/iov.h"
#include "signal/wait.h"
#include "socket/sock.h"
#include "time/clock.h"
#include "time/convert.h"

/* sendmmsg(2): no more are looked at in one call. */
#define BATCH_MAX 1024

static int
sent_whole(const struct msghdr *msg, size_t done)
{
	return done >= iov_total(msg->msg_iov, (int)msg->msg_iovlen);
}

static int
partly(int count)
{
	return count > 0 ? SOCK_PARTLY : 0;
}

/* What was sent before an error counts; the next call meets the error. */
static int
send_many(struct socket *s, struct mmsghdr *vec, unsigned int n, int flags,
    int *count)
{
	struct mmsghdr *m;
	size_t done;
	int err = 0;

	for (m = vec; n > 0; m++, n--) {
		err = sock_sendmsg(s, &m->msg_hdr, flags | partly(*count),
		    &done);
		if (err != 0)
			break;
		m->msg_len = (unsigned int)done;
		++*count;
		if (!sent_whole(&m->msg_hdr, done))
			break;
	}
	return *count > 0 ? 0 : err;
}

int
sendmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags)
{
	struct socket *s;
	int err, count = 0;

	sig_poll();
	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if (n > BATCH_MAX)
		n = BATCH_MAX;
	if (vec == NULL && n > 0)
		err = EFAULT;
	else
		err = send_many(s, vec, n, flags, &count);
	sock_put(s);
	return result(err, count);
}

/* How long until the deadline; 0: it is over. */
static int
time_left(int64_t deadline, struct timespec *left)
{
	int64_t ns = deadline - clock_monotonic_ns();

	*left = ns_to_timespec(ns > 0 ? ns : 0);
	return ns > 0;
}

static int
recv_many(struct socket *s, struct mmsghdr *vec, unsigned int n, int flags,
    int64_t deadline, struct timespec *left, int *count)
{
	struct mmsghdr *m;
	size_t done;
	int err;

	if (n > 0 && (err = atomic_exchange(&s->error, 0)) != 0)
		return err;
	for (m = vec, err = 0; n > 0; m++, n--) {
		err = sock_recvmsg(s, &m->msg_hdr,
		    (flags & ~MSG_WAITFORONE) | partly(*count), &done);
		if (err != 0)
			break;
		m->msg_len = (unsigned int)done;
		++*count;
		if ((flags & MSG_WAITFORONE) != 0)
			flags |= MSG_DONTWAIT;
		/* recvmmsg(2), BUGS: looked at between messages only. */
		if (left != NULL && !time_left(deadline, left))
			break;
		if ((m->msg_hdr.msg_flags & MSG_OOB) != 0)
			break;
	}
	if (*count == 0)
		return err;
	/* What came counts; SO_ERROR or the next call tells of the error. */
	if (err != 0 && err != EAGAIN && err != EINTR)
		atomic_store(&s->error, err);
	return 0;
}

int
recvmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags,
    struct timespec *timeout)
{
	int64_t ns = -1;
	struct socket *s;
	int err, count = 0;

	sig_poll();
	if (timeout != NULL && (err = timespec_to_ns(timeout, &ns)) != 0)
		return result(err, 0);
	if ((err = sock_get(fd, &s)) != 0)
		return result(err, 0);
	if (vec == NULL && n > 0)
		err = EFAULT;
	else
		err = recv_many(s, vec, n, flags, clock_deadline(ns), timeout,
		    &count);
	sock_put(s);
	return result(err, count);
}
