/* The map by fcntl(). */
#include "map.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int fd = -1;

int
map_open(const char *file)
{
	return (fd = open(file, O_RDWR | O_CLOEXEC)) >= 0 ? 0 : 1;
}

/* Return 1 when the lock was got, 0 when another has one, -1 otherwise. */
static int
try_lock(long offset, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET,
	    .l_start = offset, .l_len = 1 };

	if (fcntl(fd, F_SETLK, &lock) != 0)
		return errno == EAGAIN || errno == EACCES ? 0 : -1;
	lock.l_type = F_UNLCK;
	return fcntl(fd, F_SETLK, &lock) == 0 ? 1 : -1;
}

char
map_try(long offset)
{
	int got;

	if ((got = try_lock(offset, F_WRLCK)) == 1)
		return '.';
	if (got == 0 && (got = try_lock(offset, F_RDLCK)) == 1)
		return 'r';
	return got == 0 ? 'W' : '?';
}

void
map_close(void)
{
	(void)close(fd);
}
