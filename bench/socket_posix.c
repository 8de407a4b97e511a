#include "bench/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string.h>

static long
raw_send(intptr_t s, const void *buf, size_t len)
{
	return syscall(SYS_sendto, (int)s, buf, len, 0, NULL, 0);
}

static long
raw_recv(intptr_t s, void *buf, size_t len)
{
	return syscall(SYS_recvfrom, (int)s, buf, len, 0, NULL, NULL);
}

const struct socket_io raw_io = { "syscall, TCP", raw_send, raw_recv };

int
raw_pair(intptr_t s[2])
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);
	int l, c, a, on = 1;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	l = socket(AF_INET, SOCK_STREAM, 0);
	c = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(l, (struct sockaddr *)&in, len) != 0 || listen(l, 1) != 0 ||
	    getsockname(l, (struct sockaddr *)&in, &len) != 0 ||
	    connect(c, (struct sockaddr *)&in, len) != 0 ||
	    (a = accept(l, NULL, NULL)) < 0)
		return -1;
	(void)close(l);
	(void)setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	s[0] = c;
	s[1] = a;
	return 0;
}

void
raw_close(intptr_t s)
{
	(void)close((int)s);
}
