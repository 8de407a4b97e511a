/*
 * Users and groups.  stat() says that every file is owner 0's, so that is who
 * we are, and the only one a file can be given to (LIM-PROC-10).
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "fd/fdtable.h"
#include "fd/result.h"

#define OWNER 0

uid_t
getuid(void)
{
	return OWNER;
}

uid_t
geteuid(void)
{
	return OWNER;
}

gid_t
getgid(void)
{
	return OWNER;
}

gid_t
getegid(void)
{
	return OWNER;
}

static int
may_give(uid_t uid, gid_t gid)
{
	if ((uid != OWNER && uid != (uid_t)-1) ||
	    (gid != OWNER && gid != (gid_t)-1))
		return EPERM;
	return 0;
}

static int
give(int dirfd, const char *path, int flags, uid_t uid, gid_t gid)
{
	struct stat st;

	if (fstatat(dirfd, path, &st, flags) != 0)
		return -1;
	return result(may_give(uid, gid), 0);
}

int
chown(const char *path, uid_t uid, gid_t gid)
{
	return give(AT_FDCWD, path, 0, uid, gid);
}

int
lchown(const char *path, uid_t uid, gid_t gid)
{
	return give(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, uid, gid);
}

int
fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
	return give(dirfd, path, flags, uid, gid);
}

int
fchown(int fd, uid_t uid, gid_t gid)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return result(err, 0);
	file_put(f);
	return result(may_give(uid, gid), 0);
}
