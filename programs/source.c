#include "source.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>


/*
 * Only where the system takes \ for a separator does "\" name the root.
 * Elsewhere a file may well have a \ in its name.
 */
static int
backslash_separates(void)
{
	struct stat slash, backslash;

	return stat("/", &slash) == 0 && stat("\\", &backslash) == 0 &&
	    S_ISDIR(backslash.st_mode) && slash.st_dev == backslash.st_dev &&
	    slash.st_ino == backslash.st_ino;
}

const char *
source_name(const char *path)
{
	const char *name = path, *p;
	int both = strchr(path, '\\') != NULL && backslash_separates();

	for (p = path; *p != '\0'; p++)
		if (*p == '/' || (both && *p == '\\'))
			name = p + 1;
	return name;
}

int
source_open(struct source *src, const char *path)
{
	struct stat st;
	int err;

	src->announced = UINT64_MAX;
	src->size = 0;
	src->crc = 0;
	if (strcmp(path, "-") == 0) {
		src->fd = STDIN_FILENO;
		return 0;
	}
	if ((src->fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return errno;
	if (fstat(src->fd, &st) != 0) {
		err = errno;
		goto close_fd;
	}
	if (S_ISDIR(st.st_mode)) {
		err = EISDIR;
		goto close_fd;
	}
	/* Files that the system makes up, as in /proc, say 0. */
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		src->announced = (uint64_t)st.st_size;
	return 0;

close_fd:
	(void)close(src->fd);
	return err;
}

int
source_read(struct source *src, void *buf, size_t size, size_t *len, int *end)
{
	char *p = buf;
	size_t have = 0;
	ssize_t n;

	while (have < size) {
		if ((n = read(src->fd, p + have, size - have)) < 0) {
			if (errno == EINTR)
				continue;
			return errno;
		}
		if (n == 0)
			break;
		have += (size_t)n;
	}
	src->crc = (uint32_t)crc32(src->crc, buf, (uInt)have);
	src->size += have;
	*len = have;
	/*
	 * A file that reaches its size is taken to be at its end: what is
	 * appended from now on came after.  Of others only a read that finds
	 * nothing tells the end; the next call makes it.
	 */
	*end = have < size || src->size == src->announced;
	return 0;
}

void
source_close(struct source *src)
{
	if (src->fd != STDIN_FILENO)
		(void)close(src->fd);
}
