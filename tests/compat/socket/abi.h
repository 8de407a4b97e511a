/* One row of what <sys/socket.h> and Winsock have to agree on. */
#ifndef TESTS_ABI_H
#define TESTS_ABI_H

struct abi {
	const char *name;
	long long value;
};

/* Sizes and offsets of structs, and constants; ends with a NULL name. */
#define ABI_SIZE(type) { "sizeof " #type, (long long)sizeof(type) }
#define ABI_AT(type, member) \
	{ #type "." #member, (long long)__builtin_offsetof(type, member) }
#define ABI_VALUE(name) { #name, (long long)(name) }

#define ABI_ROWS \
	ABI_SIZE(struct sockaddr), \
	ABI_AT(struct sockaddr, sa_family), \
	ABI_AT(struct sockaddr, sa_data), \
	ABI_SIZE(struct sockaddr_storage), \
	ABI_AT(struct sockaddr_storage, ss_family), \
	ABI_SIZE(struct sockaddr_in), \
	ABI_AT(struct sockaddr_in, sin_family), \
	ABI_AT(struct sockaddr_in, sin_port), \
	ABI_AT(struct sockaddr_in, sin_addr), \
	ABI_SIZE(struct sockaddr_in6), \
	ABI_AT(struct sockaddr_in6, sin6_family), \
	ABI_AT(struct sockaddr_in6, sin6_port), \
	ABI_AT(struct sockaddr_in6, sin6_flowinfo), \
	ABI_AT(struct sockaddr_in6, sin6_addr), \
	ABI_AT(struct sockaddr_in6, sin6_scope_id), \
	ABI_SIZE(struct in_addr), \
	ABI_SIZE(struct in6_addr), \
	ABI_SIZE(struct ip_mreq), \
	ABI_AT(struct ip_mreq, imr_interface), \
	ABI_SIZE(struct ipv6_mreq), \
	ABI_AT(struct ipv6_mreq, ipv6mr_interface), \
	ABI_SIZE(struct ip_mreq_source), \
	ABI_AT(struct ip_mreq_source, imr_sourceaddr), \
	ABI_SIZE(struct group_req), \
	ABI_AT(struct group_req, gr_group), \
	ABI_SIZE(struct group_source_req), \
	ABI_AT(struct group_source_req, gsr_source), \
	ABI_SIZE(struct cmsghdr), \
	ABI_AT(struct cmsghdr, cmsg_level), \
	ABI_AT(struct cmsghdr, cmsg_type), \
	{ "CMSG_LEN(1)", (long long)CMSG_LEN(1) }, \
	{ "CMSG_SPACE(1)", (long long)CMSG_SPACE(1) }, \
	ABI_SIZE(struct in6_pktinfo), \
	ABI_AT(struct in6_pktinfo, ipi6_ifindex), \
	ABI_SIZE(struct sockaddr_un), \
	ABI_AT(struct sockaddr_un, sun_path), \
	ABI_VALUE(AF_UNSPEC), ABI_VALUE(AF_UNIX), ABI_VALUE(AF_INET), \
	ABI_VALUE(AF_INET6), \
	ABI_VALUE(SOCK_STREAM), ABI_VALUE(SOCK_DGRAM), ABI_VALUE(SOCK_RAW), \
	ABI_VALUE(SOCK_RDM), ABI_VALUE(SOCK_SEQPACKET), \
	ABI_VALUE(SOL_SOCKET), ABI_VALUE(SO_DEBUG), \
	ABI_VALUE(SO_ACCEPTCONN), ABI_VALUE(SO_REUSEADDR), \
	ABI_VALUE(SO_KEEPALIVE), ABI_VALUE(SO_DONTROUTE), \
	ABI_VALUE(SO_BROADCAST), ABI_VALUE(SO_LINGER), \
	ABI_VALUE(SO_OOBINLINE), ABI_VALUE(SO_SNDBUF), \
	ABI_VALUE(SO_RCVBUF), ABI_VALUE(SO_SNDLOWAT), \
	ABI_VALUE(SO_RCVLOWAT), ABI_VALUE(SO_SNDTIMEO), \
	ABI_VALUE(SO_RCVTIMEO), ABI_VALUE(SO_ERROR), ABI_VALUE(SO_TYPE), \
	ABI_VALUE(MSG_OOB), ABI_VALUE(MSG_PEEK), ABI_VALUE(MSG_DONTROUTE), \
	ABI_VALUE(MSG_WAITALL), ABI_VALUE(MSG_TRUNC), \
	ABI_VALUE(MSG_CTRUNC), \
	ABI_VALUE(IPPROTO_IP), ABI_VALUE(IPPROTO_ICMP), \
	ABI_VALUE(IPPROTO_TCP), ABI_VALUE(IPPROTO_UDP), \
	ABI_VALUE(IPPROTO_IPV6), ABI_VALUE(IPPROTO_ICMPV6), \
	ABI_VALUE(IPPROTO_RAW), \
	ABI_VALUE(IP_TOS), ABI_VALUE(IP_TTL), ABI_VALUE(IP_MULTICAST_IF), \
	ABI_VALUE(IP_MULTICAST_TTL), ABI_VALUE(IP_MULTICAST_LOOP), \
	ABI_VALUE(IP_ADD_MEMBERSHIP), ABI_VALUE(IP_DROP_MEMBERSHIP), \
	ABI_VALUE(IP_ADD_SOURCE_MEMBERSHIP), \
	ABI_VALUE(IP_DROP_SOURCE_MEMBERSHIP), \
	ABI_VALUE(IP_BLOCK_SOURCE), ABI_VALUE(IP_UNBLOCK_SOURCE), \
	ABI_VALUE(MCAST_JOIN_GROUP), ABI_VALUE(MCAST_LEAVE_GROUP), \
	ABI_VALUE(MCAST_BLOCK_SOURCE), ABI_VALUE(MCAST_UNBLOCK_SOURCE), \
	ABI_VALUE(MCAST_JOIN_SOURCE_GROUP), \
	ABI_VALUE(MCAST_LEAVE_SOURCE_GROUP), \
	ABI_VALUE(IPV6_UNICAST_HOPS), ABI_VALUE(IPV6_MULTICAST_IF), \
	ABI_VALUE(IPV6_MULTICAST_HOPS), ABI_VALUE(IPV6_MULTICAST_LOOP), \
	ABI_VALUE(IPV6_JOIN_GROUP), ABI_VALUE(IPV6_LEAVE_GROUP), \
	ABI_VALUE(IPV6_V6ONLY), \
	ABI_VALUE(IP_PKTINFO), ABI_VALUE(IP_RECVTTL), \
	ABI_VALUE(IP_RECVTOS), ABI_VALUE(IPV6_PKTINFO), \
	ABI_VALUE(IPV6_HOPLIMIT), ABI_VALUE(IPV6_TCLASS), \
	ABI_VALUE(IPV6_RECVTCLASS), \
	ABI_VALUE(TCP_NODELAY), \
	ABI_VALUE(AI_PASSIVE), ABI_VALUE(AI_CANONNAME), \
	ABI_VALUE(AI_NUMERICHOST), ABI_VALUE(AI_NUMERICSERV), \
	ABI_VALUE(AI_ALL), ABI_VALUE(AI_ADDRCONFIG), \
	ABI_VALUE(AI_V4MAPPED), \
	ABI_VALUE(NI_NOFQDN), ABI_VALUE(NI_NUMERICHOST), \
	ABI_VALUE(NI_NAMEREQD), ABI_VALUE(NI_NUMERICSERV), \
	ABI_VALUE(NI_DGRAM), \
	{ 0, 0 }

extern const struct abi winsock_abi[];

#endif
