/* Addresses as text: `tcp|HOST|PORT` and `uds|PATH`. */
#include "private.h"

#include <sys/un.h>
#include <netdb.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>

static int
parse_port(const char *s, size_t len, uint16_t *port)
{
	unsigned long v = 0;
	size_t i;

	if (len == 0 || len > 5)
		return REACTOR_INVALID_ADDRESS;
	for (i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return REACTOR_INVALID_ADDRESS;
		v = v * 10 + (unsigned long)(s[i] - '0');
	}
	if (v > 65535)
		return REACTOR_INVALID_ADDRESS;
	*port = (uint16_t)v;
	return 0;
}

static int
parse_uds(const char *path, size_t len, struct rx_endpoint *ep)
{
	const struct sockaddr_un *un = NULL;

	/* The path and its NUL must fit; an abstract name is no path. */
	if (len == 0 || len >= sizeof(un->sun_path) || len >= RX_HOST_MAX)
		return REACTOR_INVALID_ADDRESS;
	ep->uds = true;
	memcpy(ep->host, path, len);
	return 0;
}

int
rx_endpoint_parse(const char *s, size_t len, bool listen,
    struct rx_endpoint *ep)
{
	const char *bar;
	size_t host;

	memset(ep, 0, sizeof(*ep));
	if (memchr(s, '\0', len) != NULL)
		return REACTOR_INVALID_ADDRESS;
	if (len > 4 && memcmp(s, "uds|", 4) == 0)
		return parse_uds(s + 4, len - 4, ep);
	if (len <= 4 || memcmp(s, "tcp|", 4) != 0)
		return REACTOR_INVALID_ADDRESS;
	s += 4;
	len -= 4;
	if ((bar = memchr(s, '|', len)) == NULL)
		return REACTOR_INVALID_ADDRESS;
	host = (size_t)(bar - s);
	if (parse_port(bar + 1, len - host - 1, &ep->port) != 0)
		return REACTOR_INVALID_ADDRESS;
	if (!listen && (host == 0 || ep->port == 0))
		return REACTOR_INVALID_ADDRESS;
	if (host >= 2 && s[0] == '[' && s[host - 1] == ']') {
		s++;
		host -= 2;
	}
	if (host >= RX_HOST_MAX)
		return REACTOR_INVALID_ADDRESS;
	memcpy(ep->host, s, host);
	return 0;
}

static int
uds_address(const struct rx_endpoint *ep, struct rx_address *a)
{
	struct sockaddr_un un;

	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	memcpy(un.sun_path, ep->host, strlen(ep->host) + 1);
	memcpy(&a->sa, &un, sizeof(un));
	a->len = sizeof(un);
	return 1;
}

/* An empty host: IPv6 that takes IPv4 as well, or else IPv4 alone. */
static int
any_address(const struct rx_endpoint *ep, struct rx_address *a)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	memset(&in6, 0, sizeof(in6));
	in6.sin6_family = AF_INET6;
	in6.sin6_port = htons(ep->port);
	memcpy(&a[0].sa, &in6, sizeof(in6));
	a[0].len = sizeof(in6);
	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons(ep->port);
	memcpy(&a[1].sa, &in, sizeof(in));
	a[1].len = sizeof(in);
	return 2;
}

/*
 * The addresses of the endpoint, or 0 when it is a name that must be looked
 * up elsewhere: this is called in the I/O thread.
 */
int
rx_endpoint_numeric(const struct rx_endpoint *ep, struct rx_address *a,
    size_t max)
{
	if (ep->uds)
		return uds_address(ep, a);
	if (ep->host[0] == '\0')
		return any_address(ep, a);
	return rx_endpoint_lookup(ep, true, a, max);
}

int
rx_endpoint_lookup(const struct rx_endpoint *ep, bool numeric,
    struct rx_address *a, size_t max)
{
	struct addrinfo hints, *list, *ai;
	char port[8];
	size_t n = 0;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICSERV | (numeric ? AI_NUMERICHOST : 0);
	(void)snprintf(port, sizeof(port), "%u", (unsigned)ep->port);
	if (getaddrinfo(ep->host, port, &hints, &list) != 0)
		return 0;
	for (ai = list; ai != NULL && n < max; ai = ai->ai_next) {
		if (ai->ai_addrlen > sizeof(a[n].sa))
			continue;
		memset(&a[n], 0, sizeof(a[n]));
		memcpy(&a[n].sa, ai->ai_addr, ai->ai_addrlen);
		a[n].len = (socklen_t)ai->ai_addrlen;
		n++;
	}
	freeaddrinfo(list);
	return (int)n;
}

static void
format_in6(const struct rx_address *a, char *s, size_t size)
{
	char host[INET6_ADDRSTRLEN];
	struct sockaddr_in6 in6;

	memcpy(&in6, &a->sa, sizeof(in6));
	host[0] = '\0';
	if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
		(void)inet_ntop(AF_INET, &in6.sin6_addr.s6_addr[12], host,
		    sizeof(host));
	else
		(void)inet_ntop(AF_INET6, &in6.sin6_addr, host, sizeof(host));
	(void)snprintf(s, size, "tcp|%s|%u", host,
	    (unsigned)ntohs(in6.sin6_port));
}

static void
format_in(const struct rx_address *a, char *s, size_t size)
{
	char host[INET_ADDRSTRLEN];
	struct sockaddr_in in;

	memcpy(&in, &a->sa, sizeof(in));
	host[0] = '\0';
	(void)inet_ntop(AF_INET, &in.sin_addr, host, sizeof(host));
	(void)snprintf(s, size, "tcp|%s|%u", host,
	    (unsigned)ntohs(in.sin_port));
}

/* The address as text that rx_endpoint_parse() takes; a peer without a name
 * of its own is `uds|`. */
void
rx_address_format(const struct rx_address *a, char *s, size_t size)
{
	struct sockaddr_un un;

	switch (a->sa.ss_family) {
	case AF_INET6:
		format_in6(a, s, size);
		break;
	case AF_INET:
		format_in(a, s, size);
		break;
	default:
		memset(&un, 0, sizeof(un));
		memcpy(&un, &a->sa, a->len < sizeof(un) ? a->len :
		    sizeof(un));
		un.sun_path[sizeof(un.sun_path) - 1] = '\0';
		(void)snprintf(s, size, "uds|%s", un.sun_path);
	}
}
