/* Winsock's structs are its own: on 64 bits s_proto comes before s_port. */
#include "socket/netdb_nt.h"

#include "nt/nt.h"
#include "socket/sock_nt.h"

static int
copy_service(const struct servent *from, struct nt_service *s)
{
	if (from == NULL)
		return 0;
	s->name = from->s_name;
	s->aliases = from->s_aliases;
	s->port = (uint16_t)from->s_port;	/* a short there */
	s->proto = from->s_proto;
	return 1;
}

static int
copy_protocol(const struct protoent *from, struct nt_protocol *p)
{
	if (from == NULL)
		return 0;
	p->name = from->p_name;
	p->aliases = from->p_aliases;
	p->number = from->p_proto;
	return 1;
}

int
nt_service_by_name(const char *name, const char *proto, struct nt_service *s)
{
	if (name == NULL || nt_sock_start() != 0)
		return 0;
	return copy_service(getservbyname(name, proto), s);
}

int
nt_service_by_port(int port, const char *proto, struct nt_service *s)
{
	if (nt_sock_start() != 0)
		return 0;
	return copy_service(getservbyport(port, proto), s);
}

int
nt_protocol_by_name(const char *name, struct nt_protocol *p)
{
	if (name == NULL || nt_sock_start() != 0)
		return 0;
	return copy_protocol(getprotobyname(name), p);
}

int
nt_protocol_by_number(int number, struct nt_protocol *p)
{
	if (nt_sock_start() != 0)
		return 0;
	return copy_protocol(getprotobynumber(number), p);
}
