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
/* Ours: NT has none of them, or with another meaning.  LIM-SOCK-14. */
#define TCP_USER_TIMEOUT 0x10001	/* ms, NT rounds up to seconds */
#define TCP_CORK 0x10002		/* ENOPROTOOPT */

#endif
