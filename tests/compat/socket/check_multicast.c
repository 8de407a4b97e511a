/* Multicast: ip(7), ipv6(7). */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "compat/socket/net.h"
#include "support/fails.h"
#include "support/host.h"
#include "support/main.h"

static const char group[] = "239.255.17.23";
static const char group6[] = "ff02::4711";

/* The number of the interface that has 127.0.0.1. */
static int
loopback_index(void)
{
	struct ifaddrs *list, *i;
	int index = 0;

	ck_assert_int_eq(getifaddrs(&list), 0);
	for (i = list; i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
		    ((struct sockaddr_in *)i->ifa_addr)->sin_addr.s_addr ==
		    htonl(INADDR_LOOPBACK))
			index = (int)if_nametoindex(i->ifa_name);
	freeifaddrs(list);
	ck_assert_int_gt(index, 0);
	return index;
}

static int
datagram(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static int
set(int fd, int name, const void *val, socklen_t len)
{
	return setsockopt(fd, IPPROTO_IP, name, val, len);
}

/* Who is in the group gets what is sent there, and who left it nothing. */
static void
send_to_group(const void *iface, socklen_t ifacelen, const void *req,
    socklen_t len)
{
	struct sockaddr_in in;
	int r = datagram(), s = datagram();
	char c;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	ck_assert_int_eq(bind(r, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(set(r, IP_ADD_MEMBERSHIP, req, len), 0);
	ck_assert_int_eq(set(s, IP_MULTICAST_IF, iface, ifacelen), 0);
	in.sin_port = htons(net_port(r));
	ck_assert_int_eq(inet_pton(AF_INET, group, &in.sin_addr), 1);
	ck_assert_int_eq(sendto(s, "x", 1, 0, (struct sockaddr *)&in,
	    sizeof(in)), 1);
	ck_assert_int_eq(net_wait(r, POLLIN), POLLIN);
	ck_assert_int_eq(recv(r, &c, 1, 0), 1);
	ck_assert_int_eq(c, 'x');
	ck_assert_int_eq(set(r, IP_DROP_MEMBERSHIP, req, len), 0);
	FAILS(set(r, IP_DROP_MEMBERSHIP, req, len), EADDRNOTAVAIL);
	ck_assert_int_eq(close(r), 0);
	ck_assert_int_eq(close(s), 0);
}

/* ip(7), struct ip_mreq. */
START_TEST(a_group_is_joined_by_address)
{
	struct in_addr iface = { htonl(INADDR_LOOPBACK) };
	struct ip_mreq req;

	ck_assert_int_eq(inet_pton(AF_INET, group, &req.imr_multiaddr), 1);
	req.imr_interface = iface;
	send_to_group(&iface, sizeof(iface), &req, sizeof(req));
}
END_TEST

/* ip(7), struct ip_mreqn. */
START_TEST(a_group_is_joined_by_number)
{
	struct ip_mreqn req;

	memset(&req, 0, sizeof(req));
	ck_assert_int_eq(inet_pton(AF_INET, group, &req.imr_multiaddr), 1);
	req.imr_ifindex = loopback_index();
	send_to_group(&req, sizeof(req), &req, sizeof(req));
}
END_TEST

/* ip(7), EINVAL, ENODEV, EADDRNOTAVAIL. */
START_TEST(bad_groups_have_their_own_errors)
{
	struct ip_mreqn req;
	int fd = datagram();

	memset(&req, 0, sizeof(req));
	req.imr_multiaddr.s_addr = htonl(0x0a000001);
	req.imr_address.s_addr = htonl(INADDR_LOOPBACK);
	FAILS(set(fd, IP_ADD_MEMBERSHIP, &req, sizeof(req)), EINVAL);
	ck_assert_int_eq(inet_pton(AF_INET, group, &req.imr_multiaddr), 1);
	FAILS(set(fd, IP_ADD_MEMBERSHIP, &req, 4), EINVAL);
	FAILS(set(fd, IP_DROP_MEMBERSHIP, &req, sizeof(req)), EADDRNOTAVAIL);
	req.imr_ifindex = 0x7ffffff;
	FAILS(set(fd, IP_ADD_MEMBERSHIP, &req, sizeof(req)), ENODEV);
	FAILS(set(fd, IP_MULTICAST_IF, &req, sizeof(req)), EADDRNOTAVAIL);
	FAILS(set(fd, IP_MULTICAST_IF, &req, 3), EINVAL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void
put4(struct sockaddr_storage *to, uint32_t addr)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = addr;
	memset(to, 0, sizeof(*to));
	memcpy(to, &in, sizeof(in));
}

static void
put6(struct sockaddr_storage *to, const char *addr)
{
	struct sockaddr_in6 in6;

	memset(&in6, 0, sizeof(in6));
	in6.sin6_family = AF_INET6;
	ck_assert_int_eq(inet_pton(AF_INET6, addr, &in6.sin6_addr), 1);
	memset(to, 0, sizeof(*to));
	memcpy(to, &in6, sizeof(in6));
}

/* From 127.0.0.1 to the group. */
static void
send4(int s, uint16_t port)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons(port);
	ck_assert_int_eq(inet_pton(AF_INET, group, &in.sin_addr), 1);
	ck_assert_int_eq(sendto(s, "x", 1, 0, (struct sockaddr *)&in,
	    sizeof(in)), 1);
}

static void
comes(int r)
{
	char c;

	ck_assert_int_eq(net_wait(r, POLLIN), POLLIN);
	ck_assert_int_eq(recv(r, &c, 1, 0), 1);
	ck_assert_int_eq(c, 'x');
}

static uint32_t
group_addr(void)
{
	struct in_addr a;

	ck_assert_int_eq(inet_pton(AF_INET, group, &a), 1);
	return a.s_addr;
}

static int
any_port(void)
{
	struct sockaddr_in in;
	int r = datagram();

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	ck_assert_int_eq(bind(r, (struct sockaddr *)&in, sizeof(in)), 0);
	return r;
}

/* RFC 3678, 5.1: MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP. */
START_TEST(a_group_is_joined_whatever_its_family)
{
	struct in_addr iface = { htonl(INADDR_LOOPBACK) };
	struct group_req req;
	int r = any_port(), s = datagram();

	memset(&req, 0, sizeof(req));
	req.gr_interface = (uint32_t)loopback_index();
	put4(&req.gr_group, group_addr());
	ck_assert_int_eq(set(s, IP_MULTICAST_IF, &iface, sizeof(iface)), 0);
	ck_assert_int_eq(set(r, MCAST_JOIN_GROUP, &req, sizeof(req)), 0);
	FAILS(set(r, MCAST_JOIN_GROUP, &req, sizeof(req)), EADDRINUSE);
	send4(s, net_port(r));
	comes(r);
	ck_assert_int_eq(set(r, MCAST_LEAVE_GROUP, &req, sizeof(req)), 0);
	FAILS(set(r, MCAST_LEAVE_GROUP, &req, sizeof(req)), EADDRNOTAVAIL);
	ck_assert_int_eq(close(r), 0);
	ck_assert_int_eq(close(s), 0);
}
END_TEST

/* RFC 3678, 5.1, and ipv6(7), IPV6_JOIN_GROUP. */
START_TEST(a_group_of_ipv6_is_joined)
{
	struct group_req req;
	struct ipv6_mreq old;
	int r = socket(AF_INET6, SOCK_DGRAM, 0);

	if (r < 0)
		return;
	memset(&req, 0, sizeof(req));
	memset(&old, 0, sizeof(old));
	req.gr_interface = (uint32_t)loopback_index();
	put6(&req.gr_group, group6);
	ck_assert_int_eq(setsockopt(r, IPPROTO_IPV6, MCAST_JOIN_GROUP, &req,
	    sizeof(req)), 0);
	FAILS(setsockopt(r, IPPROTO_IPV6, MCAST_JOIN_GROUP, &req,
	    sizeof(req)), EADDRINUSE);
	/* The same membership by its other name. */
	old.ipv6mr_interface = req.gr_interface;
	ck_assert_int_eq(inet_pton(AF_INET6, group6, &old.ipv6mr_multiaddr),
	    1);
	ck_assert_int_eq(setsockopt(r, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &old,
	    sizeof(old)), 0);
	FAILS(setsockopt(r, IPPROTO_IPV6, MCAST_LEAVE_GROUP, &req,
	    sizeof(req)), EADDRNOTAVAIL);
	put4(&req.gr_group, group_addr());
	FAILS(setsockopt(r, IPPROTO_IPV6, MCAST_JOIN_GROUP, &req,
	    sizeof(req)), EADDRNOTAVAIL);
	FAILS(setsockopt(r, IPPROTO_IPV6, MCAST_JOIN_GROUP, &req, 8), EINVAL);
	ck_assert_int_eq(close(r), 0);
}
END_TEST

/* RFC 3678, 5.1: MCAST_*_SOURCE*; who is not asked for is not heard. */
START_TEST(sources_of_a_group_are_chosen)
{
	struct in_addr iface = { htonl(INADDR_LOOPBACK) };
	struct group_source_req req;
	int r = any_port(), other = any_port(), s = datagram();
	char c;

	memset(&req, 0, sizeof(req));
	req.gsr_interface = (uint32_t)loopback_index();
	put4(&req.gsr_group, group_addr());
	put4(&req.gsr_source, htonl(INADDR_LOOPBACK));
	ck_assert_int_eq(set(s, IP_MULTICAST_IF, &iface, sizeof(iface)), 0);
	ck_assert_int_eq(set(r, MCAST_JOIN_SOURCE_GROUP, &req, sizeof(req)),
	    0);
	put4(&req.gsr_source, htonl(0x0a010203));
	if (set(other, MCAST_JOIN_SOURCE_GROUP, &req, sizeof(req)) != 0 &&
	    host_is_wine()) {
		host_skip("sources_of_a_group_are_chosen",
		    "LIM-SOCK-30: Wine takes the source for the interface");
		goto close;
	}
	send4(s, net_port(other));
	send4(s, net_port(r));
	comes(r);
	FAILS(recv(other, &c, 1, MSG_DONTWAIT), EAGAIN);
	ck_assert_int_eq(set(other, MCAST_LEAVE_SOURCE_GROUP, &req,
	    sizeof(req)), 0);
	put4(&req.gsr_source, htonl(INADDR_LOOPBACK));
	ck_assert_int_eq(set(r, MCAST_LEAVE_SOURCE_GROUP, &req, sizeof(req)),
	    0);
close:
	ck_assert_int_eq(close(r), 0);
	ck_assert_int_eq(close(other), 0);
	ck_assert_int_eq(close(s), 0);
}
END_TEST

/* The same, from a group that is joined as a whole. */
START_TEST(a_source_can_be_blocked)
{
	struct in_addr iface = { htonl(INADDR_LOOPBACK) };
	struct group_source_req req;
	struct group_req all;
	int r = any_port(), s = datagram();
	char c;

	memset(&req, 0, sizeof(req));
	memset(&all, 0, sizeof(all));
	all.gr_interface = req.gsr_interface = (uint32_t)loopback_index();
	put4(&all.gr_group, group_addr());
	put4(&req.gsr_group, group_addr());
	put4(&req.gsr_source, htonl(INADDR_LOOPBACK));
	ck_assert_int_eq(set(s, IP_MULTICAST_IF, &iface, sizeof(iface)), 0);
	ck_assert_int_eq(set(r, MCAST_JOIN_GROUP, &all, sizeof(all)), 0);
	ck_assert_int_eq(set(r, MCAST_BLOCK_SOURCE, &req, sizeof(req)), 0);
	send4(s, net_port(r));
	FAILS(recv(r, &c, 1, MSG_DONTWAIT), EAGAIN);
	ck_assert_int_eq(set(r, MCAST_UNBLOCK_SOURCE, &req, sizeof(req)), 0);
	FAILS(set(r, MCAST_UNBLOCK_SOURCE, &req, sizeof(req)), EADDRNOTAVAIL);
	send4(s, net_port(r));
	comes(r);
	ck_assert_int_eq(close(r), 0);
	ck_assert_int_eq(close(s), 0);
}
END_TEST

/* EINVAL, EADDRNOTAVAIL, ENODEV. */
START_TEST(bad_requests_have_their_own_errors)
{
	struct group_source_req src;
	struct group_req req;
	int fd = datagram();

	memset(&req, 0, sizeof(req));
	memset(&src, 0, sizeof(src));
	put4(&req.gr_group, htonl(0x0a000001));
	FAILS(set(fd, MCAST_JOIN_GROUP, &req, sizeof(req)), EINVAL);
	FAILS(set(fd, MCAST_JOIN_GROUP, &req, sizeof(req) - 1), EINVAL);
	put6(&req.gr_group, group6);
	FAILS(set(fd, MCAST_JOIN_GROUP, &req, sizeof(req)), EINVAL);
	put4(&req.gr_group, group_addr());
	req.gr_interface = 0x7ffffff;
	FAILS(set(fd, MCAST_JOIN_GROUP, &req, sizeof(req)), ENODEV);
	put4(&src.gsr_group, group_addr());
	put6(&src.gsr_source, "::1");
	FAILS(set(fd, MCAST_JOIN_SOURCE_GROUP, &src, sizeof(src)),
	    EADDRNOTAVAIL);
	FAILS(set(fd, MCAST_JOIN_SOURCE_GROUP, &src, 8), EINVAL);
	put4(&src.gsr_source, htonl(INADDR_LOOPBACK));
	FAILS(set(fd, MCAST_BLOCK_SOURCE, &src, sizeof(src)), EINVAL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static void
comes_back(int fd, int level, int name, int val)
{
	unsigned char byte = (unsigned char)val;
	socklen_t len = sizeof(int);
	int got = -1;

	ck_assert_int_eq(setsockopt(fd, level, name, &val, sizeof(val)), 0);
	ck_assert_int_eq(getsockopt(fd, level, name, &got, &len), 0);
	ck_assert_int_eq(got, val);
	if (level != IPPROTO_IP)
		return;
	/* BSD's form. */
	ck_assert_int_eq(setsockopt(fd, level, name, &byte, 1), 0);
	byte = 99;
	len = 1;
	ck_assert_int_eq(getsockopt(fd, level, name, &byte, &len), 0);
	ck_assert_uint_eq(len, 1);
	ck_assert_int_eq(byte, val);
}

/* ip(7), ipv6(7): IP_MULTICAST_TTL, IP_MULTICAST_LOOP and IPv6's. */
START_TEST(multicast_has_a_reach_and_a_way_back)
{
	int fd = datagram(), fd6 = socket(AF_INET6, SOCK_DGRAM, 0);

	comes_back(fd, IPPROTO_IP, IP_MULTICAST_TTL, 7);
	comes_back(fd, IPPROTO_IP, IP_MULTICAST_TTL, 1);
	comes_back(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0);
	comes_back(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 1);
	ck_assert_int_eq(close(fd), 0);
	if (fd6 < 0)
		return;
	comes_back(fd6, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 7);
	comes_back(fd6, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
	comes_back(fd6, IPPROTO_IPV6, IPV6_MULTICAST_IF, loopback_index());
	ck_assert_int_eq(close(fd6), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_group_is_joined_by_address,
		a_group_is_joined_by_number,
		bad_groups_have_their_own_errors,
		a_group_is_joined_whatever_its_family,
		a_group_of_ipv6_is_joined,
		sources_of_a_group_are_chosen,
		a_source_can_be_blocked,
		bad_requests_have_their_own_errors,
		multicast_has_a_reach_and_a_way_back,
	};

	return run_cases("multicast", tests, sizeof(tests) / sizeof(tests[0]));
}
