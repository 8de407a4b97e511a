#include "fileio/open.h"

#include <errno.h>
#include <stdlib.h>

#include "fileio/disk.h"

/* NTFS journals its directories itself, and has no handle to flush one by. */
static int
dirfile_sync(struct file *f, int data_only)
{
	(void)f;
	(void)data_only;
	return 0;
}

static void
dirfile_close(struct file *f)
{
	handle_close(f->handle);
	free(f);
}

static const struct file_ops dirfile_ops = {
	.name = "directory",
	.stat = handle_stat,
	.sync = dirfile_sync,
	.close = dirfile_close,
};

int
dirfile_new(uintptr_t handle, int flags, struct file **fp)
{
	if ((*fp = calloc(1, sizeof(**fp))) == NULL)
		return ENOMEM;
	file_init(*fp, FILE_DIR, &dirfile_ops, flags, handle);
	return 0;
}
