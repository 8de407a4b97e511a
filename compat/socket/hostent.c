/* The old way to look hosts up, by the new one. */
#include <netdb.h>

#include <arpa/inet.h>
#include <sys/uio.h>

#include <errno.h>
#include <string.h>

#include "fd/result.h"
#include "nt/perthread.h"

#define ADDRESSES 64

/* One for all threads, as POSIX has it. */
static struct {
	struct hostent ent;
	char name[NI_MAXHOST];
	char *aliases[1];
	char *list[ADDRESSES + 1];
	struct in6_addr addr[ADDRESSES];
} answer;

static struct perthread host_error = { .size = sizeof(int) };

int *
__h_errno_location(void)
{
	static int shared;
	int *own = perthread_get(&host_error);

	return own != NULL ? own : &shared;
}

static struct hostent *
fail(int code)
{
	switch (code) {
	case EAI_AGAIN:
		h_errno = TRY_AGAIN;
		break;
	case EAI_FAIL:
		h_errno = NO_RECOVERY;
		break;
	case EAI_MEMORY:
		h_errno = NETDB_INTERNAL;
		return result_ptr(ENOMEM, NULL);
	default:
		h_errno = HOST_NOT_FOUND;
		break;
	}
	return NULL;
}

static void
begin(int family, int length)
{
	memset(&answer, 0, sizeof(answer));
	answer.ent.h_name = answer.name;
	answer.ent.h_aliases = answer.aliases;
	answer.ent.h_addrtype = family;
	answer.ent.h_length = length;
	answer.ent.h_addr_list = answer.list;
}

static void
add(int i, const void *addr)
{
	memcpy(&answer.addr[i], addr, (size_t)answer.ent.h_length);
	answer.list[i] = (char *)&answer.addr[i];
}

static void
set_name(const char *name)
{
	size_t n = strlen(name);

	if (n >= sizeof(answer.name))
		n = sizeof(answer.name) - 1;
	memcpy(answer.name, name, n);
}

/* What no server is asked for, as with glibc: no name, no address of IPv4. */
static int
is_no_name(const char *text)
{
	return text[strspn(text, "0123456789.")] == '\0' ||
	    strchr(text, ':') != NULL;
}

struct hostent *
gethostbyname(const char *name)
{
	struct addrinfo hints = { .ai_flags = AI_CANONNAME,
	    .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list, *a;
	struct in_addr number;
	int err, i = 0;

	/* A number, in any of the old forms, needs no server. */
	if (inet_aton(name, &number)) {
		begin(AF_INET, sizeof(number));
		set_name(name);
		add(0, &number);
		return &answer.ent;
	}
	if (is_no_name(name))
		return fail(EAI_NONAME);
	if ((err = getaddrinfo(name, NULL, &hints, &list)) != 0)
		return fail(err);
	begin(AF_INET, sizeof(number));
	set_name(list->ai_canonname != NULL ? list->ai_canonname : name);
	for (a = list; a != NULL && i < ADDRESSES; a = a->ai_next)
		add(i++, &((struct sockaddr_in *)a->ai_addr)->sin_addr);
	freeaddrinfo(list);
	return &answer.ent;
}

struct hostent *
gethostbyaddr(const void *addr, socklen_t len, int family)
{
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} a;
	char name[NI_MAXHOST];
	socklen_t size;
	int err;

	memset(&a, 0, sizeof(a));
	a.sa.sa_family = (sa_family_t)family;
	if (family == AF_INET && len == sizeof(a.in.sin_addr)) {
		memcpy(&a.in.sin_addr, addr, len);
		size = sizeof(a.in);
	} else if (family == AF_INET6 && len == sizeof(a.in6.sin6_addr)) {
		memcpy(&a.in6.sin6_addr, addr, len);
		size = sizeof(a.in6);
	} else {
		h_errno = NETDB_INTERNAL;
		return result_ptr(EAFNOSUPPORT, NULL);
	}
	err = getnameinfo(&a.sa, size, name, sizeof(name), NULL, 0,
	    NI_NAMEREQD);
	if (err != 0)
		return fail(err);
	begin(family, (int)len);
	set_name(name);
	add(0, addr);
	return &answer.ent;
}

const char *
hstrerror(int code)
{
	switch (code) {
	case NETDB_INTERNAL:
		return "Resolver internal error";
	case NETDB_SUCCESS:
		return "Resolver Error 0 (no error)";
	case HOST_NOT_FOUND:
		return "Unknown host";
	case TRY_AGAIN:
		return "Host name lookup failure";
	case NO_RECOVERY:
		return "Unknown server error";
	case NO_DATA:
		return "No address associated with name";
	default:
		return "Unknown resolver error";
	}
}

void
herror(const char *prefix)
{
	const char *text = hstrerror(h_errno);
	struct iovec v[4];
	int n = 0;

	if (prefix != NULL && prefix[0] != '\0') {
		v[n].iov_base = (void *)(uintptr_t)prefix;
		v[n++].iov_len = strlen(prefix);
		v[n].iov_base = (void *)(uintptr_t)": ";
		v[n++].iov_len = 2;
	}
	v[n].iov_base = (void *)(uintptr_t)text;
	v[n++].iov_len = strlen(text);
	v[n].iov_base = (void *)(uintptr_t)"\n";
	v[n++].iov_len = 1;
	(void)writev(2, v, n);
}
