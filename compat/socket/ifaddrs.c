#include <ifaddrs.h>

#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fd/result.h"
#include "socket/iface_nt.h"

/* An entry and all that it points to. */
struct entry {
	struct ifaddrs ifa;
	struct sockaddr_storage addr, mask, broadcast;
	char name[IF_NAMESIZE];
};

static unsigned int
flags_of(const struct nt_if *i)
{
	unsigned int flags = 0;

	if (i->up)
		flags |= IFF_UP | IFF_RUNNING;
	if (i->loopback)
		flags |= IFF_LOOPBACK;
	else if (i->pointopoint)
		flags |= IFF_POINTOPOINT;
	else
		flags |= IFF_BROADCAST;
	if (i->multicast)
		flags |= IFF_MULTICAST;
	return flags;
}

static void
set_mask(unsigned char *mask, size_t size, int prefix)
{
	size_t i;

	for (i = 0; i < size && prefix > 0; i++, prefix -= 8)
		mask[i] = (unsigned char)(prefix >= 8 ? 0xff :
		    0xff << (8 - prefix));
}

static void
add_ipv4(struct entry *e, int prefix)
{
	struct sockaddr_in *addr = (struct sockaddr_in *)&e->addr;
	struct sockaddr_in *mask = (struct sockaddr_in *)&e->mask;
	struct sockaddr_in *all = (struct sockaddr_in *)&e->broadcast;

	set_mask((unsigned char *)&mask->sin_addr, 4, prefix);
	if ((e->ifa.ifa_flags & IFF_BROADCAST) == 0)
		return;
	all->sin_family = AF_INET;
	all->sin_addr.s_addr = addr->sin_addr.s_addr | ~mask->sin_addr.s_addr;
	e->ifa.ifa_broadaddr = (struct sockaddr *)all;
}

static void
add_addr(struct entry *e, const struct nt_if_addr *a)
{
	struct sockaddr_in6 *mask = (struct sockaddr_in6 *)&e->mask;

	memcpy(&e->addr, a->addr, (size_t)a->len);
	e->ifa.ifa_addr = (struct sockaddr *)&e->addr;
	e->ifa.ifa_netmask = (struct sockaddr *)&e->mask;
	e->mask.ss_family = e->addr.ss_family;
	if (e->addr.ss_family == AF_INET)
		add_ipv4(e, a->prefix);
	else
		set_mask(mask->sin6_addr.s6_addr, 16, a->prefix);
}

static int
add_entry(const struct nt_if *i, const struct nt_if_addr *a,
    struct ifaddrs ***tail)
{
	struct entry *e;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return ENOMEM;
	strcpy(e->name, i->name);
	e->ifa.ifa_name = e->name;
	e->ifa.ifa_flags = flags_of(i);
	if (a != NULL)
		add_addr(e, a);
	**tail = &e->ifa;
	*tail = &e->ifa.ifa_next;
	return 0;
}

/* First all interfaces, then their addresses, as on Linux. */
static int
make_list(const struct nt_if *all, struct ifaddrs **list)
{
	const struct nt_if_addr *a;
	const struct nt_if *i;
	int err = 0;

	for (i = all; i != NULL && err == 0; i = i->next)
		err = add_entry(i, NULL, &list);
	for (i = all; i != NULL; i = i->next)
		for (a = i->addrs; a != NULL && err == 0; a = a->next)
			err = add_entry(i, a, &list);
	return err;
}

int
getifaddrs(struct ifaddrs **out)
{
	struct ifaddrs *list = NULL;
	struct nt_if *all;
	int err;

	if (out == NULL)
		return result(EFAULT, 0);
	if ((err = nt_if_list(&all)) != 0)
		return result(err, 0);
	err = make_list(all, &list);
	nt_if_free(all);
	if (err != 0)
		freeifaddrs(list);
	else
		*out = list;
	return result(err, 0);
}

void
freeifaddrs(struct ifaddrs *list)
{
	struct ifaddrs *next;

	for (; list != NULL; list = next) {
		next = list->ifa_next;
		free(list);
	}
}
