#include "socket/sock_nt.h"

#include <limits.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#endif
/* mstcpip.h of mingw-w64 10 lacks the call's number; Windows 8 and later. */
#define SIO_TCP_INITIAL_RTO_ _WSAIOW(IOC_VENDOR, 17)

struct initial_rto {
	USHORT rtt;
	UCHAR retransmissions;
};

static INIT_ONCE started = INIT_ONCE_STATIC_INIT;
static int start_error;

static BOOL CALLBACK
start(PINIT_ONCE once, PVOID arg, PVOID *context)
{
	WSADATA data;
	int code;

	(void)once, (void)arg, (void)context;
	code = WSAStartup(MAKEWORD(2, 2), &data);
	start_error = code != 0 ? nt_errno((uint32_t)code) : 0;
	return TRUE;
}

int
nt_sock_start(void)
{
	(void)InitOnceExecuteOnce(&started, start, NULL, NULL);
	return start_error;
}

static int
last_error(void)
{
	return nt_errno((uint32_t)WSAGetLastError());
}

static int
set_nonblocking(SOCKET s, u_long on)
{
	return winsock.ioctlsocket(s, (long)FIONBIO, &on) == 0 ? 0 :
	    last_error();
}

/* Failure is nothing to act upon: the option is then not known to this NT. */
static void
set_linux_defaults(SOCKET s, int family, int type)
{
	DWORD off = 0, n;

	if (family == AF_INET6)
		(void)winsock.setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY,
		    (const char *)&off, sizeof(off));
	if (type == SOCK_DGRAM)
		(void)winsock.WSAIoctl(s, SIO_UDP_CONNRESET, &off, sizeof(off),
		    NULL, 0, &n, NULL, NULL);
}

int
nt_sock_open(int family, int type, int protocol, uintptr_t *sock)
{
	SOCKET s;
	int err;

	if ((err = nt_sock_start()) != 0)
		return err;
	s = winsock.WSASocketW(family, type, protocol, NULL, 0,
	    WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
	if (s == INVALID_SOCKET)
		return last_error();
	if ((err = set_nonblocking(s, 1)) != 0) {
		(void)winsock.closesocket(s);
		return err;
	}
	set_linux_defaults(s, family, type);
	*sock = s;
	return 0;
}

int
nt_sock_blocking(uintptr_t sock)
{
	return set_nonblocking(sock, 0);
}

void
nt_sock_close(uintptr_t sock, int linger)
{
	/* A non-blocking socket would answer WSAEWOULDBLOCK and stay open. */
	if (linger)
		(void)set_nonblocking(sock, 0);
	/* Winsock under Wine does not know sockets that were inherited. */
	if (winsock.closesocket(sock) != 0 && WSAGetLastError() == WSAENOTSOCK)
		(void)CloseHandle((HANDLE)sock);
}

int
nt_sock_bind(uintptr_t sock, const void *addr, int len)
{
	if (winsock.bind(sock, addr, len) == 0)
		return 0;
	/* What NT says when an exclusive socket is in the way, or we want to
	 * be exclusive and another is there; and for reserved ranges. */
	if (WSAGetLastError() == WSAEACCES)
		return EADDRINUSE;
	return last_error();
}

int
nt_sock_listen(uintptr_t sock, int backlog)
{
	return winsock.listen(sock, backlog) == 0 ? 0 : last_error();
}

int
nt_sock_accept(uintptr_t sock, uintptr_t *conn)
{
	return nt_sock_accept_from(sock, conn, NULL, NULL);
}

int
nt_sock_accept_from(uintptr_t sock, uintptr_t *conn, void *addr, int *len)
{
	SOCKET s;
	int err;

	s = winsock.accept(sock, addr, len);
	if (s == INVALID_SOCKET) {
		/* The peer went away while it was in the queue. */
		if (WSAGetLastError() == WSAECONNRESET)
			return ECONNABORTED;
		return last_error();
	}
	(void)SetHandleInformation((HANDLE)s, HANDLE_FLAG_INHERIT, 0);
	if ((err = set_nonblocking(s, 1)) != 0) {
		(void)winsock.closesocket(s);
		return err;
	}
	*conn = s;
	return 0;
}

int
nt_sock_connect(uintptr_t sock, const void *addr, int len)
{
	if (winsock.connect(sock, addr, len) == 0)
		return 0;
	if (WSAGetLastError() == WSAEWOULDBLOCK)
		return EINPROGRESS;
	return last_error();
}

void
nt_sock_no_retry(uintptr_t sock)
{
	struct initial_rto rto = { 0xffff, 0xfe };
	DWORD n;

	(void)winsock.WSAIoctl(sock, SIO_TCP_INITIAL_RTO_, &rto, sizeof(rto),
	    NULL, 0, &n, NULL, NULL);
}

int
nt_sock_shutdown(uintptr_t sock, int how)
{
	return winsock.shutdown(sock, how) == 0 ? 0 : last_error();
}

int
nt_sock_name(uintptr_t sock, void *addr, int *len)
{
	return winsock.getsockname(sock, addr, len) == 0 ? 0 :
	    last_error();
}

int
nt_sock_peer(uintptr_t sock, void *addr, int *len)
{
	return winsock.getpeername(sock, addr, len) == 0 ? 0 :
	    last_error();
}

int
nt_sock_getopt(uintptr_t sock, int level, int name, void *val, int *len)
{
	return winsock.getsockopt(sock, level, name, val, len) == 0 ? 0 :
	    last_error();
}

int
nt_sock_setopt(uintptr_t sock, int level, int name, const void *val, int len)
{
	return winsock.setsockopt(sock, level, name, val, len) == 0 ? 0 :
	    last_error();
}

int
nt_sock_linger(uintptr_t sock, int onoff, int seconds)
{
	LINGER l;

	l.l_onoff = onoff != 0;
	l.l_linger = (u_short)(seconds > 0xffff ? 0xffff : seconds);
	return nt_sock_setopt(sock, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
}

int
nt_sock_exclusive(uintptr_t sock, int on)
{
	BOOL val = on != 0;

	return nt_sock_setopt(sock, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, &val,
	    sizeof(val));
}

int
nt_sock_error(uintptr_t sock)
{
	int code = 0, len = sizeof(code);

	if (winsock.getsockopt(sock, SOL_SOCKET, SO_ERROR, (char *)&code,
	    &len) != 0)
		return last_error();
	return code != 0 ? nt_errno((uint32_t)code) : 0;
}

int
nt_sock_readable(uintptr_t sock, int *bytes)
{
	u_long n = 0;

	if (winsock.ioctlsocket(sock, FIONREAD, &n) != 0)
		return last_error();
	*bytes = n > INT_MAX ? INT_MAX : (int)n;
	return 0;
}

/*
 * Winsock says the opposite of Berkeley: TRUE when no urgent data are ahead.
 * LIM-SOCK-11.
 */
int
nt_sock_at_mark(uintptr_t sock, int *mark)
{
	u_long none = 1;

	if (winsock.ioctlsocket(sock, (long)SIOCATMARK, &none) != 0)
		return last_error();
	*mark = !none;
	return 0;
}
