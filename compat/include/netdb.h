/* <netdb.h>.  Host names are UTF-8; EAI_* are our own, negative as on Linux. */
#ifndef COMPAT_NETDB_H
#define COMPAT_NETDB_H

#include <netinet/in.h>

COMPAT_BEGIN_DECLS

struct addrinfo {
	int ai_flags;
	int ai_family;
	int ai_socktype;
	int ai_protocol;
	socklen_t ai_addrlen;
	struct sockaddr *ai_addr;
	char *ai_canonname;
	struct addrinfo *ai_next;
};

#define AI_PASSIVE 0x0001
#define AI_CANONNAME 0x0002
#define AI_NUMERICHOST 0x0004
#define AI_NUMERICSERV 0x0008
#define AI_ALL 0x0100
#define AI_ADDRCONFIG 0x0400
#define AI_V4MAPPED 0x0800

#define NI_NOFQDN 0x01
#define NI_NUMERICHOST 0x02
#define NI_NAMEREQD 0x04
#define NI_NUMERICSERV 0x08
#define NI_DGRAM 0x10
#define NI_MAXHOST 1025
#define NI_MAXSERV 32

#define EAI_BADFLAGS (-1)
#define EAI_NONAME (-2)
#define EAI_AGAIN (-3)
#define EAI_FAIL (-4)
#define EAI_FAMILY (-6)
#define EAI_SOCKTYPE (-7)
#define EAI_SERVICE (-8)
#define EAI_MEMORY (-10)
#define EAI_SYSTEM (-11)
#define EAI_OVERFLOW (-12)

int getaddrinfo(const char *__restrict__, const char *__restrict__,
    const struct addrinfo *__restrict__, struct addrinfo **__restrict__)
    COMPAT_SYM(getaddrinfo);
void freeaddrinfo(struct addrinfo *) COMPAT_SYM(freeaddrinfo);
const char *gai_strerror(int) COMPAT_SYM(gai_strerror);
int getnameinfo(const struct sockaddr *__restrict__, socklen_t,
    char *__restrict__, socklen_t, char *__restrict__, socklen_t, int)
    COMPAT_SYM(getnameinfo);

struct hostent {
	char *h_name;
	char **h_aliases;
	int h_addrtype;
	int h_length;			/* of each address */
	char **h_addr_list;
};
#define h_addr h_addr_list[0]

#define NETDB_INTERNAL (-1)		/* errno tells */
#define NETDB_SUCCESS 0
#define HOST_NOT_FOUND 1
#define TRY_AGAIN 2
#define NO_RECOVERY 3
#define NO_DATA 4
#define NO_ADDRESS NO_DATA

/* Each thread's own. */
int *__h_errno_location(void) COMPAT_SYM(__h_errno_location);
#define h_errno (*__h_errno_location())

/**
 * gethostbyname(name), gethostbyaddr(addr, len, family):
 * Look a host's IPv4 addresses up, or the name of an AF_INET or AF_INET6
 * address.  The result is the library's, one for all threads, and the next
 * call overwrites it.  There are no aliases, and 64 addresses at most.
 *
 * Return NULL with h_errno set to HOST_NOT_FOUND, TRY_AGAIN or NO_RECOVERY, or
 * to NETDB_INTERNAL with errno set to:
 *	EAFNOSUPPORT	family is another, or len does not go with it.
 *	ENOMEM		no memory.
 *
 * hstrerror(code): an English text.  herror(prefix): h_errno's, on the
 * standard error.
 *
 * Source:	POSIX.1-2001; gethostbyname(3).  New programs call
 *		getaddrinfo().
 */
struct hostent *gethostbyname(const char *) COMPAT_SYM(gethostbyname);
struct hostent *gethostbyaddr(const void *, socklen_t, int)
    COMPAT_SYM(gethostbyaddr);
const char *hstrerror(int) COMPAT_SYM(hstrerror);
void herror(const char *) COMPAT_SYM(herror);

struct servent {
	char *s_name;
	char **s_aliases;
	int s_port;			/* in network order */
	char *s_proto;
};

struct protoent {
	char *p_name;
	char **p_aliases;
	int p_proto;
};

/**
 * getservbyname(name, proto), getservbyport(port, proto),
 * getprotobyname(name), getprotobynumber(number):
 * Look a service or a protocol up in NT's files (drivers\etc); a null proto
 * is any.  The result is the library's, and the next call of any of
 * these overwrites it.  NULL when there is none, or when Winsock does not
 * start; errno is left alone.
 *
 * Source:	POSIX.1-2024.
 */
struct servent *getservbyname(const char *, const char *)
    COMPAT_SYM(getservbyname);
struct servent *getservbyport(int, const char *) COMPAT_SYM(getservbyport);
struct protoent *getprotobyname(const char *) COMPAT_SYM(getprotobyname);
struct protoent *getprotobynumber(int) COMPAT_SYM(getprotobynumber);

COMPAT_END_DECLS

#endif
