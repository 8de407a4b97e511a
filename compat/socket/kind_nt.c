#include "socket/sock_nt.h"

#include <string.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

static int
has_name(int WSAAPI (*call)(SOCKET, struct sockaddr *, int *), SOCKET s)
{
	struct sockaddr_storage name;
	int len = sizeof(name);

	return call(s, (struct sockaddr *)&name, &len) == 0;
}

int
nt_sock_kind(uintptr_t sock, struct nt_kind *k)
{
	WSAPROTOCOL_INFOW info;
	DWORD listening = 0;
	LINGER linger;
	int err, len = sizeof(info);

	if ((err = nt_sock_start()) != 0 ||
	    (err = nt_sock_getopt(sock, SOL_SOCKET, SO_PROTOCOL_INFOW, &info,
	    &len)) != 0)
		return err;
	memset(k, 0, sizeof(*k));
	k->family = info.iAddressFamily;
	k->type = info.iSocketType;
	k->protocol = info.iProtocol;
	k->bound = has_name(winsock.getsockname, sock);
	k->connected = has_name(winsock.getpeername, sock);
	len = sizeof(listening);
	if (nt_sock_getopt(sock, SOL_SOCKET, SO_ACCEPTCONN, &listening,
	    &len) == 0)
		k->listening = listening != 0;
	len = sizeof(linger);
	if (nt_sock_getopt(sock, SOL_SOCKET, SO_LINGER, &linger, &len) == 0) {
		k->linger_on = linger.l_onoff;
		k->linger = linger.l_linger;
	}
	return 0;
}

/*
 * Wine 8 and 10 send only by sockets that their Winsock has in its list, where
 * this puts one: it is what their WSADuplicateSocketW() makes.  To NT it is the
 * description of no provider that there is, and nothing happens.
 */
void
nt_sock_import(uintptr_t sock)
{
	WSAPROTOCOL_INFOW info = { .dwServiceFlags3 = (DWORD)sock,
	    .dwServiceFlags4 = 0xff00ff00 };

	/* nt_wine may not be set yet, before main. */
	if (nt_lookup(L"ntdll.dll", "wine_get_version") != NULL)
		(void)winsock.WSASocketW(0, 0, 0, &info, 0, 0);
}

int
nt_sock_make_ours(uintptr_t sock)
{
	u_long on = 1;

	if (winsock.ioctlsocket(sock, (long)FIONBIO, &on) != 0)
		return nt_errno((uint32_t)WSAGetLastError());
	(void)SetHandleInformation((HANDLE)sock, HANDLE_FLAG_INHERIT, 0);
	return 0;
}
