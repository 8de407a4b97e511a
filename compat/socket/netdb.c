#include <netdb.h>

#include <unistd.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fd/result.h"
#include "socket/netdb_nt.h"

#define KNOWN_FLAGS (AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | \
	AI_NUMERICSERV | AI_ALL | AI_ADDRCONFIG | AI_V4MAPPED)

/* One entry and its address in one block. */
struct entry {
	struct addrinfo info;
	struct sockaddr_storage addr;
};

static int
make_entry(const struct nt_addr *a, int socktype, int protocol,
    struct addrinfo **out)
{
	struct entry *e;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return EAI_MEMORY;
	e->info.ai_family = a->family;
	e->info.ai_socktype = socktype;
	e->info.ai_protocol = protocol;
	e->info.ai_addrlen = (socklen_t)a->len;
	e->info.ai_addr = (struct sockaddr *)&e->addr;
	memcpy(&e->addr, a->addr, a->len);
	if (a->canonname != NULL &&
	    (e->info.ai_canonname = strdup(a->canonname)) == NULL) {
		free(e);
		return EAI_MEMORY;
	}
	*out = &e->info;
	return 0;
}

static const int kinds[3][2] = {
	{ SOCK_STREAM, IPPROTO_TCP },
	{ SOCK_DGRAM, IPPROTO_UDP },
	{ SOCK_RAW, 0 },
};

/* The first kind from i on that the hints allow; 3 if there is none. */
static int
next_kind(const struct addrinfo *hints, int i)
{
	for (; i < 3; i++)
		if ((hints->ai_socktype == 0 ||
		    hints->ai_socktype == kinds[i][0]) &&
		    (hints->ai_protocol == 0 || kinds[i][1] == 0 ||
		    hints->ai_protocol == kinds[i][1]))
			break;
	return i;
}

/* As glibc: a type and protocol that go together; raw has no services. */
static int
check_kind(const struct addrinfo *hints, const char *service)
{
	int i = next_kind(hints, 0);

	if (i == 3)
		return EAI_SOCKTYPE;
	if (kinds[i][0] == SOCK_RAW && service != NULL)
		return EAI_SERVICE;
	return 0;
}

/*
 * Without a type and a protocol in the hints, Linux gives one entry for each;
 * NT one only.
 */
static int
make_entries(const struct nt_addr *a, const struct addrinfo *hints,
    struct addrinfo ***tail)
{
	int err, i, last = hints->ai_socktype != 0 || hints->ai_protocol != 0;

	for (i = next_kind(hints, 0); i < 3;
	    i = last ? 3 : next_kind(hints, i + 1)) {
		err = make_entry(a, kinds[i][0], hints->ai_protocol != 0 ?
		    hints->ai_protocol : kinds[i][1], *tail);
		if (err != 0)
			return err;
		(**tail)->ai_flags = hints->ai_flags;
		*tail = &(**tail)->ai_next;
	}
	return 0;
}

static int
make_list(const struct nt_addr *found, const struct addrinfo *hints,
    struct addrinfo **list)
{
	const struct nt_addr *a, *b;
	struct addrinfo **tail = list;
	int err;

	for (a = found; a != NULL; a = a->next) {
		/* NT may list an address once per type: once is enough. */
		for (b = found; b != a; b = b->next)
			if (a->len == b->len &&
			    memcmp(a->addr, b->addr, a->len) == 0)
				break;
		if (b != a)
			continue;
		if ((err = make_entries(a, hints, &tail)) != 0)
			return err;
	}
	return *list != NULL ? 0 : EAI_NONAME;
}

/* RFC 6761 §6.3: this name is this host, whatever any server says. */
static int
resolve(const char *host, const char *service, const int ask[4],
    struct nt_addr **found)
{
	int err;

	err = nt_resolve(host, service, ask, found);
	if (err != EAI_NONAME || host == NULL ||
	    (ask[0] & AI_NUMERICHOST) != 0 ||
	    strcasecmp(host, "localhost") != 0)
		return err;
	return nt_resolve(ask[1] == AF_INET6 ? "::1" : "127.0.0.1", service,
	    ask, found);
}

int
getaddrinfo(const char *__restrict__ host, const char *__restrict__ service,
    const struct addrinfo *__restrict__ hints,
    struct addrinfo **__restrict__ list)
{
	static const struct addrinfo none = {
		.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG };
	struct nt_addr *found;
	int ask[4], err;

	if (hints == NULL)
		hints = &none;
	if (host == NULL && service == NULL)
		return EAI_NONAME;
	if ((hints->ai_flags & ~KNOWN_FLAGS) != 0)
		return EAI_BADFLAGS;
	if (hints->ai_socktype < 0 || hints->ai_socktype > SOCK_RAW)
		return EAI_SOCKTYPE;
	if ((hints->ai_flags & AI_NUMERICSERV) != 0 && service != NULL &&
	    service[strspn(service, "0123456789")] != '\0')
		return EAI_NONAME;
	if ((err = check_kind(hints, service)) != 0)
		return err;
	ask[0] = hints->ai_flags;
	ask[1] = hints->ai_family;
	ask[2] = hints->ai_socktype;
	ask[3] = hints->ai_protocol;
	/* glibc keeps loopback in when no address is configured; NT may not. */
	ask[0] &= ~AI_ADDRCONFIG;
	if ((err = resolve(host, service, ask, &found)) != 0)
		return err;
	*list = NULL;
	if ((err = make_list(found, hints, list)) != 0) {
		freeaddrinfo(*list);
		*list = NULL;
	}
	nt_addr_free(found);
	return err;
}

void
freeaddrinfo(struct addrinfo *list)
{
	struct addrinfo *next;

	for (; list != NULL; list = next) {
		next = list->ai_next;
		free(list->ai_canonname);
		free(list);
	}
}

const char *
gai_strerror(int err)
{
	switch (err) {
	case 0:
		return "Success";
	case EAI_BADFLAGS:
		return "Bad value for ai_flags";
	case EAI_NONAME:
		return "Name or service not known";
	case EAI_AGAIN:
		return "Temporary failure in name resolution";
	case EAI_FAIL:
		return "Non-recoverable failure in name resolution";
	case EAI_FAMILY:
		return "ai_family not supported";
	case EAI_SOCKTYPE:
		return "ai_socktype not supported";
	case EAI_SERVICE:
		return "Servname not supported for ai_socktype";
	case EAI_MEMORY:
		return "Memory allocation failure";
	case EAI_SYSTEM:
		return "System error";
	case EAI_OVERFLOW:
		return "Argument buffer overflow";
	default:
		return "Unknown error";
	}
}

int
getnameinfo(const struct sockaddr *__restrict__ addr, socklen_t addrlen,
    char *__restrict__ host, socklen_t hostlen, char *__restrict__ service,
    socklen_t servicelen, int flags)
{
	if (addr == NULL || addrlen < sizeof(struct sockaddr_in) ||
	    (addr->sa_family != AF_INET && addr->sa_family != AF_INET6))
		return EAI_FAMILY;
	if ((host == NULL || hostlen == 0) &&
	    (service == NULL || servicelen == 0))
		return EAI_NONAME;
	return nt_nameinfo(addr, addrlen, host, hostlen, service, servicelen,
	    flags);
}

int
gethostname(char *name, size_t size)
{
	return result(nt_hostname(name, size), 0);
}
