/* The options of IP, IPv6 and TCP that NT has otherwise, or not. */
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <string.h>

#include "socket/iface_nt.h"
#include "socket/sock.h"

/* NT counts TCP_MAXRT, which is 5, in seconds. */
#define NT_MAXRT 5
#define MS_PER_S 1000

/*
 * ip(7): an interface may be told by its number.  NT wants an address of it,
 * or 0.0.0.n, which Wine does not know.
 */
static int
address_of(int index, struct in_addr *addr)
{
	const struct nt_if_addr *a = NULL;
	struct sockaddr_in in;
	struct nt_if *all, *i;
	int err;

	if ((err = nt_if_list(&all)) != 0)
		return err;
	for (i = all; i != NULL && i->index != (unsigned int)index;
	    i = i->next)
		;
	if (i != NULL) {
		addr->s_addr = htonl((uint32_t)index);
		for (a = i->addrs; a != NULL; a = a->next) {
			memcpy(&in, a->addr, sizeof(in));
			if (in.sin_family != AF_INET)
				continue;
			*addr = in.sin_addr;
			break;
		}
	}
	err = i == NULL ? ENODEV : 0;
	nt_if_free(all);
	return err;
}

/* The group and the interface of a struct ip_mreq or ip_mreqn. */
static int
take_request(const void *val, socklen_t len, struct ip_mreq *to)
{
	struct ip_mreqn req;

	if (len < sizeof(*to))
		return EINVAL;
	memcpy(to, val, sizeof(*to));
	if (len < sizeof(req))
		return 0;
	memcpy(&req, val, sizeof(req));
	return req.imr_ifindex == 0 ? 0 :
	    address_of(req.imr_ifindex, &to->imr_interface);
}

static int
membership(struct socket *s, int name, const void *val, socklen_t len)
{
	struct ip_mreq req;
	int err;

	if ((err = take_request(val, len, &req)) != 0)
		return err;
	if (!IN_MULTICAST(ntohl(req.imr_multiaddr.s_addr)))
		return name == IP_ADD_MEMBERSHIP ? EINVAL : EADDRNOTAVAIL;
	err = nt_sock_setopt(s->file.handle, IPPROTO_IP, name, &req,
	    sizeof(req));
	/* The request is right, so this is what Winsock says of who is not in
	 * the group. */
	if (err == EINVAL && name == IP_DROP_MEMBERSHIP)
		err = EADDRNOTAVAIL;
	return err;
}

static int
multicast_if(struct socket *s, const void *val, socklen_t len)
{
	struct ip_mreq req;
	int err;

	if (len < sizeof(struct in_addr))
		return EINVAL;
	if (len < sizeof(req))
		memcpy(&req.imr_interface, val, sizeof(req.imr_interface));
	else if ((err = take_request(val, len, &req)) != 0)
		return err == ENODEV ? EADDRNOTAVAIL : err;
	return nt_sock_setopt(s->file.handle, IPPROTO_IP, IP_MULTICAST_IF,
	    &req.imr_interface, sizeof(req.imr_interface));
}

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
inet_set_option(struct socket *s, int level, int name, const void *val,
    socklen_t len)
{
	int i;

	if (level == IPPROTO_TCP && s->type != SOCK_STREAM)
		return ENOPROTOOPT;
	if (level == IPPROTO_TCP && name == TCP_USER_TIMEOUT)
		return user_timeout(s, val, len);
	if (level == IPPROTO_TCP && name == TCP_CORK)
		return ENOPROTOOPT;
	if (level == IPPROTO_IP &&
	    (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP))
		return membership(s, name, val, len);
	if (level == IPPROTO_IP && name == IP_MULTICAST_IF)
		return multicast_if(s, val, len);
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
	if (level != IPPROTO_TCP)
		return EINPROGRESS;
	if (s->type != SOCK_STREAM)
		return ENOPROTOOPT;
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
