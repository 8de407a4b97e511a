#include "flock/record.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/file.h"
#include "flock/mandatory.h"

const struct record_ops *
record_way(struct file *f)
{
	return mandatory_is_on(f) ? &record_mandatory : &record_advisory;
}

/* Where l_start counts from. */
static int
origin(struct file *f, int whence, off_t *from)
{
	struct stat st;
	int err;

	*from = 0;
	switch (whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		/* What has no position is at 0. */
		if (f->ops->lseek == NULL)
			return 0;
		return f->ops->lseek(f, 0, SEEK_CUR, from);
	case SEEK_END:
		if (f->ops->stat == NULL)
			return 0;
		if ((err = f->ops->stat(f, &st)) == 0)
			*from = st.st_size;
		return err;
	default:
		return EINVAL;
	}
}

/* A negative length reaches back from the start; 0 is to the end of all. */
static int
range(off_t from, off_t off, off_t len, struct record *r)
{
	off_t start;

	if (off > 0 && from > RECORD_END - off)
		return EOVERFLOW;
	start = from + off;
	if (start < 0)
		return EINVAL;
	r->start = start;
	r->end = RECORD_END;
	if (len > 0) {
		if (len - 1 > RECORD_END - start)
			return EOVERFLOW;
		r->end = start + (len - 1);
	} else if (len < 0) {
		if (start + len < 0)
			return EINVAL;
		r->start = start + len;
		r->end = start - 1;
	}
	return 0;
}

/* Who locks for reading must be able to read, and so on. */
static int
check_mode(struct file *f, int type)
{
	int mode = file_flags(f) & O_ACCMODE;

	if ((type == F_RDLCK && mode == O_WRONLY) ||
	    (type == F_WRLCK && mode == O_RDONLY))
		return EBADF;
	return 0;
}

static int
is_ofd(int cmd)
{
	return cmd == F_OFD_GETLK || cmd == F_OFD_SETLK ||
	    cmd == F_OFD_SETLKW;
}

static int
set(struct file *f, int cmd, const struct flock *fl, const struct record *r)
{
	int err;

	if ((err = check_mode(f, r->type)) != 0)
		return err;
	if (r->ofd && fl->l_pid != 0)
		return EINVAL;
	return record_way(f)->lock(f, r, cmd == F_SETLKW ||
	    cmd == F_OFD_SETLKW);
}

static int
get(struct file *f, struct flock *fl, struct record *r)
{
	int err;

	if (r->type == F_UNLCK || (r->ofd && fl->l_pid != 0))
		return EINVAL;
	if ((err = record_way(f)->test(f, r)) != 0)
		return err;
	fl->l_type = (short)r->type;
	if (r->type == F_UNLCK)
		return 0;
	fl->l_whence = SEEK_SET;
	fl->l_start = r->start;
	fl->l_len = r->end == RECORD_END ? 0 : r->end - r->start + 1;
	fl->l_pid = r->pid;
	return 0;
}

/* The order in which Linux finds fault: range and type, mode, l_pid. */
int
record_lock(struct file *f, int cmd, struct flock *fl)
{
	struct record r = { .ofd = is_ofd(cmd) };
	off_t from;
	int err;

	if (file_flags(f) & O_PATH)
		return EBADF;
	if (fl == NULL)
		return EFAULT;
	if ((err = origin(f, fl->l_whence, &from)) != 0 ||
	    (err = range(from, fl->l_start, fl->l_len, &r)) != 0)
		return err;
	r.type = fl->l_type;
	if (r.type != F_RDLCK && r.type != F_WRLCK && r.type != F_UNLCK)
		return EINVAL;
	if (cmd == F_GETLK || cmd == F_OFD_GETLK)
		return get(f, fl, &r);
	return set(f, cmd, fl, &r);
}

int
record_any(void)
{
	return record_advisory.any() || record_mandatory.any();
}

void
record_closed(struct file *f)
{
	record_advisory.closed(f);
	record_mandatory.closed(f);
}

void
record_freed(struct file *f)
{
	record_advisory.freed(f);
	record_mandatory.freed(f);
}
