/* <ifaddrs.h>: the addresses of this host's interfaces. */
#ifndef COMPAT_IFADDRS_H
#define COMPAT_IFADDRS_H

#include <sys/socket.h>

COMPAT_BEGIN_DECLS

struct ifaddrs {
	struct ifaddrs *ifa_next;
	char *ifa_name;			/* as if_nametoindex() knows it */
	unsigned int ifa_flags;		/* IFF_* of <net/if.h> */
	struct sockaddr *ifa_addr;	/* may be NULL */
	struct sockaddr *ifa_netmask;	/* may be NULL */
	union {
		struct sockaddr *ifu_broadaddr;	/* with IFF_BROADCAST */
		struct sockaddr *ifu_dstaddr;
	} ifa_ifu;			/* may be NULL */
	void *ifa_data;			/* NULL */
};
#define ifa_broadaddr ifa_ifu.ifu_broadaddr
#define ifa_dstaddr ifa_ifu.ifu_dstaddr

/**
 * getifaddrs(&list), freeifaddrs(list):
 * For each interface, one entry without an address and one for each of its
 * AF_INET and AF_INET6 addresses.  freeifaddrs() frees the list and all in it.
 *
 * Return 0, or -1 with errno set to:
 *	EFAULT		list is NULL.
 *	ENOMEM		no memory.
 *	ENOSYS		NT has no iphlpapi.dll.
 *
 * Source:	getifaddrs(3) of BSD and Linux; not in POSIX.1-2024.
 * Limits:	LIM-SOCK-12.
 */
int getifaddrs(struct ifaddrs **) COMPAT_SYM(getifaddrs);
void freeifaddrs(struct ifaddrs *) COMPAT_SYM(freeifaddrs);

COMPAT_END_DECLS

#endif
