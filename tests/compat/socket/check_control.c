/* Control data of datagrams: cmsg(3), ip(7), ipv6(7), RFC 3542. */
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/main.h"

#define ROOM 256

/* An address of the loopback interface that a reply has only if it is told. */
#define OTHER_LOOPBACK 0x7f000005

/* A message with room for control data. */
struct letter {
	struct msghdr m;
	struct iovec iov;
	char text[16];
	struct sockaddr_storage from;
	/* Last: glibc's struct has a flexible array. */
	union {
		struct cmsghdr head;
		char bytes[ROOM];
	} control;
};

static void
letter_init(struct letter *l, size_t room)
{
	memset(l, 0, sizeof(*l));
	l->iov.iov_base = l->text;
	l->iov.iov_len = sizeof(l->text);
	l->m.msg_iov = &l->iov;
	l->m.msg_iovlen = 1;
	l->m.msg_name = &l->from;
	l->m.msg_namelen = sizeof(l->from);
	l->m.msg_control = &l->control;
	l->m.msg_controllen = room;
}

/* The one control message, which has this level, type and size. */
static void *
only(struct letter *l, int level, int type, size_t size)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(&l->m);

	ck_assert_ptr_nonnull(c);
	ck_assert_int_eq(c->cmsg_level, level);
	ck_assert_int_eq(c->cmsg_type, type);
	ck_assert_uint_eq(c->cmsg_len, CMSG_LEN(size));
	ck_assert_ptr_null(CMSG_NXTHDR(&l->m, c));
	return CMSG_DATA(c);
}

/* Put one control message into l, which is then as long as it. */
static void
add(struct letter *l, int level, int type, const void *data, size_t size)
{
	struct cmsghdr *c;

	l->m.msg_controllen = CMSG_SPACE(size);
	c = CMSG_FIRSTHDR(&l->m);
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), data, size);
}

/* A bound datagram socket; *port gets its port. */
static int
bound(int family, uint16_t *port)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in;
	int fd = socket(family, SOCK_DGRAM, 0);
	socklen_t len = sizeof(in6);

	ck_assert_int_ge(fd, 0);
	if (family == AF_INET) {
		net_loopback(&in, 0);
		in.sin_addr.s_addr = htonl(INADDR_ANY);
		ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)),
		    0);
		*port = net_port(fd);
		return fd;
	}
	in6.sin6_addr = in6addr_loopback;
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in6, sizeof(in6)), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in6, &len), 0);
	*port = ntohs(in6.sin6_port);
	return fd;
}

static void
set(int fd, int level, int option, int value)
{
	ck_assert_int_eq(setsockopt(fd, level, option, &value, sizeof(value)),
	    0);
}

/* Receive the next datagram, and its one control message. */
static void *
told(int fd, struct letter *l, int level, int type, size_t size)
{
	letter_init(l, ROOM);
	ck_assert_int_eq(recvmsg(fd, &l->m, 0), 2);
	ck_assert_int_eq(l->m.msg_flags, 0);
	return only(l, level, type, size);
}

static void
send_to(int fd, uint32_t addr, uint16_t port)
{
	struct sockaddr_in to;

	net_loopback(&to, port);
	to.sin_addr.s_addr = htonl(addr);
	ck_assert_int_eq(sendto(fd, "hi", 2, 0, (struct sockaddr *)&to,
	    sizeof(to)), 2);
}

static void
send_to6(int fd, uint16_t port)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6,
	    .sin6_port = htons(port), .sin6_addr = in6addr_loopback };

	ck_assert_int_eq(sendto(fd, "hi", 2, 0, (struct sockaddr *)&to,
	    sizeof(to)), 2);
}

/* ip(7): IP_PKTINFO. */
START_TEST(a_datagram_tells_the_address_it_was_sent_to)
{
	struct in_pktinfo info;
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET, &port), on = 0;
	socklen_t len = sizeof(on);

	set(fd, IPPROTO_IP, IP_PKTINFO, 1);
	ck_assert_int_eq(getsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, &len), 0);
	ck_assert_int_eq(on, 1);
	send_to(fd, OTHER_LOOPBACK, port);
	memcpy(&info, told(fd, &l, IPPROTO_IP, IP_PKTINFO, sizeof(info)),
	    sizeof(info));
	ck_assert_uint_eq(ntohl(info.ipi_addr.s_addr), OTHER_LOOPBACK);
	ck_assert_uint_eq(ntohl(info.ipi_spec_dst.s_addr), OTHER_LOOPBACK);
	ck_assert_int_gt(info.ipi_ifindex, 0);
	(void)close(fd);
}
END_TEST

