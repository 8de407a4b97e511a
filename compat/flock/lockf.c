/*
 * lockf: fcntl's locks in other words.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/result.h"

/* Of another, that is; what is wrong with fcntl is wrong with lockf. */
static int
is_locked(int fd, struct flock *fl)
{
	fl->l_type = F_RDLCK;
	if (fcntl(fd, F_GETLK, fl) != 0)
		return errno;
	return fl->l_type == F_UNLCK ? 0 : EACCES;
}

int
lockf(int fd, int op, off_t len)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_CUR,
	    .l_len = len };

	switch (op) {
	case F_TEST:
		return result(is_locked(fd, &fl), 0);
	case F_ULOCK:
		fl.l_type = F_UNLCK;
		return fcntl(fd, F_SETLK, &fl);
	case F_LOCK:
		return fcntl(fd, F_SETLKW, &fl);
	case F_TLOCK:
		return fcntl(fd, F_SETLK, &fl);
	default:
		return result(EINVAL, 0);
	}
}
