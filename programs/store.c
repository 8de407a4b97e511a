#include "store.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "name.h"
#include "pidfile.h"
#include "say.h"

struct store {
	const char *dir;
	const struct pidfile *pidfile;
	int fd;			/* the directory, for fsync; -1: cannot */
	unsigned long serial;	/* of temporary names */
};

struct incoming {
	struct store *store;
	char *temp;		/* path of the temporary file */
	char *path;		/* path of the file to be */
	const char *name;	/* the last part of path */
	int fd;
	uint64_t expected;
	uint64_t size;
	uint32_t crc;
};

/* Return DIR/name, to be freed, or NULL. */
static char *
join(const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char *path;

	if ((path = malloc(size)) != NULL)
		(void)snprintf(path, size, "%s/%s", dir, name);
	return path;
}

/*
 * Make a temporary file.  A name that is taken is somebody's, perhaps a dead
 * server's with our pid: go on to the next.
 */
static int
make_temp(struct store *store, char **pathp, int *fdp)
{
	char name[64];
	char *path;
	int err, fd;

	for (;;) {
		(void)snprintf(name, sizeof(name), NAME_RESERVED "%ld-%lu",
		    (long)getpid(), ++store->serial);
		if ((path = join(store->dir, name)) == NULL)
			return ENOMEM;
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd != -1)
			break;
		err = errno;
		free(path);
		if (err != EEXIST)
			return err;
	}
	*pathp = path;
	*fdp = fd;
	return 0;
}

int
store_open(const char *dir, const struct pidfile *pf, struct store **storep,
    char *why, size_t size)
{
	struct store *store;
	struct stat st;
	char *temp;
	int err, fd;

	if (stat(dir, &st) != 0)
		err = errno;
	else
		err = S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
	if (err != 0) {
		(void)snprintf(why, size, "%s: %s", dir, say_errno(err));
		return err;
	}
	if ((store = calloc(1, sizeof(*store))) == NULL) {
		(void)snprintf(why, size, "%s", say_errno(ENOMEM));
		return ENOMEM;
	}
	store->dir = dir;
	store->pidfile = pf;

	/* Better to learn now than from the first client. */
	if ((err = make_temp(store, &temp, &fd)) != 0) {
		(void)snprintf(why, size, "%s: cannot make files in it: %s",
		    dir, say_errno(err));
		free(store);
		return err;
	}
	(void)close(fd);
	(void)unlink(temp);
	free(temp);

	store->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*storep = store;
	return 0;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	if (store->fd != -1)
		(void)close(store->fd);
	free(store);
}

static void
free_incoming(struct incoming *in)
{
	free(in->temp);
	free(in->path);
	free(in);
}

/* May the file that is at path be replaced?  0, or a sentence in why. */
static int
check_target(const struct incoming *in, char *why, size_t size)
{
	struct stat st;

	if (stat(in->path, &st) != 0)
		return 0;
	if (S_ISREG(st.st_mode) && !pidfile_is(in->store->pidfile, &st))
		return 0;
	(void)snprintf(why, size, "%s: is there and %s", in->name,
	    S_ISDIR(st.st_mode) ? "is a directory" :
	    S_ISREG(st.st_mode) ? "is the server's pid file" :
	    "is not a plain file");
	return EEXIST;
}

int
store_begin(struct store *store, const char *name, uint64_t expected,
    struct incoming **inp, char *why, size_t size)
{
	struct incoming *in;
	int err;

	if ((in = calloc(1, sizeof(*in))) == NULL ||
	    (in->path = join(store->dir, name)) == NULL) {
		free(in);
		(void)snprintf(why, size, "%s: %s", name, say_errno(ENOMEM));
		return ENOMEM;
	}
	in->store = store;
	in->name = in->path + strlen(store->dir) + 1;
	in->expected = expected;
	if ((err = check_target(in, why, size)) != 0) {
		free_incoming(in);
		return err;
	}
	if ((err = make_temp(store, &in->temp, &in->fd)) != 0) {
		(void)snprintf(why, size, "%s: cannot make a file: %s", name,
		    say_errno(err));
		free_incoming(in);
		return err;
	}
	*inp = in;
	return 0;
}

int
store_write(struct incoming *in, const void *data, size_t len, char *why,
    size_t size)
{
	const char *p = data;
	ssize_t n;
	int err;

	if (in->size + len > in->expected) {
		(void)snprintf(why, size, "%s: longer than the %" PRIu64
		    " bytes that were announced", in->name, in->expected);
		return EFBIG;
	}
	in->crc = (uint32_t)crc32(in->crc, data, (uInt)len);
	in->size += len;
	while (len > 0) {
		if ((n = write(in->fd, p, len)) < 0) {
			if ((err = errno) == EINTR)
				continue;
			(void)snprintf(why, size, "%s: cannot write: %s",
			    in->name, say_errno(err));
			return err;
		}
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

void
store_expect(struct incoming *in, uint64_t expected)
{
	in->expected = expected;
}

uint64_t
store_size(const struct incoming *in)
{
	return in->size;
}

uint32_t
store_crc32(const struct incoming *in)
{
	return in->crc;
}

uint64_t
store_expected(const struct incoming *in)
{
	return in->expected;
}

/* Close the file; some file systems report a full disk only here. */
static int
flush_and_close(struct incoming *in)
{
	int err = 0;

	if (fsync(in->fd) != 0)
		err = errno;
	if (close(in->fd) != 0 && err == 0)
		err = errno;
	in->fd = -1;
	return err;
}

int
store_end(struct incoming *in, char *why, size_t size)
{
	int err;

	if (in->expected == SIZE_UNKNOWN) {
		(void)snprintf(why, size, "%s: was given up by the sender",
		    in->name);
		err = ECANCELED;
		goto drop;
	}
	if (in->size != in->expected) {
		(void)snprintf(why, size, "%s: %" PRIu64 " bytes came, %"
		    PRIu64 " were announced", in->name, in->size,
		    in->expected);
		err = EINVAL;
		goto drop;
	}
	if ((err = check_target(in, why, size)) != 0)
		goto drop;
	if ((err = flush_and_close(in)) != 0) {
		(void)snprintf(why, size, "%s: cannot write: %s", in->name,
		    say_errno(err));
		goto drop;
	}
	if (rename(in->temp, in->path) != 0) {
		err = errno;
		(void)snprintf(why, size, "%s: cannot give it its name: %s",
		    in->name, say_errno(err));
		goto drop;
	}
	/* The name must reach the disk too.  NT has no call for that. */
	if (in->store->fd != -1)
		(void)fsync(in->store->fd);
	free_incoming(in);
	return 0;

drop:
	store_drop(in);
	return err;
}

void
store_drop(struct incoming *in)
{
	if (in == NULL)
		return;
	if (in->fd != -1)
		(void)close(in->fd);
	(void)unlink(in->temp);
	free_incoming(in);
}
