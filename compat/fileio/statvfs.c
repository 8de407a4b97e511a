/*
 * statvfs and statfs.
 */
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statfs.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/at.h"
#include "fileio/volume.h"

#define NTFS_MAGIC 0x5346544e

static int
by_name(const char *path, struct volume *v)
{
	struct at_name n;
	int err;

	if ((err = at_name(AT_FDCWD, path, &n)) != 0)
		return err;
	err = volume_of_name(&n, v);
	at_free(&n);
	return err;
}

static int
by_fd(int fd, struct volume *v)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind == FILE_DISK || f->kind == FILE_DIR)
		err = volume_of_handle(f->handle, v);
	else
		/* Linux: pipes and their kin are on systems without blocks. */
		*v = (struct volume){ .unit = 4096, .name_max = 255 };
	file_put(f);
	return err;
}

static int
to_statvfs(int err, const struct volume *v, struct statvfs *to)
{
	if (err != 0)
		return result(err, 0);
	(void)memset(to, 0, sizeof(*to));
	to->f_bsize = to->f_frsize = (unsigned long)v->unit;
	to->f_blocks = v->total;
	to->f_bfree = v->free;
	to->f_bavail = v->available;
	to->f_fsid = v->number;
	to->f_flag = ST_NOSUID | (v->read_only ? ST_RDONLY : 0);
	to->f_namemax = v->name_max;
	return 0;
}

int
statvfs(const char *restrict path, struct statvfs *restrict to)
{
	struct volume v;

	return to_statvfs(by_name(path, &v), &v, to);
}

int
fstatvfs(int fd, struct statvfs *to)
{
	struct volume v;

	return to_statvfs(by_fd(fd, &v), &v, to);
}

static int
to_statfs(int err, const struct volume *v, struct statfs *to)
{
	if (err != 0)
		return result(err, 0);
	(void)memset(to, 0, sizeof(*to));
	to->f_type = v->is_ntfs ? NTFS_MAGIC : 0;
	to->f_bsize = to->f_frsize = (long)v->unit;
	to->f_blocks = v->total;
	to->f_bfree = v->free;
	to->f_bavail = v->available;
	to->f_fsid.__val[0] = (int)v->number;
	to->f_namelen = (long)v->name_max;
	to->f_flags = ST_NOSUID | (v->read_only ? ST_RDONLY : 0);
	return 0;
}

int
statfs(const char *path, struct statfs *to)
{
	struct volume v;

	return to_statfs(by_name(path, &v), &v, to);
}

int
fstatfs(int fd, struct statfs *to)
{
	struct volume v;

	return to_statfs(by_fd(fd, &v), &v, to);
}
