/*
 * dup and its relatives.
 */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>

#include "fd/adopt.h"
#include "fd/crt.h"
#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/dup.h"

/*
 * What dup shares is the description.  That of a number of the CRT works on a
 * handle which the CRT will close with the number, so the number becomes ours
 * first: a description with a handle of its own takes its place, and the CRT
 * gets a placeholder.  Where the CRT cannot be led, only the duplicate is ours
 * (LIM-FD-1).
 */
static int
share(int fd, struct file **fp)
{
	struct file *f;
	int err, fdflags;

	if ((err = fd_get(fd, fp)) != 0 || !fd_is_crt(fd))
		return err;
	f = *fp;
	if ((err = fd_getflags(fd, &fdflags)) == 0 &&
	    (err = adopt_dup(f, fp)) == 0 && crt_is_led()) {
		file_ref(*fp);
		if ((err = fd_install_at(*fp, fd, fdflags)) != 0) {
			file_put(*fp);
			file_put(*fp);
		}
	}
	file_put(f);
	return err;
}

int
dup_from(int fd, int min, int fdflags, int *new)
{
	struct file *f;
	int err;

	if ((err = share(fd, &f)) != 0)
		return err;
	if ((err = fd_install(f, min, fdflags, new)) != 0)
		file_put(f);
	return err;
}

static int
dup_onto(int fd, int new, int fdflags)
{
	struct file *f;
	int err;

	if (!crt_is_led() && fd_is_crt(fd) && fd_is_crt(new))
		return fd_dup2_crt(fd, new);
	if ((err = share(fd, &f)) != 0)
		return err;
	if ((err = fd_install_at(f, new, fdflags)) != 0)
		file_put(f);
	return err;
}

int
dup(int fd)
{
	int err, new;

	err = dup_from(fd, 0, 0, &new);
	return result(err, new);
}

int
dup2(int fd, int new)
{
	struct file *f;
	int err;

	if (fd != new)
		return result(dup_onto(fd, new, 0), new);
	if ((err = fd_get(fd, &f)) == 0)
		file_put(f);
	return result(err, new);
}

int
dup3(int fd, int new, int flags)
{
	int err = EINVAL;

	if (fd != new && (flags & ~O_CLOEXEC) == 0)
		err = dup_onto(fd, new, flags != 0 ? FD_CLOEXEC : 0);
	return result(err, new);
}
