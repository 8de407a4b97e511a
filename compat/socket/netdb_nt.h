/* Host and service names by NT.  Names are UTF-8; errors are EAI_* values. */
#ifndef SOCKET_NETDB_NT_H
#define SOCKET_NETDB_NT_H

#include <stddef.h>
#include <stdint.h>

struct nt_addr {
	struct nt_addr *next;
	int family;
	int socktype;
	int protocol;
	size_t len;
	unsigned char addr[128];
	char *canonname;
};

/* hints: flags, family, socktype, protocol as in struct addrinfo. */
int nt_resolve(const char *host, const char *service, const int hints[4],
    struct nt_addr **);
void nt_addr_free(struct nt_addr *);

int nt_nameinfo(const void *addr, size_t addrlen, char *host, size_t hostlen,
    char *service, size_t servicelen, int flags);

/* 0 or an errno. */
int nt_hostname(char *name, size_t size);

unsigned int nt_if_index(const char *name);
int nt_if_name(unsigned int index, char *name);

#endif
