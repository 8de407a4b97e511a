/*
 * mknod and mkfifo: NT's directories hold files, directories, links and
 * sockets, and nothing else (LIM-FILE-25).
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fd/file.h"
#include "fd/result.h"
#include "fileio/at.h"
#include "fileio/open.h"
#include "fileio/stat.h"

static int
look(int dirfd, const char *path)
{
	struct at_name n;
	struct stat st;
	int err;

	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	err = stat_name(&n, AT_SYMLINK_NOFOLLOW, &st);
	at_free(&n);
	return err;
}

/* What is wrong with the name comes first, as on Linux. */
static int
refuse(int dirfd, const char *path)
{
	const char *slash;
	char *dir;
	int err;

	if ((err = look(dirfd, path)) == 0)
		return EEXIST;
	if (err != ENOENT || *path == '\0')
		return err;
	if ((slash = strrchr(path, '/')) == NULL || slash == path)
		return EPERM;
	if ((dir = strdup(path)) == NULL)
		return ENOMEM;
	dir[slash - path] = '\0';
	err = look(dirfd, dir);
	free(dir);
	return err == 0 ? EPERM : err;
}

int
mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)
{
	struct file *f;
	int err;

	(void)dev;
	switch (mode & S_IFMT) {
	case 0:
	case S_IFREG:
		err = file_open_at(dirfd, path, O_WRONLY | O_CREAT | O_EXCL,
		    mode & 07777, &f);
		if (err == 0)
			file_put(f);
		break;
	case S_IFIFO:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFSOCK:
		err = refuse(dirfd, path);
		break;
	default:
		err = EINVAL;
	}
	return result(err, 0);
}

int
mknod(const char *path, mode_t mode, dev_t dev)
{
	return mknodat(AT_FDCWD, path, mode, dev);
}

int
mkfifoat(int dirfd, const char *path, mode_t mode)
{
	return mknodat(dirfd, path, (mode & 07777) | S_IFIFO, 0);
}

int
mkfifo(const char *path, mode_t mode)
{
	return mkfifoat(AT_FDCWD, path, mode);
}
