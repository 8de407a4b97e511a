/*
 * Which errno: every call on a socket, on every kind and in every state.  The
 * table is what Linux answers; 0: it succeeds.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "compat/socket/socks.h"
#include "support/main.h"

static char buf[70000];
static char *volatile nowhere;
static struct iovec many[2000];		/* more than IOV_MAX */
static struct sockaddr_storage addr;
static socklen_t len;

static struct sockaddr *
to(enum sock_addr which)
{
	len = socks_addr(which, &addr);
	return (struct sockaddr *)&addr;
}

/* The other family's. */
static struct sockaddr *
stranger(void)
{
	struct sockaddr *sa = to(LIVE);

	sa->sa_family = sa->sa_family == AF_UNIX ? AF_INET : AF_UNIX;
	return sa;
}

static long
call_accept(int fd)
{
	return accept(fd, NULL, NULL);
}

static long
call_accept_flags(int fd)
{
	return accept4(fd, NULL, NULL, 1 << 5);
}

static long
call_bind(int fd)
{
	return socks_bind(fd, ANY);
}

static long
call_bind_taken(int fd)
{
	return socks_bind(fd, LIVE);
}

static long
call_bind_away(int fd)
{
	return socks_bind(fd, AWAY);
}

static long
call_bind_short(int fd)
{
	return bind(fd, to(ANY), 2);
}

static long
call_bind_long(int fd)
{
	return bind(fd, to(ANY), sizeof(addr) + 1);
}

static long
call_bind_null(int fd)
{
	return bind(fd, (struct sockaddr *)nowhere, 16);
}

static long
call_bind_stranger(int fd)
{
	struct sockaddr *sa = stranger();

	return bind(fd, sa, len);
}

static long
call_connect_short(int fd)
{
	return connect(fd, to(LIVE), 2);
}

static long
call_connect_long(int fd)
{
	return connect(fd, to(LIVE), sizeof(addr) + 1);
}

static long
call_connect_null(int fd)
{
	return connect(fd, (struct sockaddr *)nowhere, 16);
}

static long
call_connect_stranger(int fd)
{
	struct sockaddr *sa = stranger();

	return connect(fd, sa, len);
}

static long
call_connect(int fd)
{
	return socks_connect(fd, LIVE);
}

static long
call_connect_dead(int fd)
{
	return socks_connect(fd, DEAD);
}

static long
call_listen(int fd)
{
	return listen(fd, 5);
}

static long
call_shutdown(int fd)
{
	return shutdown(fd, SHUT_WR);
}

static long
call_shutdown_odd(int fd)
{
	return shutdown(fd, 99);
}

static long
call_getsockname(int fd)
{
	len = sizeof(addr);
	return getsockname(fd, (struct sockaddr *)&addr, &len);
}

static long
call_getsockname_null(int fd)
{
	len = sizeof(addr);
	return getsockname(fd, (struct sockaddr *)nowhere, &len);
}

static long
call_getsockname_minus(int fd)
{
	len = (socklen_t)-1;
	return getsockname(fd, (struct sockaddr *)&addr, &len);
}

static long
call_getpeername(int fd)
{
	len = sizeof(addr);
	return getpeername(fd, (struct sockaddr *)&addr, &len);
}

static long
call_getpeername_null(int fd)
{
	len = sizeof(addr);
	return getpeername(fd, (struct sockaddr *)nowhere, &len);
}

static long
call_getpeername_minus(int fd)
{
	len = (socklen_t)-1;
	return getpeername(fd, (struct sockaddr *)&addr, &len);
}

static long
get(int fd, int level, int name, void *val, socklen_t size)
{
	return getsockopt(fd, level, name, val, &size);
}

static long
call_get(int fd)
{
	return get(fd, SOL_SOCKET, SO_TYPE, buf, 4);
}

static long
call_get_unknown(int fd)
{
	return get(fd, SOL_SOCKET, 9999, buf, 4);
}

static long
call_get_level(int fd)
{
	return get(fd, 4711, 1, buf, 4);
}

static long
call_get_null(int fd)
{
	return get(fd, SOL_SOCKET, SO_TYPE, nowhere, 4);
}

static long
call_get_minus(int fd)
{
	return get(fd, SOL_SOCKET, SO_TYPE, buf, (socklen_t)-1);
}

static long
call_get_tcp(int fd)
{
	return get(fd, IPPROTO_TCP, TCP_NODELAY, buf, 4);
}

static long
call_get_udp(int fd)
{
	return get(fd, IPPROTO_UDP, 1, buf, 4);
}

static long
set(int fd, int level, int name, socklen_t size)
{
	static const int on = 1;

	return setsockopt(fd, level, name, &on, size);
}

static long
call_set(int fd)
{
	return set(fd, SOL_SOCKET, SO_BROADCAST, 4);
}

static long
call_set_unknown(int fd)
{
	return set(fd, SOL_SOCKET, 9999, 4);
}

