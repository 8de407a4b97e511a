#include "compat/socket/foreign.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <unistd.h>

#include "compat/socket/net.h"

uintptr_t
foreign_stream(void)
{
	return (uintptr_t)socket(AF_INET, SOCK_STREAM, 0);
}

uintptr_t
foreign_datagram(void)
{
	return (uintptr_t)socket(AF_INET, SOCK_DGRAM, 0);
}

uintptr_t
foreign_connect(uint16_t port)
{
	return (uintptr_t)net_connect(port);
}

uintptr_t
foreign_listen(uint16_t *port)
{
	return (uintptr_t)net_listen(port);
}

int
foreign_send(uintptr_t sock, const char *data, int len)
{
	return (int)send((int)sock, data, (size_t)len, 0);
}

int
foreign_close(uintptr_t sock)
{
	return close((int)sock);
}
