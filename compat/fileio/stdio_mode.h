/*
 * What the library knows of a stream that the CRT does not, and what has to be
 * done around each of the CRT's calls on it.
 */
#ifndef FILEIO_STDIO_MODE_H
#define FILEIO_STDIO_MODE_H

#include <stdio.h>

enum direction { STREAM_IDLE, STREAM_READING, STREAM_WRITING };

/* fopen's mode: open()'s flags, and the CRT's words for it, always binary. */
#define MODE_MAX 8
int stream_mode(const char *mode, int *flags, wchar_t wide[MODE_MAX]);

/*
 * A stream was opened with open()'s flags, or its buffering set (_IO?BF), or
 * is about to be closed.
 */
void stream_opened(FILE *, int flags);
void stream_buffering(FILE *, int mode);
void stream_forget(FILE *);

/* Is it for reading, or was it read from last? */
int stream_is_reading(FILE *);

/*
 * Before and after a call that moves data.  Around writing, out is room for
 * the bytes of a stream without a buffer, which leave in one piece.  end takes
 * whether the call went well and whether it wrote a newline, and returns
 * whether all of it went well; errno is set when not.
 */
struct stream_out {
	int buffering;
	char buf[4096];
};

void stream_get_begin(FILE *);
void stream_get_end(FILE *, int ok);
void stream_put_begin(FILE *, struct stream_out *);
int stream_put_end(FILE *, struct stream_out *, int ok, int newline);

#endif
