/*
 * sync and syncfs.
 */
#include <unistd.h>

#include <fcntl.h>

#include "fd/fdtable.h"
#include "fd/result.h"

/* LIM-IO-1: what other programs wrote, NT writes out in its own time. */
static void
sync_ours(void)
{
	struct file *f;
	int fd;

	for (fd = 0; fd < FD_MAX; fd++) {
		if (fd_get(fd, &f) != 0)
			continue;
		if (f->kind == FILE_DISK &&
		    (file_flags(f) & O_ACCMODE) != O_RDONLY)
			(void)f->ops->sync(f, 0);
		file_put(f);
	}
}

void
sync(void)
{
	sync_ours();
}

int
syncfs(int fd)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return result(err, 0);
	sync_ours();
	err = f->ops->sync != NULL ? f->ops->sync(f, 0) : 0;
	file_put(f);
	return result(err, 0);
}
