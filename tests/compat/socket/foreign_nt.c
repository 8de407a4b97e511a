#include "compat/socket/foreign.h"

#include <string.h>

#include "nt/nt.h"

static uintptr_t
make(int type)
{
	WSADATA data;

	if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
		return INVALID_SOCKET;
	return socket(AF_INET, type, 0);
}

uintptr_t
foreign_stream(void)
{
	return make(SOCK_STREAM);
}

uintptr_t
foreign_datagram(void)
{
	return make(SOCK_DGRAM);
}

static struct sockaddr_in
loopback(uint16_t port)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = htons(port);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return in;
}

uintptr_t
foreign_connect(uint16_t port)
{
	struct sockaddr_in in = loopback(port);
	uintptr_t s = foreign_stream();

	return connect(s, (struct sockaddr *)&in, sizeof(in)) == 0 ? s :
	    INVALID_SOCKET;
}

uintptr_t
foreign_listen(uint16_t *port)
{
	struct sockaddr_in in = loopback(0);
	uintptr_t s = foreign_stream();
	int len = sizeof(in);

	if (bind(s, (struct sockaddr *)&in, sizeof(in)) != 0 ||
	    listen(s, 5) != 0 ||
	    getsockname(s, (struct sockaddr *)&in, &len) != 0)
		return INVALID_SOCKET;
	*port = ntohs(in.sin_port);
	return s;
}

int
foreign_send(uintptr_t sock, const char *data, int len)
{
	return send(sock, data, len, 0);
}

int
foreign_close(uintptr_t sock)
{
	return closesocket(sock);
}
