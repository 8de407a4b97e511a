/*
 * <netinet/tcp.h>, with Winsock's values.  The TCP_KEEP* options exist from
 * Windows 10 1709 on; older systems answer ENOPROTOOPT.
 */
#ifndef COMPAT_NETINET_TCP_H
#define COMPAT_NETINET_TCP_H

#define TCP_NODELAY 1
#define TCP_KEEPIDLE 3		/* s */
#define TCP_MAXSEG 4
#define TCP_KEEPCNT 16
#define TCP_KEEPINTVL 17	/* s */

#endif
