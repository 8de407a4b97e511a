/*
 * Users and groups.  stat() says that every file is owner 0's, so that is who
 * we are, and the only one a file can be given to (LIM-PROC-3).
 */
#include <unistd.h>

#include <errno.h>
#include <sys/stat.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/stat.h"

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
chown_path(const char *path, int follow, uid_t uid, gid_t gid)
{
	struct stat st;
	int err;

	if ((err = stat_path(path, follow, &st)) == 0)
		err = may_give(uid, gid);
	return result(err, 0);
}

int
chown(const char *path, uid_t uid, gid_t gid)
{
	return chown_path(path, 1, uid, gid);
}

int
lchown(const char *path, uid_t uid, gid_t gid)
{
	return chown_path(path, 0, uid, gid);
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
