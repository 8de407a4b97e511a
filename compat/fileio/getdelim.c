#include <stdio.h>

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "fd/crt_stdio.h"
#include "fd/result.h"
#include "fileio/stdio_mode.h"

static int
grow(char **line, size_t *size, size_t need)
{
	size_t n = *line == NULL || *size < 64 ? 64 : *size;
	char *new;

	if (*line != NULL && *size >= need)
		return 0;
	while (n < need)
		n *= 2;
	if ((new = realloc(*line, n)) == NULL)
		return ENOMEM;
	*line = new;
	*size = n;
	return 0;
}

/* -1 at the end, when there was nothing, with errno as it was. */
ssize_t
getdelim(char **line, size_t *size, int delim, FILE *f)
{
	size_t n = 0;
	int c = EOF, err = 0;

	if (line == NULL || size == NULL)
		return result_size(EINVAL, 0);
	stream_get_begin(f);
	do {
		if ((err = grow(line, size, n + 2)) != 0 ||
		    (c = crt_fgetc(f)) == EOF)
			break;
		(*line)[n++] = (char)c;
	} while (c != (unsigned char)delim);
	stream_get_end(f, c != EOF || err != 0 || !ferror(f));
	if (err != 0)
		return result_size(err, 0);
	(*line)[n] = '\0';
	return n == 0 || (c == EOF && ferror(f)) ? -1 : (ssize_t)n;
}

ssize_t
getline(char **line, size_t *size, FILE *f)
{
	return getdelim(line, size, '\n', f);
}
