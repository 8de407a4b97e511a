#include "socket/iface_nt.h"

#include <stdlib.h>
#include <string.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* Interfaces come and go between the question and its answer. */
#define ATTEMPTS 8
#define ROOM 16384

/* iphlpapi is loaded by who needs it: few programs do. */
#define IPHLP(name) \
	((__typeof__(&name))(void *)nt_lookup(L"iphlpapi.dll", #name))

unsigned int
nt_if_index(const char *name)
{
	__typeof__(&if_nametoindex) f = IPHLP(if_nametoindex);

	return f != NULL ? f(name) : 0;
}

int
nt_if_name(unsigned int index, char *name)
{
	__typeof__(&if_indextoname) f = IPHLP(if_indextoname);

	return f != NULL && f(index, name) != NULL ? 0 : ENXIO;
}

static int
adapters(IP_ADAPTER_ADDRESSES **list)
{
	__typeof__(&GetAdaptersAddresses) f = IPHLP(GetAdaptersAddresses);
	ULONG code, size = ROOM;
	void *bigger;
	int i;

	*list = NULL;
	if (f == NULL)
		return ENOSYS;
	for (i = 0; i < ATTEMPTS; i++) {
		if ((bigger = realloc(*list, size)) == NULL)
			break;
		*list = bigger;
		code = f(AF_UNSPEC, GAA_FLAG_SKIP_ANYCAST |
		    GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER |
		    GAA_FLAG_INCLUDE_ALL_INTERFACES, NULL, *list, &size);
		if (code == NO_ERROR)
			return 0;
		if (code == ERROR_BUFFER_OVERFLOW)
			continue;
		free(*list);
		*list = NULL;
		return code == ERROR_NO_DATA ||
		    code == ERROR_ADDRESS_NOT_ASSOCIATED ? 0 : nt_errno(code);
	}
	free(*list);
	*list = NULL;
	return ENOMEM;
}

static int
copy_addrs(const IP_ADAPTER_UNICAST_ADDRESS *from, struct nt_if_addr **list)
{
	struct nt_if_addr *a;

	for (; from != NULL; from = from->Next) {
		if (from->Address.iSockaddrLength > (int)sizeof(a->addr))
			continue;
		if ((a = calloc(1, sizeof(*a))) == NULL)
			return ENOMEM;
		*list = a;
		list = &a->next;
		a->len = from->Address.iSockaddrLength;
		a->prefix = from->OnLinkPrefixLength;
		memcpy(a->addr, from->Address.lpSockaddr, (size_t)a->len);
	}
	return 0;
}

static unsigned int
index_of(const IP_ADAPTER_ADDRESSES *a)
{
	return a->IfIndex != 0 ? a->IfIndex : a->Ipv6IfIndex;
}

static int
copy_one(const IP_ADAPTER_ADDRESSES *from, struct nt_if *i)
{
	i->up = from->OperStatus == IfOperStatusUp;
	i->loopback = from->IfType == IF_TYPE_SOFTWARE_LOOPBACK;
	i->pointopoint = from->IfType == IF_TYPE_PPP ||
	    from->IfType == IF_TYPE_TUNNEL;
	i->multicast = (from->Flags & IP_ADAPTER_NO_MULTICAST) == 0;
	return copy_addrs(from->FirstUnicastAddress, &i->addrs);
}

int
nt_if_list(struct nt_if **list)
{
	IP_ADAPTER_ADDRESSES *all, *from;
	struct nt_if **tail = list;
	char name[NT_IF_NAME];
	unsigned int index;
	int err;

	*list = NULL;
	if ((err = adapters(&all)) != 0)
		return err;
	for (from = all; from != NULL && err == 0; from = from->Next) {
		/* One that has gone in between has no name any more. */
		index = index_of(from);
		if (nt_if_name(index, name) != 0)
			continue;
		if ((*tail = calloc(1, sizeof(**tail))) == NULL) {
			err = ENOMEM;
			break;
		}
		(*tail)->index = index;
		strcpy((*tail)->name, name);
		err = copy_one(from, *tail);
		tail = &(*tail)->next;
	}
	free(all);
	if (err != 0) {
		nt_if_free(*list);
		*list = NULL;
	}
	return err;
}

void
nt_if_free(struct nt_if *i)
{
	struct nt_if_addr *a, *nexta;
	struct nt_if *next;

	for (; i != NULL; i = next) {
		next = i->next;
		for (a = i->addrs; a != NULL; a = nexta) {
			nexta = a->next;
			free(a);
		}
		free(i);
	}
}
