/* Multicast: the options of ip(7) and ipv6(7), and RFC 3678's of both. */
#include <netinet/in.h>

#include <errno.h>
#include <string.h>

#include "socket/iface_nt.h"
#include "socket/sock.h"

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

/*
 * The request is right, so this is what Winsock says of who is not in the
 * group, or has not blocked the source.
 */
static int
leave_errno(int err)
{
	return err == EINVAL ? EADDRNOTAVAIL : err;
}

static int
join_or_leave(struct socket *s, int name, const struct ip_mreq *req)
{
	int err;

	if (!IN_MULTICAST(ntohl(req->imr_multiaddr.s_addr)))
		return name == IP_ADD_MEMBERSHIP ? EINVAL : EADDRNOTAVAIL;
	err = nt_sock_setopt(s->file.handle, IPPROTO_IP, name, req,
	    sizeof(*req));
	return name == IP_DROP_MEMBERSHIP ? leave_errno(err) : err;
}

static int
membership(struct socket *s, int name, const void *val, socklen_t len)
{
	struct ip_mreq req;
	int err;

	if (s->type == SOCK_STREAM)
		return EPROTO;
	if ((err = take_request(val, len, &req)) != 0)
		return err;
	return join_or_leave(s, name, &req);
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

/* The interface of a request by number; 0: NT's choice. */
static int
interface_of(uint32_t index, struct in_addr *addr)
{
	addr->s_addr = htonl(INADDR_ANY);
	return index == 0 ? 0 : address_of((int)index, addr);
}

/* NT has these too, Wine has not: so by what both have. */
static int
group4(struct socket *s, int name, const struct group_req *req)
{
	struct sockaddr_in in;
	struct ip_mreq old;
	int err;

	memcpy(&in, &req->gr_group, sizeof(in));
	if (in.sin_family != AF_INET)
		return EINVAL;
	old.imr_multiaddr = in.sin_addr;
	if ((err = interface_of(req->gr_interface, &old.imr_interface)) != 0)
		return err;
	return join_or_leave(s, name == MCAST_JOIN_GROUP ? IP_ADD_MEMBERSHIP :
	    IP_DROP_MEMBERSHIP, &old);
}

static int
group6(struct socket *s, int name, const struct group_req *req)
{
	struct sockaddr_in6 in6;
	struct ipv6_mreq old;
	int err, join = name == MCAST_JOIN_GROUP;

	memcpy(&in6, &req->gr_group, sizeof(in6));
	if (in6.sin6_family != AF_INET6)
		return EADDRNOTAVAIL;
	old.ipv6mr_multiaddr = in6.sin6_addr;
	old.ipv6mr_interface = req->gr_interface;
	err = nt_sock_setopt(s->file.handle, IPPROTO_IPV6,
	    join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, &old, sizeof(old));
	return join ? err : leave_errno(err);
}

static int
group(struct socket *s, int name, const void *val, socklen_t len)
{
	struct group_req req;

	if (len < sizeof(req))
		return EINVAL;
	memcpy(&req, val, sizeof(req));
	return s->domain == AF_INET ? group4(s, name, &req) :
	    group6(s, name, &req);
}

static int
source4(struct socket *s, int name, const struct group_source_req *req)
{
	struct sockaddr_in to, from;
	struct ip_mreq_source old;
	int err;

	memcpy(&to, &req->gsr_group, sizeof(to));
	memcpy(&from, &req->gsr_source, sizeof(from));
	if (to.sin_family != AF_INET || from.sin_family != AF_INET)
		return EADDRNOTAVAIL;
	if (!IN_MULTICAST(ntohl(to.sin_addr.s_addr)))
		return EINVAL;
	old.imr_multiaddr = to.sin_addr;
	old.imr_sourceaddr = from.sin_addr;
	if ((err = interface_of(req->gsr_interface, &old.imr_interface)) != 0)
		return err;
	switch (name) {
	case MCAST_JOIN_SOURCE_GROUP:
		name = IP_ADD_SOURCE_MEMBERSHIP;
		break;
	case MCAST_LEAVE_SOURCE_GROUP:
		name = IP_DROP_SOURCE_MEMBERSHIP;
		break;
	case MCAST_BLOCK_SOURCE:
		name = IP_BLOCK_SOURCE;
		break;
	default:
		name = IP_UNBLOCK_SOURCE;
		break;
	}
	err = nt_sock_setopt(s->file.handle, IPPROTO_IP, name, &old,
	    sizeof(old));
	return name == IP_UNBLOCK_SOURCE || name == IP_DROP_SOURCE_MEMBERSHIP ?
	    leave_errno(err) : err;
}

static int
source(struct socket *s, int name, const void *val, socklen_t len)
{
	struct group_source_req req;

	if (len < sizeof(req))
		return EINVAL;
	memcpy(&req, val, sizeof(req));
	if (s->domain == AF_INET)
		return source4(s, name, &req);
	/* The struct is NT's, and there is no older option. */
	return nt_sock_setopt(s->file.handle, IPPROTO_IPV6, name, &req,
	    sizeof(req));
}

static int
old_option(struct socket *s, int name, const void *val, socklen_t len)
{
	switch (name) {
	case IP_ADD_MEMBERSHIP:
	case IP_DROP_MEMBERSHIP:
		return membership(s, name, val, len);
	case IP_MULTICAST_IF:
		return multicast_if(s, val, len);
	default:
		return ENOPROTOOPT;
	}
}

int
multicast_set(struct socket *s, int level, int name, const void *val,
    socklen_t len)
{
	if (level != (s->domain == AF_INET ? IPPROTO_IP : IPPROTO_IPV6))
		return ENOPROTOOPT;
	switch (name) {
	case MCAST_JOIN_GROUP:
	case MCAST_LEAVE_GROUP:
		return group(s, name, val, len);
	case MCAST_JOIN_SOURCE_GROUP:
	case MCAST_LEAVE_SOURCE_GROUP:
	case MCAST_BLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
		return source(s, name, val, len);
	default:
		return level == IPPROTO_IP ? old_option(s, name, val, len) :
		    ENOPROTOOPT;
	}
}
