#include "pidfile.h"

#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

/* Times to try again when the file is removed between our open and lock. */
#define TRIES	16

static int
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/*
 * Read what is in the file.  Return 0 when that may be a pid file's content,
 * nothing or a number, which is left in text without the end of the line.
 */
static int
read_pid(int fd, char *text, size_t size)
{
	ssize_t n;

	if ((n = pread(fd, text, size - 1, 0)) < 0)
		return errno;
	text[n] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	if (n == (ssize_t)size - 1 || strspn(text, "0123456789") !=
	    strlen(text))
		return EEXIST;
	return 0;
}

static int
write_pid(int fd)
{
	char text[32];
	int n;

	/* First empty: who reads in between must not see an old number. */
	if (ftruncate(fd, 0) != 0)
		return errno;
	n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (write(fd, text, (size_t)n) != n)
		return errno;
	return 0;
}

/* The lock is refused: say by whom, as far as the file tells. */
static void
say_holder(int fd, const char *path, char *why, size_t size)
{
	char text[32];

	if (read_pid(fd, text, sizeof(text)) != 0 || text[0] == '\0')
		(void)snprintf(why, size,
		    "%s: another process holds this pid file", path);
	else
		(void)snprintf(why, size,
		    "%s: process %s holds this pid file", path, text);
}

/*
 * Open and lock.  A server that ends removes its file while it holds the
 * lock; who has opened that file by then would lock a file without a name,
 * so it has to look again.  ESTALE says so.
 */
static int
open_and_lock(struct pidfile *pf, char *why, size_t size)
{
	struct stat now;
	int err;

	pf->fd = open(pf->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (pf->fd == -1) {
		err = errno;
		(void)snprintf(why, size, "%s: %s", pf->path, say_errno(err));
		return err;
	}
	if (flock(pf->fd, LOCK_EX | LOCK_NB) != 0) {
		if ((err = errno) == EWOULDBLOCK)
			say_holder(pf->fd, pf->path, why, size);
		else
			(void)snprintf(why, size, "%s: cannot lock it: %s",
			    pf->path, say_errno(err));
		goto close_fd;
	}
	if (fstat(pf->fd, &pf->st) != 0) {
		err = errno;
		(void)snprintf(why, size, "%s: %s", pf->path, say_errno(err));
		goto close_fd;
	}
	if (stat(pf->path, &now) != 0 || !same_file(&now, &pf->st)) {
		(void)snprintf(why, size, "%s: somebody keeps replacing it",
		    pf->path);
		err = ESTALE;
		goto close_fd;
	}
	return 0;

close_fd:
	(void)close(pf->fd);
	return err;
}

int
pidfile_take(struct pidfile *pf, const char *path, char *why, size_t size)
{
	char text[32];
	int err, tries;

	pf->path = path;
	for (tries = 0; tries < TRIES; tries++)
		if ((err = open_and_lock(pf, why, size)) != ESTALE)
			break;
	if (err != 0)
		goto forget;

	if (!S_ISREG(pf->st.st_mode) || read_pid(pf->fd, text,
	    sizeof(text)) != 0) {
		(void)snprintf(why, size,
		    "%s: exists and is not a pid file", path);
		err = EEXIST;
		goto close_fd;
	}
	if ((err = write_pid(pf->fd)) != 0) {
		(void)snprintf(why, size, "%s: cannot write: %s", path,
		    say_errno(err));
		goto close_fd;
	}
	return 0;

close_fd:
	(void)close(pf->fd);
forget:
	pf->path = NULL;
	return err;
}

void
pidfile_drop(struct pidfile *pf)
{
	struct stat now;

	if (pf->path == NULL)
		return;
	if (stat(pf->path, &now) == 0 && same_file(&now, &pf->st))
		(void)unlink(pf->path);
	(void)close(pf->fd);
	pf->path = NULL;
}

int
pidfile_is(const struct pidfile *pf, const struct stat *st)
{
	return pf->path != NULL && same_file(st, &pf->st);
}
