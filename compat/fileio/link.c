/*
 * Links, hard and symbolic.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fd/result.h"
#include "fileio/names.h"

int
link(const char *from, const char *to)
{
	return result(name_link(AT_FDCWD, from, AT_FDCWD, to, 0), 0);
}

int
linkat(int fromfd, const char *from, int tofd, const char *to, int flags)
{
	if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0)
		return result(EINVAL, 0);
	return result(name_link(fromfd, from, tofd, to, flags), 0);
}

int
symlink(const char *target, const char *path)
{
	return result(name_symlink(target, AT_FDCWD, path), 0);
}

int
symlinkat(const char *target, int dirfd, const char *path)
{
	return result(name_symlink(target, dirfd, path), 0);
}

static ssize_t
read_link(int dirfd, const char *path, char *buf, size_t size)
{
	char *text;
	size_t len;
	int err;

	if (size == 0)
		return result(EINVAL, 0);
	if ((err = name_readlink(dirfd, path, &text)) != 0)
		return result(err, 0);
	if ((len = strlen(text)) > size)
		len = size;
	(void)memcpy(buf, text, len);
	free(text);
	return (ssize_t)len;
}

ssize_t
readlink(const char *restrict path, char *restrict buf, size_t size)
{
	return read_link(AT_FDCWD, path, buf, size);
}

ssize_t
readlinkat(int dirfd, const char *restrict path, char *restrict buf,
    size_t size)
{
	return read_link(dirfd, path, buf, size);
}
