#include <sys/inotify.h>

#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/inotify.h"

_Static_assert(IN_NONBLOCK == O_NONBLOCK, "IN_NONBLOCK is not O_NONBLOCK");
_Static_assert(IN_CLOEXEC == O_CLOEXEC, "IN_CLOEXEC is not O_CLOEXEC");

/* What NT tells of: LIM-INOTIFY-1. */
#define TOLD (IN_MODIFY | IN_ATTRIB | IN_MOVE | IN_CREATE | IN_DELETE | \
    IN_DELETE_SELF | IN_MOVE_SELF)

#define KEPT (IN_ALL_EVENTS | IN_ONESHOT)

static int
inotify_readv(struct file *f, const struct iovec *iov, int n, ssize_t *done)
{
	return inq_take((struct inotify *)f, iov, n, done);
}

static uint32_t
inotify_poll(struct file *f)
{
	return inq_is_empty((struct inotify *)f) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static int
inotify_ioctl(struct file *f, unsigned long request, void *arg)
{
	if (request != FIONREAD)
		return ENOTTY;
	*(int *)arg = (int)inq_bytes((struct inotify *)f);
	return 0;
}

static void
inotify_close(struct file *f)
{
	struct inotify *in = (struct inotify *)f;

	marks_free(in);
	inq_free(in);
	free(in);
}

static const struct file_ops inotify_ops = {
	.name = "inotify",
	.readv = inotify_readv,
	.ioctl = inotify_ioctl,
	.poll = inotify_poll,
	.close = inotify_close,
};

int
inotify_init1(int flags)
{
	struct inotify *in;
	int err, fd = -1;

	if ((flags & ~(IN_NONBLOCK | IN_CLOEXEC)) != 0)
		return result(EINVAL, 0);
	if ((in = calloc(1, sizeof(*in))) == NULL)
		return result(ENOMEM, 0);
	file_init(&in->file, FILE_INOTIFY, &inotify_ops,
	    O_RDONLY | (flags & IN_NONBLOCK), 0);
	err = fd_install(&in->file, 0, (flags & IN_CLOEXEC) != 0 ?
	    FD_CLOEXEC : 0, &fd);
	if (err != 0)
		file_put(&in->file);
	return result(err, fd);
}

int
inotify_init(void)
{
	return inotify_init1(0);
}

static int
inotify_get(int fd, struct inotify **inp)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind != FILE_INOTIFY) {
		file_put(f);
		return EINVAL;
	}
	*inp = (struct inotify *)f;
	return 0;
}

/* A program that waits for what never comes had better know. */
static int
check_mask(uint32_t mask)
{
	if ((mask & TOLD) == 0)
		return EINVAL;
	if ((mask & IN_CLOSE_WRITE) != 0 && (mask & IN_MODIFY) == 0)
		return EINVAL;
	if ((mask & IN_MASK_ADD) != 0 && (mask & IN_MASK_CREATE) != 0)
		return EINVAL;
	return 0;
}

/* Lock held. */
static int
watch(struct inotify *in, const struct notify_file *file, uint32_t mask,
    int *wd)
{
	struct mark *m = mark_of(in, file->dev, file->ino);
	int err;

	if (m == NULL)
		err = mark_new(in, file, mask & KEPT, &m);
	else if ((mask & IN_MASK_CREATE) != 0)
		err = EEXIST;
	else
		err = mark_wants(m, (mask & KEPT) |
		    ((mask & IN_MASK_ADD) != 0 ? m->mask : 0));
	if (err == 0)
		*wd = m->wd;
	return err;
}

static int
add_watch(struct inotify *in, const char *path, uint32_t mask, int *wd)
{
	struct notify_file file;
	int err;

	err = notify_find(path, (mask & IN_DONT_FOLLOW) == 0, &file);
	if (err != 0)
		return err;
	if ((mask & IN_ONLYDIR) != 0 && !file.is_dir)
		err = ENOTDIR;
	if (err == 0) {
		lock_write(&in->lock);
		err = watch(in, &file, mask, wd);
		unlock_write(&in->lock);
		places_free(in);
	}
	free(file.path);
	return err;
}

int
inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	struct inotify *in;
	int err, wd = -1;

	if ((err = check_mask(mask)) != 0 ||
	    (err = inotify_get(fd, &in)) != 0)
		return result(err, 0);
	err = path != NULL ? add_watch(in, path, mask, &wd) : EFAULT;
	file_put(&in->file);
	return result(err, wd);
}

int
inotify_rm_watch(int fd, int wd)
{
	struct inotify *in;
	struct mark *m;
	int err;

	if ((err = inotify_get(fd, &in)) != 0)
		return result(err, 0);
	lock_write(&in->lock);
	if ((m = mark_of_wd(in, wd)) != NULL)
		mark_drop(in, m);
	else
		err = EINVAL;
	unlock_write(&in->lock);
	places_free(in);
	file_put(&in->file);
	return result(err, 0);
}
