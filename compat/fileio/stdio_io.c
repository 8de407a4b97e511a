/*
 * Reading and writing streams: the CRT's functions, with POSIX's errno, line
 * buffers that end at a line, and streams that turn by themselves.
 */
#include <stdio.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fd/crt.h"
#include "fd/crt_stdio.h"
#include "fd/result.h"
#include "fileio/stdio_mode.h"

size_t
fread(void *buf, size_t size, size_t n, FILE *f)
{
	size_t got;

	stream_get_begin(f);
	got = crt_fread(buf, size, n, f);
	stream_get_end(f, got == n || !ferror(f));
	return got;
}

size_t
fwrite(const void *buf, size_t size, size_t n, FILE *f)
{
	struct stream_out out;
	size_t put;

	if (size == 0 || n == 0)
		return 0;
	stream_put_begin(f, &out);
	put = crt_fwrite(buf, size, n, f);
	if (!stream_put_end(f, &out, put == n, put == n &&
	    memchr(buf, '\n', size * n) != NULL) && put == n)
		put = 0;
	return put;
}

char *
fgets(char *buf, int size, FILE *f)
{
	char *s;

	stream_get_begin(f);
	s = crt_fgets(buf, size, f);
	stream_get_end(f, s != NULL || !ferror(f));
	return s;
}

int
fgetc(FILE *f)
{
	int c;

	stream_get_begin(f);
	c = crt_fgetc(f);
	stream_get_end(f, c != EOF || !ferror(f));
	return c;
}

int
getc(FILE *f)
{
	return fgetc(f);
}

int
getchar(void)
{
	return fgetc(stdin);
}

int
fputc(int c, FILE *f)
{
	struct stream_out out;
	int r;

	stream_put_begin(f, &out);
	r = crt_fputc(c, f);
	return stream_put_end(f, &out, r != EOF, (char)c == '\n') ? r : EOF;
}

int
putc(int c, FILE *f)
{
	return fputc(c, f);
}

int
putchar(int c)
{
	return fputc(c, stdout);
}

int
fputs(const char *s, FILE *f)
{
	size_t len = strlen(s);

	return fwrite(s, 1, len, f) == len ? 0 : EOF;
}

int
puts(const char *s)
{
	struct stream_out out;
	int ok;

	stream_put_begin(stdout, &out);
	ok = crt_fputs(s, stdout) != EOF && crt_fputc('\n', stdout) != EOF;
	return stream_put_end(stdout, &out, ok, 1) ? 0 : EOF;
}

/*
 * The CRT throws away what a stream has read ahead.  POSIX puts the position
 * back instead, and where there is none, nothing is lost.
 */
int
fflush(FILE *f)
{
	int r;

	if (f == NULL)
		return crt_fflush(NULL);
	if (stream_is_reading(f)) {
		if (ftello64(f) >= 0)
			(void)fseeko64(f, 0, SEEK_CUR);
		return 0;
	}
	_lock_file(f);
	crt_error_clear();
	r = crt_fflush(f);
	stream_get_end(f, r == 0);
	return r;
}

int
setvbuf(FILE *f, char *buf, int mode, size_t size)
{
	if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF)
		return result(EINVAL, 0);
	stream_buffering(f, mode);
	if (mode == _IONBF)
		return crt_setvbuf(f, NULL, _IONBF, 0);
	if (buf == NULL || size < 2) {
		buf = NULL;
		size = BUFSIZ < size ? size : BUFSIZ;
	}
	return crt_setvbuf(f, buf, _IOFBF, size);
}

void
setbuf(FILE *f, char *buf)
{
	(void)setvbuf(f, buf, buf != NULL ? _IOFBF : _IONBF, BUFSIZ);
}

void
setlinebuf(FILE *f)
{
	(void)setvbuf(f, NULL, _IOLBF, 0);
}
