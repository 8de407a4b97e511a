/*
 * What of <stdio.h> knows descriptors or names: opening and closing streams,
 * and where they are.
 */
#include <stdio.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "fd/crt.h"
#include "fd/crt_stdio.h"
#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/disk.h"
#include "fileio/stdio_mode.h"
#include "nt/path.h"

/*
 * A stream is the CRT's, on the number in the CRT's table that fd has there
 * too; what it reads and writes there comes back to us (fd/crt_hook_nt.c).
 */
static int
stream_on(int fd, const wchar_t *wide, int flags, FILE **f)
{
	if (fd >= CRT_LIMIT)
		return EMFILE;
	if (!crt_is_led() && !fd_is_crt(fd))
		return ENOSYS;
	if ((*f = _wfdopen(fd, wide)) == NULL)
		return errno;
	stream_opened(*f, flags);
	return 0;
}

/* A CRT that cannot be led has to open the file itself: LIM-FD-1. */
static int
open_by_crt(const char *path, const wchar_t *wide, FILE **f)
{
	uint16_t *name;
	int err;

	if ((err = nt_path(path, &name)) != 0)
		return err;
	*f = _wfopen((const wchar_t *)name, wide);
	free(name);
	return *f == NULL ? errno : 0;
}

FILE *
fopen(const char *path, const char *mode)
{
	wchar_t wide[MODE_MAX];
	FILE *f = NULL;
	int err, fd, flags;

	if ((err = stream_mode(mode, &flags, wide)) != 0)
		return result_ptr(err, NULL);
	if (!crt_is_led()) {
		err = open_by_crt(path, wide, &f);
		return result_ptr(err, f);
	}
	if ((fd = open(path, flags, 0666)) < 0)
		return NULL;
	if ((err = stream_on(fd, wide, flags, &f)) != 0)
		(void)fd_close(fd);
	return result_ptr(err, f);
}

/* Does the descriptor allow what the stream is for? */
static int
check_mode(struct file *f, int flags)
{
	int has = file_flags(f) & O_ACCMODE, want = flags & O_ACCMODE;

	return has == O_RDWR || has == want ? 0 : EINVAL;
}

FILE *
fdopen(int fd, const char *mode)
{
	wchar_t wide[MODE_MAX];
	struct file *file;
	FILE *f = NULL;
	int err, flags;

	if ((err = stream_mode(mode, &flags, wide)) != 0 ||
	    (err = fd_get(fd, &file)) != 0)
		return result_ptr(err, NULL);
	if ((err = check_mode(file, flags)) == 0 &&
	    (err = stream_on(fd, wide, flags, &f)) == 0) {
		if (flags & O_APPEND)
			(void)file_set_flags(file, O_APPEND, O_APPEND);
		if (flags & O_CLOEXEC)
			(void)fd_setflags(fd, FD_CLOEXEC);
	}
	file_put(file);
	return result_ptr(err, f);
}

/* freopen() without a path: the same file, opened another way. */
static int
open_again(FILE *f, int flags, int *fdp)
{
	struct file *file, *new;
	int err, fd = _fileno(f);

	if ((err = fd_get(fd, &file)) != 0)
		return err;
	if (file->kind == FILE_DISK) {
		err = disk_reopen(file, flags, &new);
	} else if ((err = check_mode(file, flags)) == 0) {
		new = file;
		file_ref(new);
	}
	if (err == 0 && (err = fd_install(new, 0, 0, fdp)) != 0)
		file_put(new);
	file_put(file);
	return err;
}

/*
 * The CRT knows no other way to change what a stream is for than to open
 * something: that is NUL, and the descriptor then takes its place.  The number
 * stays, as on Linux, when the CRT gives out the lowest.
 */
static FILE *
move_stream(FILE *old, int from, int flags, const wchar_t *wide)
{
	FILE *f;
	int err, fd = _fileno(old);

	(void)fflush(old);
	stream_forget(old);
	if (fd >= 0)
		fd_steer_crt(fd);
	if ((f = _wfreopen(L"NUL", wide, old)) == NULL) {
		err = errno;
		(void)fd_close(from);
		return result_ptr(err, NULL);
	}
	if (dup3(from, _fileno(f), flags & O_CLOEXEC) < 0) {
		err = errno;
		(void)fd_close(from);
		(void)crt_fclose(f);
		return result_ptr(err, NULL);
	}
	(void)fd_close(from);
	stream_opened(f, flags);
	return f;
}

FILE *
freopen(const char *path, const char *mode, FILE *old)
{
	wchar_t wide[MODE_MAX];
	int err, fd, flags;

	if ((err = stream_mode(mode, &flags, wide)) == 0) {
		if (!crt_is_led())
			err = ENOSYS;
		else if (path == NULL)
			err = fflush(old) == 0 ? open_again(old, flags, &fd) :
			    errno;
		else if ((fd = open(path, flags, 0666)) < 0)
			err = errno;
	}
	if (err != 0) {
		(void)fclose(old);
		return result_ptr(err, NULL);
	}
	return move_stream(old, fd, flags, wide);
}

/* Wine's CRT closes without a word what it could not write. */
int
fclose(FILE *f)
{
	int err, lost = 0, r;

	if (!stream_is_reading(f) && fflush(f) != 0)
		lost = errno;
	stream_forget(f);
	crt_error_clear();
	r = crt_fclose(f);
	if (lost != 0)
		return result(lost, 0);
	if (r != 0 && (err = crt_error()) != 0)
		errno_restore(err);
	return r;
}

/* In the user's directory for temporary files, and gone from there at once. */
FILE *
tmpfile(void)
{
	char name[] = "/tmp/tmpfile-XXXXXX";
	FILE *f = NULL;
	int err, fd;

	if ((fd = mkstemp(name)) < 0)
		return NULL;
	if (unlink(name) != 0)
		err = errno;
	else
		err = stream_on(fd, L"wb+", O_RDWR, &f);
	if (err != 0)
		(void)fd_close(fd);
	return result_ptr(err, f);
}

int
fileno(FILE *f)
{
	int fd = _fileno(f);

	return result(fd >= 0 ? 0 : EBADF, fd);
}

/* The CRT's seek would throw away what was read ahead before it fails. */
int
fseeko(FILE *f, off_t off, int whence)
{
	int err, r;

	if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
		return result(EINVAL, 0);
	if (lseek(_fileno(f), 0, SEEK_CUR) < 0)
		return -1;
	crt_error_clear();
	r = fseeko64(f, off, whence);
	if (r != 0 && (err = crt_error()) != 0)
		errno_restore(err);
	return r;
}

int
fseek(FILE *f, long off, int whence)
{
	return fseeko(f, off, whence);
}

void
rewind(FILE *f)
{
	(void)fseeko(f, 0, SEEK_SET);
	clearerr(f);
}

off_t
ftello(FILE *f)
{
	if (lseek(_fileno(f), 0, SEEK_CUR) < 0)
		return -1;
	return ftello64(f);
}

long
ftell(FILE *f)
{
	off_t pos = ftello(f);

	if (pos > LONG_MAX)
		return result(EOVERFLOW, 0);
	return (long)pos;
}

void
perror(const char *s)
{
	const char *text = strerror(errno);

	if (s != NULL && *s != '\0')
		(void)fprintf(stderr, "%s: %s\n", s, text);
	else
		(void)fprintf(stderr, "%s\n", text);
}
