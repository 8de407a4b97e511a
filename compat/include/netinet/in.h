/* <netinet/in.h>, with Winsock's layouts and values. */
#ifndef COMPAT_NETINET_IN_H
#define COMPAT_NETINET_IN_H

#include <sys/socket.h>

#include <inttypes.h>
#include <string.h>

COMPAT_BEGIN_DECLS

typedef uint16_t in_port_t;
typedef uint32_t in_addr_t;

struct in_addr {
	in_addr_t s_addr;
};

struct in6_addr {
	union {
		uint8_t compat_u8[16];
		uint16_t compat_u16[8];
	} compat_u;
};
#define s6_addr compat_u.compat_u8
#define s6_addr16 compat_u.compat_u16

struct sockaddr_in {
	sa_family_t sin_family;
	in_port_t sin_port;
	struct in_addr sin_addr;
	unsigned char sin_zero[8];
};

struct sockaddr_in6 {
	sa_family_t sin6_family;
	in_port_t sin6_port;
	uint32_t sin6_flowinfo;
	struct in6_addr sin6_addr;
	uint32_t sin6_scope_id;
};

struct ip_mreq {
	struct in_addr imr_multiaddr;
	struct in_addr imr_interface;
};

/* For the same options, and for IP_MULTICAST_IF: an interface by number. */
struct ip_mreqn {
	struct in_addr imr_multiaddr;
	struct in_addr imr_address;
	int imr_ifindex;		/* 0: by its address */
};

/* IP_PKTINFO, ip(7). */
struct in_pktinfo {
	int ipi_ifindex;
	struct in_addr ipi_spec_dst;	/* ours; when sending, its source */
	struct in_addr ipi_addr;	/* where the datagram was sent to */
};

/* IPV6_PKTINFO, RFC 3542. */
struct in6_pktinfo {
	struct in6_addr ipi6_addr;
	uint32_t ipi6_ifindex;
};

struct ip_mreq_source {
	struct in_addr imr_multiaddr;
	struct in_addr imr_sourceaddr;
	struct in_addr imr_interface;
};

struct ipv6_mreq {
	struct in6_addr ipv6mr_multiaddr;
	unsigned int ipv6mr_interface;
};

/* MCAST_JOIN_GROUP and the others, RFC 3678: of both families. */
struct group_req {
	uint32_t gr_interface;		/* by number; 0: the system's choice */
	struct sockaddr_storage gr_group;
};

struct group_source_req {
	uint32_t gsr_interface;
	struct sockaddr_storage gsr_group;
	struct sockaddr_storage gsr_source;
};

#define INADDR_ANY ((in_addr_t)0x00000000)
#define INADDR_LOOPBACK ((in_addr_t)0x7f000001)
#define INADDR_BROADCAST ((in_addr_t)0xffffffff)
#define INADDR_NONE ((in_addr_t)0xffffffff)
#define INET_ADDRSTRLEN 16
#define INET6_ADDRSTRLEN 46

#define IN6ADDR_ANY_INIT { { { 0 } } }
#define IN6ADDR_LOOPBACK_INIT \
	{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } }
extern const struct in6_addr in6addr_any COMPAT_SYM(in6addr_any);
extern const struct in6_addr in6addr_loopback COMPAT_SYM(in6addr_loopback);

#define IPPROTO_IP 0
#define IPPROTO_ICMP 1
#define IPPROTO_IGMP 2
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41
#define IPPROTO_ICMPV6 58
#define IPPROTO_RAW 255
#define IPPORT_RESERVED 1024

#define IP_TOS 3
#define IP_TTL 4
#define IP_MULTICAST_IF 9
#define IP_MULTICAST_TTL 10
#define IP_MULTICAST_LOOP 11
#define IP_ADD_MEMBERSHIP 12
#define IP_DROP_MEMBERSHIP 13
#define IP_ADD_SOURCE_MEMBERSHIP 15
#define IP_DROP_SOURCE_MEMBERSHIP 16
#define IP_BLOCK_SOURCE 17
#define IP_UNBLOCK_SOURCE 18
#define IP_PKTINFO 19
#define IP_RECVTTL 21
#define IP_RECVTOS 40

/* IPPROTO_IP and IPPROTO_IPV6. */
#define MCAST_JOIN_GROUP 41
#define MCAST_LEAVE_GROUP 42
#define MCAST_BLOCK_SOURCE 43
#define MCAST_UNBLOCK_SOURCE 44
#define MCAST_JOIN_SOURCE_GROUP 45
#define MCAST_LEAVE_SOURCE_GROUP 46

#define IPV6_UNICAST_HOPS 4
#define IPV6_MULTICAST_IF 9
#define IPV6_MULTICAST_HOPS 10
#define IPV6_MULTICAST_LOOP 11
#define IPV6_JOIN_GROUP 12
#define IPV6_ADD_MEMBERSHIP IPV6_JOIN_GROUP
#define IPV6_LEAVE_GROUP 13
#define IPV6_DROP_MEMBERSHIP IPV6_LEAVE_GROUP
#define IPV6_PKTINFO 19
#define IPV6_HOPLIMIT 21
#define IPV6_V6ONLY 27		/* off by default, as on Linux */
#define IPV6_TCLASS 39
#define IPV6_RECVTCLASS 40
/* Ours: NT has one name for what is asked for and what then comes. */
#define IPV6_RECVPKTINFO 0x10001
#define IPV6_RECVHOPLIMIT 0x10002

#define IN_MULTICAST(a) (((uint32_t)(a) & 0xf0000000U) == 0xe0000000U)

#define IN6_IS_ADDR_UNSPECIFIED(a) \
	(memcmp((a)->s6_addr, in6addr_any.s6_addr, 16) == 0)
#define IN6_IS_ADDR_LOOPBACK(a) \
	(memcmp((a)->s6_addr, in6addr_loopback.s6_addr, 16) == 0)
#define IN6_IS_ADDR_MULTICAST(a) ((a)->s6_addr[0] == 0xff)
#define IN6_IS_ADDR_LINKLOCAL(a) \
	((a)->s6_addr[0] == 0xfe && ((a)->s6_addr[1] & 0xc0) == 0x80)
#define IN6_IS_ADDR_SITELOCAL(a) \
	((a)->s6_addr[0] == 0xfe && ((a)->s6_addr[1] & 0xc0) == 0xc0)
#define IN6_IS_ADDR_V4MAPPED(a) \
	(memcmp((a)->s6_addr, \
	    "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0)

uint32_t htonl(uint32_t) COMPAT_SYM(htonl);
uint16_t htons(uint16_t) COMPAT_SYM(htons);
uint32_t ntohl(uint32_t) COMPAT_SYM(ntohl);
uint16_t ntohs(uint16_t) COMPAT_SYM(ntohs);

COMPAT_END_DECLS

#endif
