/* <net/if.h>: interface names and their numbers (scope ids). */
#ifndef COMPAT_NET_IF_H
#define COMPAT_NET_IF_H

#include <bits/sym.h>

COMPAT_BEGIN_DECLS

#define IF_NAMESIZE 256
#define IFNAMSIZ IF_NAMESIZE

/* 0 with errno ENODEV, or NULL with errno ENXIO, for an unknown one. */
unsigned int if_nametoindex(const char *) COMPAT_SYM(if_nametoindex);
char *if_indextoname(unsigned int, char *) COMPAT_SYM(if_indextoname);

COMPAT_END_DECLS

#endif
