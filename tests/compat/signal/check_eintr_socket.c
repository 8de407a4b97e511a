/* Signals that meet blocking calls on sockets. */
#include <sys/socket.h>
#include <sys/uio.h>

#include <netinet/in.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../socket/net.h"
#include "eintr.h"

static int fds[2];
static struct sockaddr_in inet;
static atomic_int satisfied;
static char buf[4096];

static void
open_pair(void)
{
	satisfied = 0;
	eintr_must(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
}

static void
open_timed_pair(void)
{
	open_pair();
	net_timeout(fds[0], SO_RCVTIMEO);
	net_timeout(fds[0], SO_SNDTIMEO);
}

static void
open_tcp(void)
{
	satisfied = 0;
	net_pair(fds);
}

static void
open_udp(void)
{
	socklen_t len = sizeof(inet);
	int i;

	for (i = 0; i < 2; i++) {
		fds[i] = socket(AF_INET, SOCK_DGRAM, 0);
		net_loopback(&inet, 0);
		eintr_must(bind(fds[i], (struct sockaddr *)&inet, len) == 0);
	}
	net_loopback(&inet, net_port(fds[0]));
	eintr_must(connect(fds[1], (struct sockaddr *)&inet, len) == 0);
}

static void
close_both(void)
{
	eintr_must(close(fds[0]) == 0);
	eintr_must(close(fds[1]) == 0);
}

static void
put(void)
{
	eintr_must(send(fds[1], "12345678", 8, 0) == 8);
}

static long
call_read(void)
{
	return read(fds[0], buf, 8);
}

static long
call_readv(void)
{
	struct iovec iov[2] = { { buf, 3 }, { buf + 3, 5 } };

	return readv(fds[0], iov, 2);
}

static long
call_recv(void)
{
	return recv(fds[0], buf, 8, 0);
}

static long
call_recv_peek(void)
{
	return recv(fds[0], buf, 8, MSG_PEEK);
}

static long
call_recv_all(void)
{
	return recv(fds[0], buf, 8, MSG_WAITALL);
}

static long
call_recvfrom(void)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);

	return recvfrom(fds[0], buf, 8, 0, (struct sockaddr *)&from, &len);
}

static struct msghdr *
message(size_t size)
{
	static struct iovec iov;
	static struct msghdr m;

	iov.iov_base = buf;
	iov.iov_len = size;
	memset(&m, 0, sizeof(m));
	m.msg_iov = &iov;
	m.msg_iovlen = 1;
	return &m;
}

static long
call_recvmsg(void)
{
	return recvmsg(fds[0], message(8), 0);
}

static long
call_recvmmsg(void)
{
	struct mmsghdr m = { .msg_hdr = *message(8) };

	return recvmmsg(fds[0], &m, 1, 0, NULL);
}

/* --- a socket that is full --- */

static long
call_write(void)
{
	return write(fds[0], buf, sizeof(buf));
}

static long
call_writev(void)
{
	struct iovec iov[2] = { { buf, 1024 }, { buf + 1024, 1024 } };

	return writev(fds[0], iov, 2);
}

static long
call_send(void)
{
	return send(fds[0], buf, sizeof(buf), 0);
}

static long
call_sendto(void)
{
	return sendto(fds[0], buf, sizeof(buf), 0, NULL, 0);
}

static long
call_sendmsg(void)
{
	return sendmsg(fds[0], message(sizeof(buf)), 0);
}

static long
call_sendmmsg(void)
{
	struct mmsghdr m = { .msg_hdr = *message(sizeof(buf)) };

	return sendmmsg(fds[0], &m, 1, 0);
}

/* How much there is room for is the system's: until it blocks. */
static long
until_full(long (*call)(void))
{
	long n;

	do {
		n = call();
	} while (n != -1 && !satisfied && !eintr_done());
	return n;
}

