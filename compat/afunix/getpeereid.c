#include <compat.h>

#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <stddef.h>

#include "fd/result.h"

int
getpeereid(int fd, uid_t *uid, gid_t *gid)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (uid == NULL || gid == NULL)
		return result(EFAULT, 0);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return -1;
	/* unix(7): what a socket without a peer says. */
	if (cred.uid == (uid_t)-1)
		return result(ENOTCONN, 0);
	*uid = cred.uid;
	*gid = cred.gid;
	return 0;
}
