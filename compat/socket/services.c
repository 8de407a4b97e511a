#include <netdb.h>

#include "socket/netdb_nt.h"

/* Winsock's texts are the calling thread's own; so are ours. */
static struct servent *
service(const struct nt_service *s)
{
	static struct servent out;

	out.s_name = s->name;
	out.s_aliases = s->aliases;
	out.s_port = s->port;
	out.s_proto = s->proto;
	return &out;
}

static struct protoent *
protocol(const struct nt_protocol *p)
{
	static struct protoent out;

	out.p_name = p->name;
	out.p_aliases = p->aliases;
	out.p_proto = p->number;
	return &out;
}

struct servent *
getservbyname(const char *name, const char *proto)
{
	struct nt_service s;

	return nt_service_by_name(name, proto, &s) ? service(&s) : NULL;
}

struct servent *
getservbyport(int port, const char *proto)
{
	struct nt_service s;

	return nt_service_by_port(port, proto, &s) ? service(&s) : NULL;
}

struct protoent *
getprotobyname(const char *name)
{
	struct nt_protocol p;

	return nt_protocol_by_name(name, &p) ? protocol(&p) : NULL;
}

struct protoent *
getprotobynumber(int number)
{
	struct nt_protocol p;

	return nt_protocol_by_number(number, &p) ? protocol(&p) : NULL;
}
