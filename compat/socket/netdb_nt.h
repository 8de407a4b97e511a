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

/* Texts are Winsock's, and the calling thread's until its next such call. */
struct nt_service {
	char *name;
	char **aliases;
	int port;			/* in network order */
	char *proto;
};

struct nt_protocol {
	char *name;
	char **aliases;
	int number;
};

/* 1: found.  A null proto is any. */
int nt_service_by_name(const char *name, const char *proto,
    struct nt_service *);
int nt_service_by_port(int port, const char *proto, struct nt_service *);
int nt_protocol_by_name(const char *name, struct nt_protocol *);
int nt_protocol_by_number(int number, struct nt_protocol *);

/* 0 or an errno. */
int nt_hostname(char *name, size_t size);

#endif
