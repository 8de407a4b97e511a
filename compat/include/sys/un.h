/* <sys/un.h>: the path is UTF-8, up to 107 bytes and a NUL; unix(7). */
#ifndef COMPAT_SYS_UN_H
#define COMPAT_SYS_UN_H

#include <sys/socket.h>

#include <string.h>

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};

/* macOS: getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, &pid, &len), a pid_t. */
#define SOL_LOCAL 0
#define LOCAL_PEERPID 2

#define SUN_LEN(su) \
	(offsetof(struct sockaddr_un, sun_path) + strlen((su)->sun_path))

#endif