static long
call_set_read_only(int fd)
{
	return set(fd, SOL_SOCKET, SO_TYPE, 4);
}

static long
call_set_level(int fd)
{
	return set(fd, 4711, 1, 4);
}

static long
call_set_short(int fd)
{
	return set(fd, SOL_SOCKET, SO_BROADCAST, 3);
}

static long
call_set_null(int fd)
{
	return setsockopt(fd, SOL_SOCKET, SO_BROADCAST, nowhere, 4);
}

static long
call_set_minus(int fd)
{
	return set(fd, SOL_SOCKET, SO_BROADCAST, (socklen_t)-1);
}

static long
call_set_time(int fd)
{
	static const struct timeval odd = { 0, 1000000 };

	return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &odd, sizeof(odd));
}

static long
call_set_tcp(int fd)
{
	return set(fd, IPPROTO_TCP, TCP_NODELAY, 4);
}

static long
call_set_udp(int fd)
{
	return set(fd, IPPROTO_UDP, 1, 4);
}

static long
call_set_group(int fd)
{
	static const struct ip_mreq none;

	return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &none,
	    sizeof(none));
}

static long
call_send(int fd)
{
	return send(fd, buf, 1, MSG_NOSIGNAL);
}

static long
call_send_null(int fd)
{
	return send(fd, nowhere, 1, MSG_NOSIGNAL);
}

static long
call_send_large(int fd)
{
	return send(fd, buf, sizeof(buf), MSG_NOSIGNAL);
}

static long
call_send_oob(int fd)
{
	return send(fd, buf, 1, MSG_NOSIGNAL | MSG_OOB);
}

static long
call_sendto(int fd)
{
	(void)to(LIVE);
	return sendto(fd, buf, 1, MSG_NOSIGNAL, (void *)&addr, len);
}

static long
call_sendto_short(int fd)
{
	return sendto(fd, buf, 1, MSG_NOSIGNAL, to(LIVE), 2);
}

static long
call_sendto_long(int fd)
{
	return sendto(fd, buf, 1, MSG_NOSIGNAL, to(LIVE), sizeof(addr) + 1);
}

static long
call_sendto_stranger(int fd)
{
	struct sockaddr *sa = stranger();

	return sendto(fd, buf, 1, MSG_NOSIGNAL, sa, len);
}

static long
call_sendmsg_null(int fd)
{
	return sendmsg(fd, (struct msghdr *)nowhere, MSG_NOSIGNAL);
}

static long
call_sendmsg_many(int fd)
{
	struct msghdr m = { .msg_iov = many, .msg_iovlen = 2000 };

	return sendmsg(fd, &m, MSG_NOSIGNAL);
}

static long
call_recv(int fd)
{
	return recv(fd, buf, 1, 0);
}

static long
call_recv_null(int fd)
{
	return recv(fd, nowhere, 1, 0);
}

static long
call_recv_oob(int fd)
{
	return recv(fd, buf, 1, MSG_OOB);
}

static long
call_recvmsg_null(int fd)
{
	return recvmsg(fd, (struct msghdr *)nowhere, 0);
}

static long
call_recvmsg_many(int fd)
{
	struct msghdr m = { .msg_iov = many, .msg_iovlen = 2000 };

	return recvmsg(fd, &m, 0);
}

static long
call_read(int fd)
{
	return read(fd, buf, 1);
}

static long
call_readv_many(int fd)
{
	return readv(fd, many, 2000);
}

static long
call_lseek(int fd)
{
	return (long)lseek(fd, 0, SEEK_SET);
}

static long
call_fionread(int fd)
{
	int n;

	return ioctl(fd, FIONREAD, &n);
}

static long
call_ftruncate(int fd)
{
	return ftruncate(fd, 0);
}

static const struct row {
	const char *name;
	long (*call)(int);
	int err[SOCK_KINDS];
} rows[] = {
#define ROW(call, ...) { #call, call_##call, { __VA_ARGS__ } }
#include "compat/socket/sock_errno.h"
#undef ROW
};

static void
cell(const struct row *r, enum sock_kind kind)
{
	int fd = socks_open(kind), err;
	long got;

	errno = 0;
	got = r->call(fd);
	err = got == -1 ? errno : 0;
	if (got >= 0 && (r->call == call_accept))
		ck_assert_int_eq(close((int)got), 0);
	ck_assert_msg(err == r->err[kind], "%s on %s: %s (%d), not %s (%d)",
	    r->name, sock_kind_name[kind], strerror(err), err,
	    strerror(r->err[kind]), r->err[kind]);
	socks_close(fd);
}

START_TEST(every_call_fails_as_on_linux)
{
	size_t i;
	int kind;

	socks_begin();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (kind = 0; kind < SOCK_KINDS; kind++)
			if (rows[i].err[kind] != OTHER)
				cell(&rows[i], (enum sock_kind)kind);
	socks_end();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { every_call_fails_as_on_linux };

	return run_cases("socket errors", tests, 1);
}
