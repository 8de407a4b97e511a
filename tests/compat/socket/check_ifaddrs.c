/* getifaddrs(3), if_nameindex(3). */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"

/* POSIX.1-2024, if_nameindex(): the same as the two other calls say. */
START_TEST(each_interface_has_one_number_and_one_name)
{
	struct if_nameindex *all = if_nameindex(), *i, *j;
	char name[IF_NAMESIZE];

	ck_assert_ptr_nonnull(all);
	ck_assert_uint_ne(all[0].if_index, 0);
	for (i = all; i->if_index != 0; i++) {
		ck_assert_uint_eq(if_nametoindex(i->if_name), i->if_index);
		ck_assert_ptr_eq(if_indextoname(i->if_index, name), name);
		ck_assert_str_eq(name, i->if_name);
		for (j = all; j != i; j++)
			ck_assert_str_ne(j->if_name, i->if_name);
	}
	ck_assert_ptr_null(i->if_name);
	if_freenameindex(all);
}
END_TEST

/* POSIX.1-2024, if_indextoname(): ENXIO; if_nametoindex() of Linux: ENODEV. */
START_TEST(an_unknown_interface_is_told_apart)
{
	char name[IF_NAMESIZE];

	errno = 0;
	ck_assert_ptr_null(if_indextoname(0x7ffffff, name));
	ck_assert_int_eq(errno, ENXIO);
	errno = 0;
	ck_assert_uint_eq(if_nametoindex("no such one"), 0);
	ck_assert_int_eq(errno, ENODEV);
}
END_TEST

static const struct ifaddrs *
find(const struct ifaddrs *list, int family, const void *addr)
{
	for (; list != NULL; list = list->ifa_next) {
		if (list->ifa_addr == NULL ||
		    list->ifa_addr->sa_family != family)
			continue;
		if (family == AF_INET && memcmp(addr,
		    &((struct sockaddr_in *)list->ifa_addr)->sin_addr, 4) == 0)
			break;
		if (family == AF_INET6 && memcmp(addr,
		    &((struct sockaddr_in6 *)list->ifa_addr)->sin6_addr,
		    16) == 0)
			break;
	}
	return list;
}

/* getifaddrs(3): 127.0.0.1/8 is on the interface that loops back. */
START_TEST(the_loopback_address_is_there)
{
	const struct in_addr lo = { htonl(INADDR_LOOPBACK) };
	const struct sockaddr_in *mask;
	const struct ifaddrs *i;
	struct ifaddrs *list;

	ck_assert_int_eq(getifaddrs(&list), 0);
	ck_assert_ptr_nonnull(i = find(list, AF_INET, &lo));
	ck_assert_uint_ne(i->ifa_flags & IFF_LOOPBACK, 0);
	ck_assert_uint_ne(i->ifa_flags & IFF_UP, 0);
	ck_assert_uint_ne(i->ifa_flags & IFF_RUNNING, 0);
	ck_assert_uint_eq(i->ifa_flags & IFF_BROADCAST, 0);
	mask = (const struct sockaddr_in *)i->ifa_netmask;
	ck_assert_ptr_nonnull(mask);
	ck_assert_int_eq(mask->sin_family, AF_INET);
	ck_assert_uint_eq(ntohl(mask->sin_addr.s_addr), 0xff000000);
	ck_assert_uint_ne(if_nametoindex(i->ifa_name), 0);
	freeifaddrs(list);
}
END_TEST

static int
bits(const unsigned char *mask, int size)
{
	int n = 0, i;

	for (i = 0; i < 8 * size; i++)
		n += mask[i / 8] >> (7 - i % 8) & 1;
	return n;
}

/* ipv6(7): ::1 is alone in its network. */
START_TEST(the_loopback_address_of_ipv6_is_there)
{
	const struct sockaddr_in6 *mask;
	const struct ifaddrs *i;
	struct ifaddrs *list;
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
	    .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	ck_assert_int_eq(getifaddrs(&list), 0);
	i = find(list, AF_INET6, &in6.sin6_addr);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&in6, sizeof(in6)) == 0) {
		ck_assert_ptr_nonnull(i);
		mask = (const struct sockaddr_in6 *)i->ifa_netmask;
		ck_assert_int_eq(mask->sin6_family, AF_INET6);
		ck_assert_int_eq(bits(mask->sin6_addr.s6_addr, 16), 128);
	} else {
		ck_assert_ptr_null(i);
	}
	if (fd >= 0)
		ck_assert_int_eq(close(fd), 0);
	freeifaddrs(list);
}
END_TEST

static void
check_one(const struct ifaddrs *i)
{
	const struct sockaddr_in *addr, *mask, *all;
	struct sockaddr_in in;
	uint32_t a, m;
	int fd;

	addr = (const struct sockaddr_in *)i->ifa_addr;
	mask = (const struct sockaddr_in *)i->ifa_netmask;
	a = ntohl(addr->sin_addr.s_addr);
	m = ntohl(mask->sin_addr.s_addr);
	/* Ones, then zeros. */
	ck_assert_uint_eq(~m & (~m + 1), 0);
	all = (const struct sockaddr_in *)i->ifa_broadaddr;
	if ((i->ifa_flags & IFF_BROADCAST) != 0 && all != NULL)
		ck_assert_uint_eq(ntohl(all->sin_addr.s_addr), a | ~m);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr = addr->sin_addr;
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(close(fd), 0);
}

/* getifaddrs(3): they are this host's, so sockets can be bound to them. */
START_TEST(every_address_can_be_bound)
{
	struct ifaddrs *list, *i, *j;

	ck_assert_int_eq(getifaddrs(&list), 0);
	for (i = list; i != NULL; i = i->ifa_next) {
		ck_assert_uint_ne(if_nametoindex(i->ifa_name), 0);
		if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET)
			check_one(i);
		/* Each interface has an entry that is no Internet address. */
		for (j = list; j != NULL; j = j->ifa_next)
			if (strcmp(i->ifa_name, j->ifa_name) == 0 &&
			    (j->ifa_addr == NULL ||
			    (j->ifa_addr->sa_family != AF_INET &&
			    j->ifa_addr->sa_family != AF_INET6)))
				break;
		ck_assert_ptr_nonnull(j);
	}
	freeifaddrs(list);
	freeifaddrs(NULL);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		each_interface_has_one_number_and_one_name,
		an_unknown_interface_is_told_apart,
		the_loopback_address_is_there,
		the_loopback_address_of_ipv6_is_there,
		every_address_can_be_bound,
	};

	return run_cases("ifaddrs", tests, sizeof(tests) / sizeof(tests[0]));
}
