#include "fileio/special.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "fd/fdtable.h"

static const struct {
	const char *path;
	enum at_special what;
	int fd;
	unsigned int minor;
} files[] = {
	{ "/dev/null", AT_NULL, 0, 3 },
	{ "/dev/zero", AT_ZERO, 0, 5 },
	{ "/dev/full", AT_FULL, 0, 7 },
	{ "/dev/random", AT_RANDOM, 0, 8 },
	{ "/dev/urandom", AT_URANDOM, 0, 9 },
	{ "/dev/tty", AT_TTY, 0, 0 },
	{ "/dev/stdin", AT_FD, 0, 0 },
	{ "/dev/stdout", AT_FD, 1, 0 },
	{ "/dev/stderr", AT_FD, 2, 0 },
};

#define COUNT (sizeof(files) / sizeof(files[0]))

static int
number(const char *s, int *fd)
{
	int n = 0;

	if (*s < '0' || *s > '9' || (*s == '0' && s[1] != '\0'))
		return 0;
	for (; *s >= '0' && *s <= '9'; s++)
		if ((n = n * 10 + *s - '0') >= FD_MAX)
			return 0;
	*fd = n;
	return *s == '\0';
}

int
special_find(const char *path, enum at_special *what, int *fd)
{
	size_t i;

	if (strncmp(path, "/proc/self/fd/", 14) == 0)
		path += 10;
	else if (strncmp(path, "/dev/", 5) == 0)
		path += 4;
	else
		return 0;
	if (strncmp(path, "/fd/", 4) == 0 && number(path + 4, fd)) {
		*what = AT_FD;
		return 1;
	}
	for (i = 0; i < COUNT; i++)
		if (strcmp(path, files[i].path + 4) == 0) {
			*what = files[i].what;
			*fd = files[i].fd;
			return 1;
		}
	return 0;
}

/* Linux's numbers: 5,0 is the terminal, 1,x the memory devices. */
static dev_t
device(enum at_special what)
{
	size_t i;

	for (i = 0; i < COUNT && files[i].what != what; i++)
		;
	return what == AT_TTY ? 0x500 : 0x100 | files[i].minor;
}

static int
stat_fd(int fd, int follow, struct stat *st)
{
	struct file *f;
	int err;

	if (fd_get(fd, &f) != 0)
		return ENOENT;
	if (!follow) {
		st->st_mode = S_IFLNK | 0700;
		err = 0;
	} else {
		err = f->ops->stat != NULL ? f->ops->stat(f, st) : EINVAL;
	}
	file_put(f);
	return err;
}

void
special_identity(enum at_special what, struct stat *st)
{
	(void)memset(st, 0, sizeof(*st));
	st->st_nlink = 1;
	st->st_blksize = 4096;
	st->st_mode = S_IFCHR | 0666;
	st->st_rdev = device(what);
	st->st_ino = st->st_rdev;
}

int
special_stat(const struct at_name *n, int follow, struct stat *st)
{
	special_identity(n->special, st);
	return n->special == AT_FD ? stat_fd(n->fd, follow, st) : 0;
}

/* What open() says of flags that a device cannot have. */
static int
check_flags(const struct at_name *n, int flags)
{
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return EEXIST;
	if (n->special == AT_FD && (flags & O_NOFOLLOW))
		return ELOOP;
	return flags & O_DIRECTORY && n->special != AT_FD ? ENOTDIR : 0;
}

int
special_open(const struct at_name *n, int flags, struct file **fp)
{
	uintptr_t handle = 0;
	int err;

	if ((err = check_flags(n, flags)) != 0)
		return err;
	flags &= ~(O_CREAT | O_NOCTTY | O_CLOEXEC);
	switch (n->special) {
	case AT_FD:
		return special_reopen(n->fd, flags, fp);
	case AT_TTY:
		return special_tty(flags & ~O_TRUNC, fp);
	case AT_NULL:
		/* For a child, which may be a native program. */
		if ((err = special_null(&handle)) != 0)
			return err;
		break;
	default:
		break;
	}
	return special_new(n->special, handle, flags & ~O_TRUNC, fp);
}
