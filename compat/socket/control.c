#include "socket/control.h"

#include <netinet/in.h>

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "socket/sock.h"

/* NT's struct for IP_PKTINFO; the one for IPV6_PKTINFO is RFC 3542's. */
struct nt_pktinfo {
	struct in_addr addr;
	uint32_t index;
};

/* What NT calls a received IP_TTL (documents); Wine calls it IP_TTL. */
#define NT_HOPLIMIT 21

/*
 * NT's messages are laid out as ours (check_abi), so the macros of
 * <sys/socket.h> do for both.
 */
static void
add(struct nt_control *c, int level, int type, const void *data, size_t size)
{
	struct cmsghdr head = { .cmsg_len = CMSG_LEN(size),
	    .cmsg_level = level, .cmsg_type = type };

	memcpy(c->bytes + c->len, &head, sizeof(head));
	memcpy(c->bytes + c->len + CMSG_LEN(0), data, size);
	c->len += CMSG_SPACE(size);
}

static int
take_number(struct nt_control *c, const struct cmsghdr *m, int least)
{
	int n;

	if (m->cmsg_len != CMSG_LEN(sizeof(n)))
		return EINVAL;
	memcpy(&n, CMSG_DATA(m), sizeof(n));
	if (n < least || n > UINT8_MAX)
		return EINVAL;
	/* RFC 3542, 6.3: -1 is what is sent without this message. */
	if (n >= 0)
		add(c, m->cmsg_level, m->cmsg_type, &n, sizeof(n));
	return 0;
}

static int
take_ip(struct nt_control *c, const struct cmsghdr *m)
{
	struct in_pktinfo info;
	struct nt_pktinfo nt;

	switch (m->cmsg_type) {
	case IP_PKTINFO:
		if (m->cmsg_len != CMSG_LEN(sizeof(info)))
			return EINVAL;
		memcpy(&info, CMSG_DATA(m), sizeof(info));
		nt.addr = info.ipi_spec_dst;
		nt.index = (uint32_t)info.ipi_ifindex;
		add(c, IPPROTO_IP, IP_PKTINFO, &nt, sizeof(nt));
		return 0;
	case IP_TTL:
		return take_number(c, m, 1);
	case IP_TOS:
		return take_number(c, m, 0);
	default:
		return EINVAL;
	}
}

static int
take_ipv6(struct nt_control *c, const struct cmsghdr *m)
{
	switch (m->cmsg_type) {
	case IPV6_PKTINFO:
		if (m->cmsg_len != CMSG_LEN(sizeof(struct in6_pktinfo)))
			return EINVAL;
		add(c, IPPROTO_IPV6, IPV6_PKTINFO, CMSG_DATA(m),
		    sizeof(struct in6_pktinfo));
		return 0;
	case IPV6_HOPLIMIT:
	case IPV6_TCLASS:
		return take_number(c, m, -1);
	default:
		return EINVAL;
	}
}

static int
take_one(const struct socket *s, struct nt_control *c,
    const struct cmsghdr *m)
{
	if (m->cmsg_level == SOL_SOCKET)
		return m->cmsg_type == SCM_RIGHTS || s->domain == AF_UNIX ?
		    EOPNOTSUPP : EINVAL;
	if (s->type == SOCK_STREAM)
		return 0;
	/* No message has more data than this one. */
	if (c->len + CMSG_SPACE(sizeof(struct in6_pktinfo)) > NT_CONTROL_MAX)
		return EINVAL;
	if (m->cmsg_level == IPPROTO_IP && s->domain == AF_INET)
		return take_ip(c, m);
	if (m->cmsg_level == IPPROTO_IPV6 && s->domain == AF_INET6)
		return take_ipv6(c, m);
	return 0;
}

int
control_fits(const struct msghdr *msg, const struct cmsghdr *m)
{
	const char *end = (const char *)msg->msg_control + msg->msg_controllen;

	return m->cmsg_len >= CMSG_LEN(0) &&
	    m->cmsg_len <= (size_t)(end - (const char *)m);
}

int
control_take(const struct socket *s, const struct msghdr *msg,
    struct nt_control *c)
{
	struct cmsghdr *m;
	int err;

	c->len = 0;
	if (msg->msg_control == NULL)
		return msg->msg_controllen == 0 ? 0 : EFAULT;
	for (m = CMSG_FIRSTHDR(msg); m != NULL; m = CMSG_NXTHDR(msg, m)) {
		if (!control_fits(msg, m))
			return EINVAL;
		if ((err = take_one(s, c, m)) != 0)
			return err;
	}
	return 0;
}

void
control_put(struct msghdr *msg, size_t *used, int level, int type,
    const void *data, size_t size)
{
	struct cmsghdr head = { .cmsg_len = CMSG_LEN(size),
	    .cmsg_level = level, .cmsg_type = type };
	char *to = (char *)msg->msg_control + *used;
	size_t room = msg->msg_controllen - *used;

	if (room < sizeof(head)) {
		msg->msg_flags |= MSG_CTRUNC;
		return;
	}
	if (head.cmsg_len > room) {
		msg->msg_flags |= MSG_CTRUNC;
		head.cmsg_len = room;
	}
	memcpy(to, &head, sizeof(head));
	if (head.cmsg_len > CMSG_LEN(0))
		memcpy(to + CMSG_LEN(0), data, head.cmsg_len - CMSG_LEN(0));
	*used += CMSG_SPACE(size) < room ? CMSG_SPACE(size) : room;
}

static void
put_pktinfo(struct msghdr *msg, size_t *used, const struct cmsghdr *m)
{
	struct in_pktinfo info = { 0 };
	struct nt_pktinfo nt;

	memcpy(&nt, CMSG_DATA(m), sizeof(nt));
	info.ipi_addr = nt.addr;
	info.ipi_ifindex = (int)nt.index;
	/* LIM-SOCK-2: our own address; a group's members have others. */
	if (!IN_MULTICAST(ntohl(nt.addr.s_addr)))
		info.ipi_spec_dst = nt.addr;
	control_put(msg, used, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
}

static void
give_one(struct msghdr *msg, size_t *used, const struct cmsghdr *m)
{
	const unsigned char *data = CMSG_DATA(m);
	size_t size = m->cmsg_len - CMSG_LEN(0);

	if (m->cmsg_level != IPPROTO_IP)
		control_put(msg, used, m->cmsg_level, m->cmsg_type, data, size);
	else if (m->cmsg_type == IP_PKTINFO)
		put_pktinfo(msg, used, m);
	/* NT has it as an int, Linux as a byte. */
	else if (m->cmsg_type == IP_TOS)
		control_put(msg, used, IPPROTO_IP, IP_TOS, data, 1);
	else if (m->cmsg_type == IP_TTL || m->cmsg_type == NT_HOPLIMIT)
		control_put(msg, used, IPPROTO_IP, IP_TTL, data, size);
}

void
control_give(struct msghdr *msg, const struct nt_control *c)
{
	struct msghdr nt = { .msg_control = (void *)(uintptr_t)c->bytes,
	    .msg_controllen = c->len };
	const struct cmsghdr *m;
	size_t used = 0;

	if (c->truncated)
		msg->msg_flags |= MSG_CTRUNC;
	for (m = CMSG_FIRSTHDR(&nt); m != NULL;
	    m = CMSG_NXTHDR(&nt, (struct cmsghdr *)(uintptr_t)m))
		give_one(msg, &used, m);
	msg->msg_controllen = used;
}
