/*
 * What of <stdio.h> and <stdlib.h> knows descriptors or names.
 */
#include <stdio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "nt/path.h"

#define MODE_MAX 8

/*
 * The mode in the CRT's words.  Always binary: in a program that links the
 * DLL, the CRT's default is set after us, to text.  'e' is its 'N', 'x' is
 * ours, and what else there may be is ignored, as glibc does.
 */
static int
crt_mode(const char *mode, wchar_t out[MODE_MAX], int *exclusive)
{
	int n = 0;

	*exclusive = 0;
	if (strchr("rwa", *mode) == NULL || *mode == '\0')
		return EINVAL;
	out[n++] = (wchar_t)*mode++;
	out[n++] = L'b';
	for (; *mode != '\0' && *mode != ','; mode++) {
		if (*mode == 'x')
			*exclusive = 1;
		else if (*mode == '+' && wcschr(out, L'+') == NULL)
			out[n++] = L'+';
		else if (*mode == 'e' && wcschr(out, L'N') == NULL)
			out[n++] = L'N';
		out[n] = L'\0';
	}
	out[n] = L'\0';
	return 0;
}

/* Make the file that "x" wants to be new. */
static int
make_new(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);

	return fd < 0 ? errno : fd_close(fd);
}

static FILE *
open_stream(const char *path, const char *mode, FILE *old)
{
	wchar_t wmode[MODE_MAX] = { 0 };
	uint16_t *wide;
	FILE *f;
	int err, exclusive;

	if ((err = crt_mode(mode, wmode, &exclusive)) != 0 ||
	    (exclusive && (err = make_new(path)) != 0) ||
	    (err = nt_path(path, &wide)) != 0)
		return result_ptr(err, NULL);
	f = old == NULL ? _wfopen((const wchar_t *)wide, wmode) :
	    _wfreopen((const wchar_t *)wide, wmode, old);
	free(wide);
	return f;
}

FILE *
fopen(const char *path, const char *mode)
{
	return open_stream(path, mode, NULL);
}

/* POSIX's other use of it, to change the mode alone, the CRT cannot. */
FILE *
freopen(const char *path, const char *mode, FILE *old)
{
	if (path == NULL)
		return result_ptr(EINVAL, NULL);
	return open_stream(path, mode, old);
}

/*
 * Under the CRT's number of a descriptor of ours there is a placeholder: a
 * stream on it would take what is written, and lose it.
 */
FILE *
fdopen(int fd, const char *mode)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return result_ptr(err, NULL);
	file_put(f);
	if (!fd_is_crt(fd))
		return result_ptr(ENOSYS, NULL);
	return _fdopen(fd, mode);
}

int
fileno(FILE *f)
{
	int fd = _fileno(f);

	return result(fd >= 0 ? 0 : EBADF, fd);
}

int
fseeko(FILE *f, off_t off, int whence)
{
	return fseeko64(f, off, whence);
}

off_t
ftello(FILE *f)
{
	return ftello64(f);
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