#define UNTIL_FULL(call) static long full_##call(void) \
	{ return until_full(call_##call); }
UNTIL_FULL(write)
UNTIL_FULL(writev)
UNTIL_FULL(send)
UNTIL_FULL(sendto)
UNTIL_FULL(sendmsg)
UNTIL_FULL(sendmmsg)

static void
take_all(void)
{
	static char sink[65536];

	satisfied = 1;
	while (!eintr_done())
		if (recv(fds[1], sink, sizeof(sink), MSG_DONTWAIT) <= 0)
			sched_yield();
}

/* signal(7): sockets restart, unless they have a timeout. */
static const struct eintr_call calls[] = {
	{ "read", EINTR_RESTARTS, open_pair, call_read, put, close_both },
	{ "readv", EINTR_RESTARTS, open_pair, call_readv, put, close_both },
	{ "recv", EINTR_RESTARTS, open_pair, call_recv, put, close_both },
	{ "recv of TCP", EINTR_RESTARTS, open_tcp, call_recv, put, close_both },
	{ "recv of UDP", EINTR_RESTARTS, open_udp, call_recv, put, close_both },
	{ "recv with MSG_PEEK", EINTR_RESTARTS, open_pair, call_recv_peek, put,
	    close_both },
	{ "recv with MSG_WAITALL", EINTR_RESTARTS, open_pair, call_recv_all,
	    put, close_both },
	{ "recvfrom", EINTR_RESTARTS, open_udp, call_recvfrom, put,
	    close_both },
	{ "recvmsg", EINTR_RESTARTS, open_pair, call_recvmsg, put,
	    close_both },
	{ "recvmmsg", EINTR_RESTARTS, open_udp, call_recvmmsg, put,
	    close_both },
	{ "write", EINTR_RESTARTS, open_pair, full_write, take_all,
	    close_both },
	{ "writev", EINTR_RESTARTS, open_pair, full_writev, take_all,
	    close_both },
	{ "send", EINTR_RESTARTS, open_pair, full_send, take_all, close_both },
	{ "send by TCP", EINTR_RESTARTS, open_tcp, full_send, take_all,
	    close_both },
	{ "sendto", EINTR_RESTARTS, open_pair, full_sendto, take_all,
	    close_both },
	{ "sendmsg", EINTR_RESTARTS, open_pair, full_sendmsg, take_all,
	    close_both },
	{ "sendmmsg", EINTR_RESTARTS, open_pair, full_sendmmsg, take_all,
	    close_both },
	{ "read with a timeout", EINTR_ENDS, open_timed_pair, call_read, put,
	    close_both },
	{ "readv with a timeout", EINTR_ENDS, open_timed_pair, call_readv, put,
	    close_both },
	{ "recv with a timeout", EINTR_ENDS, open_timed_pair, call_recv, put,
	    close_both },
	{ "recvmsg with a timeout", EINTR_ENDS, open_timed_pair, call_recvmsg,
	    put, close_both },
	{ "recvmmsg with a timeout", EINTR_ENDS, open_timed_pair,
	    call_recvmmsg, put, close_both },
	{ "write with a timeout", EINTR_ENDS, open_timed_pair, full_write,
	    take_all, close_both },
	{ "writev with a timeout", EINTR_ENDS, open_timed_pair, full_writev,
	    take_all, close_both },
	{ "send with a timeout", EINTR_ENDS, open_timed_pair, full_send,
	    take_all, close_both },
	{ "sendmsg with a timeout", EINTR_ENDS, open_timed_pair, full_sendmsg,
	    take_all, close_both },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

/* --- a part of what was asked for --- */

static long
call_recv_ten(void)
{
	return recv(fds[0], buf, 10, MSG_WAITALL);
}

static long
call_recv_two(void)
{
	struct mmsghdr m[2] = { { .msg_hdr = *message(8) },
	    { .msg_hdr = *message(8) } };

	return recvmmsg(fds[0], m, 2, 0, NULL);
}

static void
open_pair_with_eight(void)
{
	open_pair();
	put();
}

static void
open_udp_with_one(void)
{
	open_udp();
	put();
}

static long
part(const char *name, void (*before)(void), long (*call)(void), int flags)
{
	struct eintr_call c = { name, EINTR_ENDS, before, call, NULL, NULL };
	long n = eintr_part(&c, flags);

	close_both();
	return n;
}

/* XSH recv(), MSG_WAITALL: "less ... if a signal is caught". */
START_TEST(waitall_gives_what_came_before_the_signal)
{
	ck_assert_int_eq(part("recv", open_pair_with_eight, call_recv_ten, 0),
	    8);
	ck_assert_int_eq(part("recv", open_pair_with_eight, call_recv_ten,
	    SA_RESTART), 8);
}
END_TEST

/* recvmmsg(2): "returns the number of messages received". */
START_TEST(recvmmsg_gives_what_came_before_the_signal)
{
	ck_assert_int_eq(part("recvmmsg", open_udp_with_one, call_recv_two, 0),
	    1);
	ck_assert_int_eq(part("recvmmsg", open_udp_with_one, call_recv_two,
	    SA_RESTART), 1);
}
END_TEST

#define BIG (16 << 20)

static char *big;

static long
call_send_big(void)
{
	return send(fds[0], big, BIG, 0);
}

static long
in_socket(void)
{
	long total = 0;
	ssize_t n;

	eintr_must(shutdown(fds[0], SHUT_WR) == 0);
	while ((n = recv(fds[1], big, BIG, 0)) > 0)
		total += (long)n;
	return total;
}

/* XSH send(): "the number of bytes sent". */
START_TEST(a_send_tells_how_much_it_sent)
{
	static const int flags[] = { 0, SA_RESTART };
	struct eintr_call c = { "send", EINTR_ENDS, open_pair, call_send_big,
	    NULL, NULL };
	size_t i;
	long n;

	ck_assert((big = calloc(1, BIG)) != NULL);
	for (i = 0; i < 2; i++) {
		n = eintr_part(&c, flags[i]);
		ck_assert_int_gt(n, 0);
		ck_assert_int_lt(n, BIG);
		ck_assert_int_eq(in_socket(), n);
		close_both();
	}
	free(big);
}
END_TEST

int
main(void)
{
	const TTest *more[3];

	more[0] = waitall_gives_what_came_before_the_signal;
	more[1] = recvmmsg_gives_what_came_before_the_signal;
	more[2] = a_send_tells_how_much_it_sent;
	return eintr_main("eintr_socket", calls, CALLS, more, 3);
}
