/*
 * A file that reactor-send sends: reading it, and what is known of it.
 */
#ifndef PROGRAMS_SOURCE_H
#define PROGRAMS_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct source {
	int fd;
	uint64_t announced;	/* or UINT64_MAX: not known beforehand */
	uint64_t size;		/* read so far */
	uint32_t crc;		/* of that */
};

/*
 * The name that the file at path is sent under: its last part.  Where \
 * separates the parts of a path too, as on NT, it does here.
 */
const char *source_name(const char *path);

/* Open path, or standard input for "-".  Return 0 or an errno. */
int source_open(struct source *src, const char *path);

/*
 * Fill buf with the next size bytes; *len is less only at the end.  *end says
 * whether this was the last of it, which may be empty.  Return 0 or an errno.
 */
int source_read(struct source *src, void *buf, size_t size, size_t *len,
    int *end);

/* Close it, unless it is standard input. */
void source_close(struct source *src);

#endif
