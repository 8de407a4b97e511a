/*
 * printf and its relatives: mingw's conversions (C99's, on any CRT), written
 * in one piece.
 */
#include <stdio.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "fd/result.h"

#define SMALL 512

/* The text, in small if it fits there.  Its length, or -1: ENOMEM. */
static int
format(char small[SMALL], char **text, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	*text = small;
	va_copy(again, ap);
	n = vsnprintf(small, SMALL, fmt, ap);
	if (n >= SMALL) {
		if ((*text = malloc((size_t)n + 1)) == NULL)
			n = result(ENOMEM, 0);
		else
			n = vsnprintf(*text, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	return n;
}

int
vfprintf(FILE *f, const char *fmt, va_list ap)
{
	char small[SMALL], *text;
	int n;

	if ((n = format(small, &text, fmt, ap)) > 0 &&
	    fwrite(text, 1, (size_t)n, f) != (size_t)n)
		n = -1;
	if (text != small)
		free(text);
	return n;
}

int
vprintf(const char *fmt, va_list ap)
{
	return vfprintf(stdout, fmt, ap);
}

int
fprintf(FILE *f, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfprintf(f, fmt, ap);
	va_end(ap);
	return n;
}

int
printf(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfprintf(stdout, fmt, ap);
	va_end(ap);
	return n;
}

int
vdprintf(int fd, const char *fmt, va_list ap)
{
	char small[SMALL], *text;
	ssize_t put;
	int done = 0, n;

	n = format(small, &text, fmt, ap);
	while (done < n) {
		if ((put = write(fd, text + done, (size_t)(n - done))) < 0) {
			n = -1;
			break;
		}
		done += (int)put;
	}
	if (text != small)
		free(text);
	return n;
}

int
dprintf(int fd, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vdprintf(fd, fmt, ap);
	va_end(ap);
	return n;
}
