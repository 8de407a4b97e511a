#include "socket/netdb_nt.h"

#include <stdlib.h>
#include <string.h>

#include "nt/errmap.h"
#include "nt/nt.h"
#include "nt/path.h"
#include "socket/sock_nt.h"

/* <netdb.h> cannot be included here; these are its EAI_* values. */
enum {
	NAME_BADFLAGS = -1,
	NAME_NONAME = -2,
	NAME_AGAIN = -3,
	NAME_FAIL = -4,
	NAME_FAMILY = -6,
	NAME_SOCKTYPE = -7,
	NAME_SERVICE = -8,
	NAME_MEMORY = -10,
	NAME_OVERFLOW = -12
};

static int
name_error(int code)
{
	switch (code) {
	case 0:
		return 0;
	case WSATRY_AGAIN:
		return NAME_AGAIN;
	case WSAEINVAL:
		return NAME_BADFLAGS;
	case WSAHOST_NOT_FOUND:
	case WSANO_DATA:
		return NAME_NONAME;
	case WSAEAFNOSUPPORT:
		return NAME_FAMILY;
	case WSATYPE_NOT_FOUND:
		return NAME_SERVICE;
	case WSAESOCKTNOSUPPORT:
		return NAME_SOCKTYPE;
	case WSA_NOT_ENOUGH_MEMORY:
		return NAME_MEMORY;
	default:
		return NAME_FAIL;
	}
}

static int
to_wide(const char *text, WCHAR *wide, int size)
{
	if (text == NULL)
		return 0;
	if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide,
	    size) == 0)
		return NAME_NONAME;
	return 0;
}

void
nt_addr_free(struct nt_addr *a)
{
	struct nt_addr *next;

	for (; a != NULL; a = next) {
		next = a->next;
		free(a->canonname);
		free(a);
	}
}

static int
copy_list(const ADDRINFOW *from, struct nt_addr **list)
{
	struct nt_addr *a;

	for (; from != NULL; from = from->ai_next) {
		if (from->ai_addrlen > sizeof(a->addr))
			continue;
		if ((a = calloc(1, sizeof(*a))) == NULL)
			return NAME_MEMORY;
		*list = a;
		list = &a->next;
		a->family = from->ai_family;
		a->socktype = from->ai_socktype;
		a->protocol = from->ai_protocol;
		a->len = from->ai_addrlen;
		memcpy(a->addr, from->ai_addr, a->len);
		if (from->ai_canonname != NULL &&
		    nt_utf8((const uint16_t *)from->ai_canonname,
		    &a->canonname) != 0)
			return NAME_MEMORY;
	}
	return 0;
}

int
nt_resolve(const char *host, const char *service, const int hints[4],
    struct nt_addr **list)
{
	WCHAR whost[1025], wservice[64];
	ADDRINFOW want, *found;
	int err;

	*list = NULL;
	if (nt_sock_start() != 0)
		return NAME_FAIL;
	if ((err = to_wide(host, whost, 1025)) != 0 ||
	    (err = to_wide(service, wservice, 64)) != 0)
		return err;
	memset(&want, 0, sizeof(want));
	want.ai_flags = hints[0];
	want.ai_family = hints[1];
	want.ai_socktype = hints[2];
	want.ai_protocol = hints[3];
	err = GetAddrInfoW(host != NULL ? whost : NULL,
	    service != NULL ? wservice : NULL, &want, &found);
	if (err != 0)
		return name_error(err);
	if ((err = copy_list(found, list)) != 0) {
		nt_addr_free(*list);
		*list = NULL;
	}
	FreeAddrInfoW(found);
	return err;
}

static int
hand_out(const WCHAR *wide, char *text, size_t size)
{
	char *utf8;
	int err;

	if (text == NULL || size == 0)
		return 0;
	if (nt_utf8((const uint16_t *)wide, &utf8) != 0)
		return NAME_MEMORY;
	err = strlen(utf8) < size ? 0 : NAME_OVERFLOW;
	if (err == 0)
		strcpy(text, utf8);
	free(utf8);
	return err;
}

int
nt_nameinfo(const void *addr, size_t addrlen, char *host, size_t hostlen,
    char *service, size_t servicelen, int flags)
{
	WCHAR whost[NI_MAXHOST], wservice[NI_MAXSERV];
	int err;

	if (nt_sock_start() != 0)
		return NAME_FAIL;
	err = GetNameInfoW(addr, (socklen_t)addrlen, whost,
	    host != NULL ? NI_MAXHOST : 0, wservice,
	    service != NULL ? NI_MAXSERV : 0, flags);
	if (err != 0)
		return name_error(WSAGetLastError());
	if ((err = hand_out(whost, host, hostlen)) == 0)
		err = hand_out(wservice, service, servicelen);
	return err;
}

int
nt_hostname(char *name, size_t size)
{
	WCHAR wide[256];
	DWORD n = 256;
	char *utf8;
	int err;

	if (!GetComputerNameExW(ComputerNameDnsHostname, wide, &n))
		return nt_errno(GetLastError());
	if ((err = nt_utf8((const uint16_t *)wide, &utf8)) != 0)
		return err;
	err = strlen(utf8) < size ? 0 : ENAMETOOLONG;
	if (err == 0)
		strcpy(name, utf8);
	free(utf8);
	return err;
}
