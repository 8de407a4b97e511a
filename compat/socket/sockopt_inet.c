/* The options of IP, IPv6 and TCP that NT has otherwise, or not. */
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <string.h>

#include "socket/sock.h"

/* NT counts TCP_MAXRT, which is 5, in seconds. */
#define NT_MAXRT 5
#define MS_PER_S 1000

/* LIM-SOCK-14: NT knows how to shorten its own time, not how to reset it. */
static int
user_timeout(struct socket *s, const void *val, socklen_t len)
{
	int err, ms, seconds;

	if (len < sizeof(ms))
		return EINVAL;
	memcpy(&ms, val, sizeof(ms));
	if (ms < 0)
		return EINVAL;
	if (ms == 0)
		return atomic_load(&s->user_timeout) == 0 ? 0 : ENOPROTOOPT;
	seconds = (ms - 1) / MS_PER_S + 1;
	err = nt_sock_setopt(s->file.handle, IPPROTO_TCP, NT_MAXRT, &seconds,
	    sizeof(seconds));
	if (err == 0)
		atomic_store(&s->user_timeout, ms);
	return err;
}

int
inet_option_name(int level, int name)
{
	if (level == IPPROTO_IPV6 && name == IPV6_RECVPKTINFO)
		return IPV6_PKTINFO;
	if (level == IPPROTO_IPV6 && name == IPV6_RECVHOPLIMIT)
		return IPV6_HOPLIMIT;
	return name;
}

int
inet_has_level(const struct socket *s, int level)
{
	switch (level) {
	case IPPROTO_IP:
		return 1;
	case IPPROTO_IPV6:
		return s->domain == AF_INET6;
	case IPPROTO_TCP:
		return s->type == SOCK_STREAM;
	case IPPROTO_UDP:
		return s->type == SOCK_DGRAM;
	default:
		return s->type == SOCK_RAW;
	}
}

int
inet_set_option(struct socket *s, int level, int name, const void *val,
    socklen_t len)
{
	int err, i;

	if (!inet_has_level(s, level))
		return ENOPROTOOPT;
	if (level == IPPROTO_TCP && name == TCP_USER_TIMEOUT)
		return user_timeout(s, val, len);
	if (level == IPPROTO_TCP && name == TCP_CORK)
		return ENOPROTOOPT;
	if ((err = multicast_set(s, level, name, val, len)) != ENOPROTOOPT)
		return err;
	if (len == 0)
		return EINVAL;
	/* Multicast options may be a byte for BSD and Linux. */
	if (len == 1) {
		i = *(const unsigned char *)val;
		val = &i;
		len = sizeof(i);
	}
	return nt_sock_setopt(s->file.handle, level,
	    inet_option_name(level, name), val, (int)len);
}

int
inet_get_option(struct socket *s, int level, int name, int *val)
{
	if (!inet_has_level(s, level))
		return EOPNOTSUPP;
	if (level != IPPROTO_TCP)
		return EINPROGRESS;
	switch (name) {
	case TCP_USER_TIMEOUT:
		*val = atomic_load(&s->user_timeout);
		return 0;
	case TCP_CORK:
		return ENOPROTOOPT;
	default:
		return EINPROGRESS;
	}
}
