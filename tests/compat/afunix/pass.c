#include "pass.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM (CMSG_SPACE(PASS_MAX * sizeof(int)) + \
	CMSG_SPACE(sizeof(struct ucred)))

union control {
	size_t align;
	char bytes[ROOM];
};

/* Not Check's: the processes that tests start use these too. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(98);
}

static void
list(struct cmsghdr *c, const int *fds, int n)
{
	c->cmsg_len = CMSG_LEN((size_t)n * sizeof(int));
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(c), fds, (size_t)n * sizeof(int));
}

/* The first n and the other m in a list of their own each. */
static ssize_t
send_lists(int sock, const char *bytes, size_t len, const int *fds, int n,
    int m)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)bytes,
	    .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control;

	memset(&control, 0, sizeof(control));
	if (n > 0) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE((size_t)n * sizeof(int));
		if (m > 0)
			msg.msg_controllen += CMSG_SPACE((size_t)m *
			    sizeof(int));
		must(msg.msg_controllen <= sizeof(control), "pass_send");
		list(CMSG_FIRSTHDR(&msg), fds, n);
		if (m > 0)
			list(CMSG_NXTHDR(&msg, CMSG_FIRSTHDR(&msg)), fds + n,
			    m);
	}
	errno = 0;
	return sendmsg(sock, &msg, MSG_NOSIGNAL);
}

ssize_t
pass_send(int sock, const char *bytes, size_t len, const int *fds, int n)
{
	return send_lists(sock, bytes, len, fds, n, 0);
}

ssize_t
pass_two(int sock, const int *fds, int n, int m)
{
	return send_lists(sock, "x", 1, fds, n, m);
}

ssize_t
pass_cred(int sock, const struct ucred *cred, size_t size)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)"cr",
	    .iov_len = 2 };
	union {
		size_t align;
		char bytes[CMSG_SPACE(sizeof(*cred))];
	} control;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_CREDENTIALS;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), cred, size);
	errno = 0;
	return sendmsg(sock, &msg, 0);
}

static void
collect(struct msghdr *msg, struct pass *p)
{
	struct cmsghdr *c;
	size_t len;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		len = c->cmsg_len - CMSG_LEN(0);
		must(c->cmsg_level == SOL_SOCKET, "cmsg_level");
		if (c->cmsg_type == SCM_RIGHTS) {
			must(p->n == 0, "one SCM_RIGHTS");
			p->n = (int)(len / sizeof(int));
			memcpy(p->fds, CMSG_DATA(c), len);
		} else if (len == sizeof(p->cred)) {
			p->creds++;
			memcpy(&p->cred, CMSG_DATA(c), len);
		}
	}
}

ssize_t
pass_recv(int sock, size_t len, int room, int flags, struct pass *p)
{
	struct iovec iov = { .iov_base = p->bytes, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control;
	ssize_t n;

	memset(p, 0, sizeof(*p));
	memset(&control, 0, sizeof(control));
	must(len <= sizeof(p->bytes) && room <= PASS_MAX, "pass_recv");
	if (room > 0)
		msg.msg_controllen = CMSG_LEN((size_t)room * sizeof(int));
	else if (room == 0)
		msg.msg_controllen = CMSG_SPACE(sizeof(p->cred));
	if (room == PASS_MAX)
		msg.msg_controllen = sizeof(control);
	if (room >= 0)
		msg.msg_control = control.bytes;
	errno = 0;
	if ((n = recvmsg(sock, &msg, flags)) < 0)
		return n;
	p->flags = msg.msg_flags;
	if (room >= 0)
		collect(&msg, p);
	return n;
}

void
pass_give(int sock, int fd)
{
	must(pass_send(sock, "x", 1, &fd, 1) == 1, "pass_give");
}

int
pass_get(int sock)
{
	struct pass p;

	must(pass_recv(sock, 1, 1, 0, &p) == 1 && p.n == 1 &&
	    p.bytes[0] == 'x', "pass_get");
	return p.fds[0];
}

int
pass_last(int sock)
{
	int fds[2];

	must(pipe(fds) == 0, "pipe");
	pass_give(sock, fds[1]);
	must(close(fds[1]) == 0, "close");
	return fds[0];
}

void
pass_expect_end(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	must(poll(&p, 1, 5000) == 1 && read(fd, &c, 1) == 0, "an end");
	must(close(fd) == 0, "close");
}
