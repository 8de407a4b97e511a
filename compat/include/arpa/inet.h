/* <arpa/inet.h> */
#ifndef COMPAT_ARPA_INET_H
#define COMPAT_ARPA_INET_H

#include <netinet/in.h>

COMPAT_BEGIN_DECLS

/*
 * inet_ntop: NULL with errno EAFNOSUPPORT for another family, ENOSPC when the
 * text and its NUL do not fit.  inet_pton: 1, 0 when the text is no address,
 * -1 with EAFNOSUPPORT.
 */
const char *inet_ntop(int, const void *__restrict__, char *__restrict__,
    socklen_t) COMPAT_SYM(inet_ntop);
int inet_pton(int, const char *__restrict__, void *__restrict__)
    COMPAT_SYM(inet_pton);

/* The old ones, IPv4 only.  inet_ntoa's buffer is one per process. */
in_addr_t inet_addr(const char *) COMPAT_SYM(inet_addr);
int inet_aton(const char *, struct in_addr *) COMPAT_SYM(inet_aton);
char *inet_ntoa(struct in_addr) COMPAT_SYM(inet_ntoa);

/**
 * inet_network(text), inet_makeaddr(net, host), inet_netof(addr),
 * inet_lnaof(addr):
 * Networks by class A, B and C, as numbers in host order.  inet_network() is
 * INADDR_NONE for what is not one to four parts of 255 at most.
 *
 * Source:	inet(3) of BSD and Linux; not in POSIX.1-2024.
 */
in_addr_t inet_network(const char *) COMPAT_SYM(inet_network);
struct in_addr inet_makeaddr(in_addr_t, in_addr_t) COMPAT_SYM(inet_makeaddr);
in_addr_t inet_netof(struct in_addr) COMPAT_SYM(inet_netof);
in_addr_t inet_lnaof(struct in_addr) COMPAT_SYM(inet_lnaof);

COMPAT_END_DECLS

#endif
