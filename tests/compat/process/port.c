#include "port.h"

#include <sys/socket.h>

#include <string.h>
#include <unistd.h>

int
port_listen(int port, struct sockaddr_in *in)
{
	socklen_t len = sizeof(*in);
	int l = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)memset(in, 0, sizeof(*in));
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK + 76);
	in->sin_port = htons((uint16_t)port);
	if (l < 0)
		return -1;
	if (bind(l, (struct sockaddr *)in, sizeof(*in)) == 0 &&
	    listen(l, 5) == 0 &&
	    getsockname(l, (struct sockaddr *)in, &len) == 0)
		return l;
	/* Closing does not change errno. */
	(void)close(l);
	return -1;
}