/* ip(7): ipi_spec_dst is the address that the datagram is sent from. */
START_TEST(a_datagram_is_sent_from_the_address_that_is_told)
{
	struct in_pktinfo info = { 0 };
	struct sockaddr_in to, from;
	struct letter l;
	uint16_t port, mine;
	int fd = bound(AF_INET, &port), out = bound(AF_INET, &mine);

	net_loopback(&to, port);
	letter_init(&l, ROOM);
	l.m.msg_name = &to;
	l.m.msg_namelen = sizeof(to);
	info.ipi_spec_dst.s_addr = htonl(OTHER_LOOPBACK);
	add(&l, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	ck_assert_int_eq(sendmsg(out, &l.m, 0), sizeof(l.text));
	letter_init(&l, ROOM);
	ck_assert_int_eq(recvmsg(fd, &l.m, 0), sizeof(l.text));
	memcpy(&from, &l.from, sizeof(from));
	if (from.sin_addr.s_addr == htonl(INADDR_LOOPBACK))
		puts("SKIP LIM-SOCK-2: control data is dropped here (Wine)");
	else
		ck_assert_uint_eq(ntohl(from.sin_addr.s_addr),
		    OTHER_LOOPBACK);
	ck_assert_uint_eq(ntohs(from.sin_port), mine);
	ck_assert_uint_eq(l.m.msg_controllen, 0);
	(void)close(fd);
	(void)close(out);
}
END_TEST

/* RFC 3542, 6.2: IPV6_RECVPKTINFO asks for IPV6_PKTINFO. */
START_TEST(ipv6_tells_the_address_too)
{
	struct in6_pktinfo info;
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET6, &port), on = 0;
	socklen_t len = sizeof(on);

	set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	ck_assert_int_eq(getsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
	    &len), 0);
	ck_assert_int_eq(on, 1);
	send_to6(fd, port);
	memcpy(&info, told(fd, &l, IPPROTO_IPV6, IPV6_PKTINFO, sizeof(info)),
	    sizeof(info));
	ck_assert_mem_eq(&info.ipi6_addr, &in6addr_loopback,
	    sizeof(in6addr_loopback));
	ck_assert_uint_gt(info.ipi6_ifindex, 0);
	(void)close(fd);
}
END_TEST

/* ip(7): IP_RECVTTL asks for IP_TTL, a 32-bit number. */
START_TEST(a_datagram_tells_its_time_to_live)
{
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET, &port), ttl;

	set(fd, IPPROTO_IP, IP_RECVTTL, 1);
	set(fd, IPPROTO_IP, IP_TTL, 42);
	send_to(fd, INADDR_LOOPBACK, port);
	memcpy(&ttl, told(fd, &l, IPPROTO_IP, IP_TTL, sizeof(ttl)),
	    sizeof(ttl));
	ck_assert_int_eq(ttl, 42);
	(void)close(fd);
}
END_TEST

/* RFC 3542, 6.3: IPV6_RECVHOPLIMIT asks for IPV6_HOPLIMIT, an int. */
START_TEST(ipv6_tells_its_hop_limit)
{
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET6, &port), hops;

	set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 17);
	send_to6(fd, port);
	memcpy(&hops, told(fd, &l, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(hops)),
	    sizeof(hops));
	ck_assert_int_eq(hops, 17);
	(void)close(fd);
}
END_TEST

/* ip(7): IP_RECVTOS asks for IP_TOS, one byte. */
START_TEST(a_datagram_tells_its_type_of_service)
{
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET, &port);

	set(fd, IPPROTO_IP, IP_RECVTOS, 1);
	send_to(fd, INADDR_LOOPBACK, port);
	ck_assert_uint_eq(*(uint8_t *)told(fd, &l, IPPROTO_IP, IP_TOS, 1), 0);
	(void)close(fd);
}
END_TEST

/* recvmsg(2): MSG_PEEK leaves the control data too. */
START_TEST(a_peek_shows_control_data_and_leaves_it)
{
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET, &port), i;

	set(fd, IPPROTO_IP, IP_PKTINFO, 1);
	send_to(fd, INADDR_LOOPBACK, port);
	for (i = 0; i < 3; i++) {
		letter_init(&l, ROOM);
		ck_assert_int_eq(recvmsg(fd, &l.m, i < 2 ? MSG_PEEK : 0), 2);
		(void)only(&l, IPPROTO_IP, IP_PKTINFO,
		    sizeof(struct in_pktinfo));
	}
	(void)close(fd);
}
END_TEST

