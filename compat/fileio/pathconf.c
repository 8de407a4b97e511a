#include <unistd.h>

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "fd/result.h"

#define LINKS 1023		/* NTFS */
#define LINE 254		/* that a console takes, without its end */

static long
value_of(int name)
{
	switch (name) {
	case _PC_LINK_MAX:
		return LINKS;
	case _PC_MAX_CANON:
	case _PC_MAX_INPUT:
		return LINE;
	case _PC_NAME_MAX:
		return NAME_MAX;
	case _PC_PATH_MAX:
		return PATH_MAX;
	case _PC_PIPE_BUF:
		return PIPE_BUF;
	case _PC_CHOWN_RESTRICTED:
	case _PC_NO_TRUNC:
		return 1;
	default:
		return result(EINVAL, 0);
	}
}

long
pathconf(const char *path, int name)
{
	struct stat st;

	return stat(path, &st) == 0 ? value_of(name) : -1;
}

long
fpathconf(int fd, int name)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? value_of(name) : -1;
}
