#include "fileio/open.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "fileio/disk.h"
#include "process/handoff.h"

/* NTFS journals its directories itself, and has no handle to flush one by. */
static int
dirfile_sync(struct file *f, int data_only)
{
	(void)f;
	(void)data_only;
	return 0;
}

/* The offset of a directory can be set, and nothing here reads by it. */
static int
dirfile_lseek(struct file *f, off_t off, int whence, off_t *result)
{
	int err = EINVAL;

	file_lock(f);
	if (whence == SEEK_SET || whence == SEEK_CUR)
		err = seek_target(whence == SEEK_CUR ? *file_pos(f) : 0, off,
		    result);
	if (err == 0)
		*file_pos(f) = *result;
	file_unlock(f);
	return err;
}

static void
dirfile_close(struct file *f)
{
	handle_close(f->handle);
	free(f);
}

static int
dirfile_hand(struct file *f, struct hand_record *r)
{
	r->type = HAND_DIR;
	r->handle[HAND_MAIN] = f->handle;
	return 0;
}

static const struct file_ops dirfile_ops = {
	.name = "directory",
	.lseek = dirfile_lseek,
	.stat = handle_stat,
	.sync = dirfile_sync,
	.hand = dirfile_hand,
	.flock = record_flock,
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

/* A file that is only named: no data, no locks. */
static const struct file_ops path_ops = {
	.name = "path",
	.stat = handle_stat,
	.close = dirfile_close,
};

int
path_new(uintptr_t handle, int flags, struct file **fp)
{
	if ((*fp = calloc(1, sizeof(**fp))) == NULL)
		return ENOMEM;
	file_init(*fp, FILE_PATH, &path_ops, flags, handle);
	return 0;
}
