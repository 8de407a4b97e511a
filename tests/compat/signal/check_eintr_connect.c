/* Signals that meet accept() and connect(). */
#include <sys/socket.h>
#include <sys/un.h>

#include <netinet/in.h>

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../socket/net.h"
#include "eintr.h"

#define NAME "eintr.sock"
#define FILLERS 300

static int fds[2] = { -1, -1 }, listener, fillers[FILLERS], nfillers;
static struct sockaddr_in inet;
static struct sockaddr_un local;

static void
open_inet(int backlog)
{
	listener = socket(AF_INET, SOCK_STREAM, 0);
	net_loopback(&inet, 0);
	eintr_must(bind(listener, (struct sockaddr *)&inet,
	    sizeof(inet)) == 0);
	eintr_must(listen(listener, backlog) == 0);
	net_loopback(&inet, net_port(listener));
}

static void
open_local(int backlog)
{
	local.sun_family = AF_UNIX;
	(void)strcpy(local.sun_path, NAME);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	eintr_must(bind(listener, (struct sockaddr *)&local,
	    sizeof(local)) == 0);
	eintr_must(listen(listener, backlog) == 0);
}

static void
open_listener(void)
{
	open_inet(4);
}

static void
open_timed_listener(void)
{
	open_inet(4);
	net_timeout(listener, SO_RCVTIMEO);
}

static void
open_local_listener(void)
{
	open_local(4);
}

static void
connect_inet(void)
{
	fillers[nfillers] = socket(AF_INET, SOCK_STREAM, 0);
	eintr_must(connect(fillers[nfillers++], (struct sockaddr *)&inet,
	    sizeof(inet)) == 0);
}

static void
connect_local(void)
{
	fillers[nfillers] = socket(AF_UNIX, SOCK_STREAM, 0);
	eintr_must(connect(fillers[nfillers++], (struct sockaddr *)&local,
	    sizeof(local)) == 0);
}

static long
call_accept(void)
{
	fds[0] = accept(listener, NULL, NULL);
	return fds[0];
}

static long
call_accept4(void)
{
	fds[0] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	return fds[0];
}

static void
close_listener(void)
{
	if (fds[0] >= 0)
		eintr_must(close(fds[0]) == 0);
	while (nfillers > 0)
		eintr_must(close(fillers[--nfillers]) == 0);
	eintr_must(close(listener) == 0);
	fds[0] = -1;
	(void)unlink(NAME);
}

/* --- connections for which a backlog has no place --- */

static int
is_connected(int fd, const void *addr, socklen_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	net_nonblock(fd);
	return connect(fd, addr, len) == 0 ||
	    (errno == EINPROGRESS && poll(&p, 1, 200) == 1);
}

/* How long the backlog really is, each system decides. */
static void
fill(int family, const void *addr, socklen_t len)
{
	int full = 0;

	net_nonblock(listener);
	while (!full) {
		eintr_must(nfillers < FILLERS);
		fillers[nfillers] = socket(family, SOCK_STREAM, 0);
		full = !is_connected(fillers[nfillers++], addr, len);
	}
	eintr_must(close(fillers[--nfillers]) == 0);
	fds[0] = socket(family, SOCK_STREAM, 0);
}

static void
fill_inet(void)
{
	open_inet(0);
	fill(AF_INET, &inet, sizeof(inet));
}

static void
fill_timed_inet(void)
{
	fill_inet();
	net_timeout(fds[0], SO_SNDTIMEO);
}

static void
fill_local(void)
{
	open_local(0);
	fill(AF_UNIX, &local, sizeof(local));
}

static long
call_connect_inet(void)
{
	return connect(fds[0], (struct sockaddr *)&inet, sizeof(inet));
}

static long
call_connect_local(void)
{
	return connect(fds[0], (struct sockaddr *)&local, sizeof(local));
}

/*
 * More than one: who was on the way in when the backlog was filled may take
 * the place that one leaves.
 */
static void
make_room(void)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };
	int fd;

	while (!eintr_done())
		if (poll(&p, 1, 50) == 1 &&
		    (fd = accept(listener, NULL, NULL)) >= 0)
			eintr_must(close(fd) == 0);
}

/* signal(7): they restart, unless the socket has a timeout. */
static const struct eintr_call calls[] = {
	{ "accept", EINTR_RESTARTS, open_listener, call_accept, connect_inet,
	    close_listener },
	{ "accept4", EINTR_RESTARTS, open_listener, call_accept4, connect_inet,
	    close_listener },
	{ "accept of AF_UNIX", EINTR_RESTARTS, open_local_listener,
	    call_accept, connect_local, close_listener },
	{ "connect", EINTR_RESTARTS, fill_inet, call_connect_inet, make_room,
	    close_listener },
	{ "connect of AF_UNIX", EINTR_RESTARTS, fill_local, call_connect_local,
	    make_room, close_listener },
	{ "accept with a timeout", EINTR_ENDS, open_timed_listener,
	    call_accept, connect_inet, close_listener },
	{ "connect with a timeout", EINTR_ENDS, fill_timed_inet,
	    call_connect_inet, make_room, close_listener },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

int
main(void)
{
	return eintr_main("eintr_connect", calls, CALLS, NULL, 0);
}
