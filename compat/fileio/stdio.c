/*
 * What of <stdio.h> and <stdlib.h> knows descriptors or names.
 */
#include <stdio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"

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
