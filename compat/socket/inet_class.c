/* Networks by class, as they were before RFC 1519. */
#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>

/* The bits of the host in an address or network number of any class. */
static uint32_t
host_bits(uint32_t addr)
{
	if ((addr & 0x80000000U) == 0)
		return 0x00ffffffU;
	if ((addr & 0x40000000U) == 0)
		return 0x0000ffffU;
	return 0x000000ffU;
}

in_addr_t
inet_lnaof(struct in_addr in)
{
	uint32_t addr = ntohl(in.s_addr);

	return addr & host_bits(addr);
}

in_addr_t
inet_netof(struct in_addr in)
{
	uint32_t addr = ntohl(in.s_addr), bits = host_bits(addr);

	return bits == 0x00ffffffU ? addr >> 24 :
	    bits == 0x0000ffffU ? addr >> 16 : addr >> 8;
}

/* The network's size tells its class. */
struct in_addr
inet_makeaddr(in_addr_t net, in_addr_t host)
{
	struct in_addr in;
	uint32_t addr;

	if (net < 0x80)
		addr = net << 24 | (host & 0x00ffffffU);
	else if (net < 0x10000)
		addr = net << 16 | (host & 0x0000ffffU);
	else if (net < 0x1000000)
		addr = net << 8 | (host & 0x000000ffU);
	else
		addr = net | host;
	in.s_addr = htonl(addr);
	return in;
}

in_addr_t
inet_network(const char *text)
{
	uint32_t value = 0;
	unsigned long part;
	char *end;
	int n;

	for (n = 0; n < 4; n++) {
		if (*text < '0' || *text > '9')
			return INADDR_NONE;
		part = strtoul(text, &end, 0);
		if (part > 0xff)
			return INADDR_NONE;
		value = value << 8 | (uint32_t)part;
		if (*end != '.')
			break;
		text = end + 1;
	}
	if (n == 4 || end[strspn(end, " \t\n\v\f\r")] != '\0')
		return INADDR_NONE;
	return value;
}
