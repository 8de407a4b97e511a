#include "bench/socket.h"

#include <limits.h>
#include <string.h>

#include "nt/nt.h"

static long
raw_send(intptr_t s, const void *buf, size_t len)
{
	return send((SOCKET)s, buf, (int)len, 0);
}

static long
raw_recv(intptr_t s, void *buf, size_t len)
{
	return recv((SOCKET)s, buf, (int)len, 0);
}

const struct socket_io raw_io = { "Winsock, TCP", raw_send, raw_recv };

static void
no_delay(SOCKET s)
{
	BOOL on = TRUE;

	(void)setsockopt(s, IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof(on));
}

int
raw_pair(intptr_t s[2])
{
	struct sockaddr_in in;
	int len = sizeof(in);
	WSADATA data;
	SOCKET l, c, a;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
		return -1;
	l = socket(AF_INET, SOCK_STREAM, 0);
	c = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(l, (struct sockaddr *)&in, len) != 0 || listen(l, 1) != 0 ||
	    getsockname(l, (struct sockaddr *)&in, &len) != 0 ||
	    connect(c, (struct sockaddr *)&in, len) != 0 ||
	    (a = accept(l, NULL, NULL)) == INVALID_SOCKET)
		return -1;
	(void)closesocket(l);
	no_delay(a);
	no_delay(c);
	s[0] = (intptr_t)c;
	s[1] = (intptr_t)a;
	return 0;
}

void
raw_close(intptr_t s)
{
	(void)closesocket((SOCKET)s);
}
