#include "tripwire.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
tripwire_notify(const char *state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length;
	int err = 0, fd;

	if (path == NULL || path[0] == '\0')
		return ENOENT;
	if ((length = strlen(path)) >= sizeof(sun.sun_path))
		return ENAMETOOLONG;
	(void)memcpy(sun.sun_path, path, length);
	/* The one way to write an abstract name into a variable. */
	if (path[0] == '@')
		sun.sun_path[0] = '\0';
	if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return errno;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (struct sockaddr *)&sun,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) == -1)
		err = errno;
	(void)close(fd);
	return err;
}
