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
#include "support/main.h"

static const char group[] = "239.255.17.23";

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
		multicast_has_a_reach_and_a_way_back,
	};

	return run_cases("multicast", tests, sizeof(tests) / sizeof(tests[0]));
}
