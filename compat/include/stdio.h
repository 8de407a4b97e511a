/* <stdio.h>: the CRT's streams, with our names for files. */
#ifdef COMPAT_IN_MINGW
#include_next <stdio.h>
#else
#ifndef COMPAT_STDIO_H
#define COMPAT_STDIO_H

#include <bits/crt.h>
#include <bits/mingw_begin.h>
#include_next <stdio.h>
#include <bits/mingw_end.h>
#include <bits/printf.h>
#include <bits/sym.h>

/* mingw makes macros of these when the CRT's should be used. */
#undef popen
#undef pclose

COMPAT_BEGIN_DECLS

/*
 * A FILE is the CRT's, and its descriptor is one number for the CRT and for
 * our calls: compat/fd/README.md.  Streams can be handed to code that was
 * compiled without these headers.
 */

/**
 * fopen(path, mode), fdopen(fd, mode), freopen(path, mode, stream), tmpfile():
 * As in POSIX, with glibc's "e" and "x"; path is UTF-8, and a stream binary
 * whatever the mode says.  freopen() without a path opens a regular file
 * again, and other descriptors only for what they are open for already.
 *
 * Return the stream, or NULL with errno set to: what open() says, or
 *	EBADF		fd is not open.
 *	EINVAL		a bad mode, or one that fd is not open for.
 *	EMFILE		the CRT has no number or stream left, or fd is beyond
 *			its numbers: LIM-FD-1.
 *	ENOSYS		the CRT cannot be led: LIM-FD-1.
 *
 * Source:	POSIX.1-2024.
 */
FILE *fopen(const char *, const char *) COMPAT_SYM(fopen);
FILE *fdopen(int, const char *) COMPAT_SYM(fdopen);
FILE *freopen(const char *, const char *, FILE *) COMPAT_SYM(freopen);
FILE *tmpfile(void) COMPAT_SYM(tmpfile);
int fclose(FILE *) COMPAT_SYM(fclose);
int fileno(FILE *) COMPAT_SYM(fileno);

/*
 * Data, with the errno that read() or write() would give.  A stream that is
 * open for both turns from reading to writing and back by itself, as glibc's
 * do; and one without a buffer writes each call's bytes at once.
 */
size_t fread(void *, size_t, size_t, FILE *) COMPAT_SYM(fread);
size_t fwrite(const void *, size_t, size_t, FILE *) COMPAT_SYM(fwrite);
char *fgets(char *, int, FILE *) COMPAT_SYM(fgets);
int fgetc(FILE *) COMPAT_SYM(fgetc);
int getc(FILE *) COMPAT_SYM(getc);
int getchar(void) COMPAT_SYM(getchar);
int fputs(const char *, FILE *) COMPAT_SYM(fputs);
int puts(const char *) COMPAT_SYM(puts);
int fputc(int, FILE *) COMPAT_SYM(fputc);
int putc(int, FILE *) COMPAT_SYM(putc);
int putchar(int) COMPAT_SYM(putchar);
int fflush(FILE *) COMPAT_SYM(fflush);

/*
 * _IOLBF writes out at each newline, which the CRT does not.  size may be 0
 * with no buf.
 */
int setvbuf(FILE *, char *, int, size_t) COMPAT_SYM(setvbuf);
void setbuf(FILE *, char *) COMPAT_SYM(setbuf);
void setlinebuf(FILE *) COMPAT_SYM(setlinebuf);
int printf(const char *, ...) COMPAT_SYM(printf) COMPAT_PRINTF(1, 2);
int fprintf(FILE *, const char *, ...) COMPAT_SYM(fprintf) COMPAT_PRINTF(2, 3);
int vprintf(const char *, va_list) COMPAT_SYM(vprintf) COMPAT_PRINTF(1, 0);
int vfprintf(FILE *, const char *, va_list) COMPAT_SYM(vfprintf)
    COMPAT_PRINTF(2, 0);

/** dprintf(fd, fmt, ...): the text to a descriptor; what write() says. */
int dprintf(int, const char *, ...) COMPAT_SYM(dprintf) COMPAT_PRINTF(2, 3);
int vdprintf(int, const char *, va_list) COMPAT_SYM(vdprintf)
    COMPAT_PRINTF(2, 0);

/**
 * getline(&line, &size, stream), getdelim(&line, &size, delim, stream):
 * A line with its delimiter into a buffer from malloc(), which grows and is
 * the caller's to free.  Return its length, or -1 at the end (errno stays) or
 * with errno set: EINVAL, ENOMEM, or what read() says.
 *
 * Source:	POSIX.1-2024.
 */
ssize_t getline(char **, size_t *, FILE *) COMPAT_SYM(getline);
ssize_t getdelim(char **, size_t *, int, FILE *) COMPAT_SYM(getdelim);

/**
 * popen(command, mode), pclose(stream):
 * Run a command by the shell that system() has, and return a stream of its
 * standard output ("r") or input ("w"); "e" as well: FD_CLOEXEC.  No other
 * stream of popen()'s is open in the command.  pclose() closes, waits, and
 * returns the status as waitpid() gives it.
 *
 * Return NULL with errno set to: what pipe() and fdopen() say, or
 *	EFAULT		command is NULL.
 *	EINVAL		any other mode, "rb" too.
 *	ENOENT		$COMPAT_SHELL is not there; else what posix_spawn()
 *			returns.
 * or -1 with
 *	ECHILD		no stream of popen()'s (it stays open), or somebody
 *			else has waited for the command.
 *	EPIPE		the command did not read all that was written, and
 *			says 0; or what else write() says.
 *
 * Source:	POSIX.1-2024; glibc for what pclose() cannot write.
 *		LIM-PROC-9.
 */
FILE *popen(const char *, const char *) COMPAT_SYM(popen);
int pclose(FILE *) COMPAT_SYM(pclose);

int remove(const char *) COMPAT_SYM(remove);

/**
 * rename(from, to), renameat(fromfd, from, tofd, to), renameat2(..., flags):
 * As in POSIX, and rename(2) for renameat2, whose one flag is RENAME_NOREPLACE:
 * EEXIST when there is something at to, in one step.  EINVAL for others.
 * On NT a directory in which a file is open cannot be renamed: EACCES.
 */
#define RENAME_NOREPLACE	1
#define RENAME_EXCHANGE		2
#define RENAME_WHITEOUT		4
int rename(const char *, const char *) COMPAT_SYM(rename);
int renameat(int, const char *, int, const char *) COMPAT_SYM(renameat);
int renameat2(int, const char *, int, const char *, unsigned int)
    COMPAT_SYM(renameat2);

void perror(const char *) COMPAT_SYM(perror);

/* ESPIPE loses nothing that was read ahead; ftell() beyond 2 GiB: EOVERFLOW. */
int fseek(FILE *, long, int) COMPAT_SYM(fseek);
long ftell(FILE *) COMPAT_SYM(ftell);
void rewind(FILE *) COMPAT_SYM(rewind);
int fseeko(FILE *, off_t, int) COMPAT_SYM(fseeko);
off_t ftello(FILE *) COMPAT_SYM(ftello);

COMPAT_END_DECLS

#endif
#endif