/* recvmsg(2): MSG_CTRUNC; what fits is there. */
START_TEST(control_data_without_room_is_cut)
{
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET, &port);

	set(fd, IPPROTO_IP, IP_PKTINFO, 1);
	send_to(fd, INADDR_LOOPBACK, port);
	send_to(fd, INADDR_LOOPBACK, port);
	letter_init(&l, CMSG_LEN(4));
	ck_assert_int_eq(recvmsg(fd, &l.m, 0), 2);
	ck_assert_int_eq(l.m.msg_flags, MSG_CTRUNC);
	ck_assert_uint_eq(l.m.msg_controllen, CMSG_LEN(4));
	ck_assert_uint_eq(l.control.head.cmsg_len, CMSG_LEN(4));
	letter_init(&l, sizeof(struct cmsghdr) - 1);
	ck_assert_int_eq(recvmsg(fd, &l.m, 0), 2);
	ck_assert_int_eq(l.m.msg_flags, MSG_CTRUNC);
	ck_assert_uint_eq(l.m.msg_controllen, 0);
	(void)close(fd);
}
END_TEST

/* A datagram that is cut keeps its control data. */
START_TEST(a_cut_datagram_has_its_control_data)
{
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET, &port), i;

	set(fd, IPPROTO_IP, IP_PKTINFO, 1);
	for (i = 0; i < 2; i++) {
		send_to(fd, INADDR_LOOPBACK, port);
		letter_init(&l, ROOM);
		l.iov.iov_len = 1;
		ck_assert_int_eq(recvmsg(fd, &l.m, i == 0 ? 0 : MSG_TRUNC),
		    i + 1);
		ck_assert_int_eq(l.m.msg_flags & MSG_TRUNC, MSG_TRUNC);
		(void)only(&l, IPPROTO_IP, IP_PKTINFO,
		    sizeof(struct in_pktinfo));
	}
	(void)close(fd);
}
END_TEST

/* cmsg(3): sendmsg() looks at each message's length. */
START_TEST(control_data_that_is_none_is_einval)
{
	struct sockaddr_in to;
	struct letter l;
	uint16_t port;
	int fd = bound(AF_INET, &port), n = 1;

	net_loopback(&to, port);
	letter_init(&l, ROOM);
	l.m.msg_name = &to;
	l.m.msg_namelen = sizeof(to);
	add(&l, IPPROTO_IP, IP_PKTINFO, &n, sizeof(n));
	FAILS(sendmsg(fd, &l.m, 0), EINVAL);
	add(&l, IPPROTO_IP, 12345, &n, sizeof(n));
	FAILS(sendmsg(fd, &l.m, 0), EINVAL);
	add(&l, SOL_SOCKET, 12345, &n, sizeof(n));
	FAILS(sendmsg(fd, &l.m, 0), EINVAL);
	/* What another protocol would understand is left alone, if it is a
	 * message. */
	add(&l, 12345, 1, &n, sizeof(n));
	ck_assert_int_eq(sendmsg(fd, &l.m, 0), sizeof(l.text));
	l.control.head.cmsg_len = 1;
	FAILS(sendmsg(fd, &l.m, 0), EINVAL);
	l.control.head.cmsg_len = ROOM;
	FAILS(sendmsg(fd, &l.m, 0), EINVAL);
	(void)close(fd);
}
END_TEST

START_TEST(nothing_that_was_not_asked_for_comes)
{
	int fds[2];
	struct letter l;

	net_pair(fds);
	ck_assert_int_eq(send(fds[0], "hi", 2, 0), 2);
	letter_init(&l, ROOM);
	ck_assert_int_eq(recvmsg(fds[1], &l.m, 0), 2);
	ck_assert_uint_eq(l.m.msg_controllen, 0);
	ck_assert_int_eq(l.m.msg_flags, 0);
	(void)close(fds[0]);
	(void)close(fds[1]);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_datagram_tells_the_address_it_was_sent_to,
		a_datagram_is_sent_from_the_address_that_is_told,
		ipv6_tells_the_address_too,
		a_datagram_tells_its_time_to_live,
		ipv6_tells_its_hop_limit,
		a_datagram_tells_its_type_of_service,
		a_peek_shows_control_data_and_leaves_it,
		control_data_without_room_is_cut,
		a_cut_datagram_has_its_control_data,
		control_data_that_is_none_is_einval,
		nothing_that_was_not_asked_for_comes,
	};

	return run_cases("control", tests, sizeof(tests) / sizeof(tests[0]));
}
