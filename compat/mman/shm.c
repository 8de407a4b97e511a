#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/disk.h"
#include "mman/shm.h"

/* "/name", or "name" as Linux has it; nothing that would leave the place. */
static int
check_name(const char *name, const char **bare)
{
	if (name == NULL)
		return EFAULT;
	while (*name == '/')
		name++;
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    strpbrk(name, "/\\") != NULL)
		return EINVAL;
	if (strlen(name) > SHM_NAME_MAX)
		return ENAMETOOLONG;
	*bare = name;
	return 0;
}

static int
install(struct file *f, int fdflags, int *fd)
{
	int err = fd_install(f, 0, fdflags, fd);

	if (err != 0)
		file_put(f);
	return err;
}

int
shm_open(const char *name, int flags, mode_t mode)
{
	struct file *f;
	int err, fd = -1;

	if ((flags & O_ACCMODE) != O_RDONLY && (flags & O_ACCMODE) != O_RDWR)
		return result(EINVAL, 0);
	if ((err = check_name(name, &name)) == 0 &&
	    (err = shm_file_open(name, flags, mode, &f)) == 0)
		err = install(f, FD_CLOEXEC, &fd);
	return result(err, fd);
}

int
shm_unlink(const char *name)
{
	int err;

	if ((err = check_name(name, &name)) == 0)
		err = shm_file_unlink(name);
	return result(err == EINVAL ? ENOENT : err, 0);
}

/* The name is for debugging only, says memfd_create(2); NT shows it nowhere. */
int
memfd_create(const char *name, unsigned int flags)
{
	uintptr_t handle;
	struct file *f;
	int err, fd = -1;

	if (name == NULL)
		return result(EFAULT, 0);
	if ((flags & ~(unsigned int)MFD_CLOEXEC) ||
	    strlen(name) > MEMFD_NAME_MAX)
		return result(EINVAL, 0);
	if ((err = shm_anon_open(&handle)) == 0) {
		if ((err = disk_new(handle, O_RDWR, &f)) != 0)
			handle_close(handle);
		else
			err = install(f, flags & MFD_CLOEXEC ? FD_CLOEXEC : 0,
			    &fd);
	}
	return result(err, fd);
}
