/*
 * Names: unlink, rename, mkdir, stat and the like.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fd/result.h"
#include "fileio/names.h"
#include "fileio/open.h"

int
unlink(const char *path)
{
	return result(name_remove(AT_FDCWD, path, 0), 0);
}

int
rmdir(const char *path)
{
	return result(name_remove(AT_FDCWD, path, 1), 0);
}

int
unlinkat(int dirfd, const char *path, int flags)
{
	if ((flags & ~AT_REMOVEDIR) != 0)
		return result(EINVAL, 0);
	return result(name_remove(dirfd, path, flags != 0), 0);
}

/* C says: a file; POSIX adds: or an empty directory. */
int
remove(const char *path)
{
	int err = name_remove(AT_FDCWD, path, 0);

	if (err == EISDIR)
		err = name_remove(AT_FDCWD, path, 1);
	return result(err, 0);
}

int
rename(const char *from, const char *to)
{
	return result(name_rename(AT_FDCWD, from, AT_FDCWD, to, 1), 0);
}

int
renameat(int fromfd, const char *from, int tofd, const char *to)
{
	return result(name_rename(fromfd, from, tofd, to, 1), 0);
}

int
renameat2(int fromfd, const char *from, int tofd, const char *to,
    unsigned int flags)
{
	if ((flags & ~(unsigned int)RENAME_NOREPLACE) != 0)
		return result(EINVAL, 0);
	return result(name_rename(fromfd, from, tofd, to, flags == 0), 0);
}

int
mkdir(const char *path, mode_t mode)
{
	return result(name_mkdir(AT_FDCWD, path, mode), 0);
}

int
mkdirat(int dirfd, const char *path, mode_t mode)
{
	return result(name_mkdir(dirfd, path, mode), 0);
}

static int
truncate_path(const char *path, off_t size)
{
	struct file *f;
	int err;

	if (size < 0)
		return EINVAL;
	if ((err = file_open(path, O_WRONLY, 0, &f)) != 0)
		return err;
	err = f->ops->truncate != NULL ? f->ops->truncate(f, size) : EINVAL;
	file_put(f);
	return err;
}

int
truncate(const char *path, off_t size)
{
	return result(truncate_path(path, size), 0);
}

int
chdir(const char *path)
{
	return result(name_chdir(path), 0);
}

int
fchdir(int fd)
{
	return result(name_fchdir(fd), 0);
}

/* buf may be NULL, and the caller then frees the result, as on Linux. */
char *
getcwd(char *buf, size_t size)
{
	char *cwd;
	size_t len;
	int err;

	if (buf != NULL && size == 0)
		return result_ptr(EINVAL, NULL);
	if ((err = name_getcwd(&cwd)) != 0)
		return result_ptr(err, NULL);
	if (buf == NULL && size == 0)
		return cwd;
	len = strlen(cwd) + 1;
	if (len > size)
		err = ERANGE;
	else if (buf == NULL && (buf = malloc(size)) == NULL)
		err = ENOMEM;
	else
		(void)memcpy(buf, cwd, len);
	free(cwd);
	return result_ptr(err, buf);
}

/* The caller frees the result.  There are no links in it, as chdir() says. */
char *
get_current_dir_name(void)
{
	return getcwd(NULL, 0);
}
