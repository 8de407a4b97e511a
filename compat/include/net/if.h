/* <net/if.h>: interface names and their numbers (scope ids). */
#ifndef COMPAT_NET_IF_H
#define COMPAT_NET_IF_H

#include <bits/sym.h>

COMPAT_BEGIN_DECLS

#define IF_NAMESIZE 256
#define IFNAMSIZ IF_NAMESIZE

/* Of getifaddrs(), with Linux's values. */
#define IFF_UP 0x1
#define IFF_BROADCAST 0x2
#define IFF_LOOPBACK 0x8
#define IFF_POINTOPOINT 0x10
#define IFF_RUNNING 0x40
#define IFF_MULTICAST 0x1000

struct if_nameindex {
	unsigned int if_index;		/* 0 ends the array */
	char *if_name;			/* NULL ends the array */
};

/* 0 with errno ENODEV, or NULL with errno ENXIO, for an unknown one. */
unsigned int if_nametoindex(const char *) COMPAT_SYM(if_nametoindex);
char *if_indextoname(unsigned int, char *) COMPAT_SYM(if_indextoname);

/**
 * if_nameindex(), if_freenameindex(array):
 * Return all interfaces, or NULL with errno set to:
 *	ENOBUFS		no memory.
 *	ENOSYS		NT has no iphlpapi.dll.
 * if_freenameindex() frees the array and its names.
 *
 * Source:	POSIX.1-2024.
 */
struct if_nameindex *if_nameindex(void) COMPAT_SYM(if_nameindex);
void if_freenameindex(struct if_nameindex *) COMPAT_SYM(if_freenameindex);

COMPAT_END_DECLS

#endif
