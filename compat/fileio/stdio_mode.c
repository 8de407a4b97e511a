#include "fileio/stdio_mode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fd/crt.h"
#include "fd/crt_stdio.h"
#include "fd/lock.h"
#include "fd/result.h"

/*
 * A stream whose pointer the CRT has given to another since is taken for the
 * old one until we open it anew: it is flushed oftener than it needs to be.
 */
struct note {
	struct note *next;
	FILE *f;
	int buffering;		/* _IOFBF, _IOLBF, _IONBF */
	int duplex;
	enum direction last;
};

#define BUCKETS 64

static struct lock lock;
static struct note *bucket[BUCKETS];
static atomic_int notes;

/*
 * Always binary: in a program that links the DLL, the CRT's default is set
 * after us, to text.  What else there may be is ignored, as glibc does.
 */
int
stream_mode(const char *mode, int *flags, wchar_t wide[MODE_MAX])
{
	int n = 0, plus = 0, more = 0;

	if (*mode == '\0' || strchr("rwa", *mode) == NULL)
		return EINVAL;
	wide[n++] = (wchar_t)*mode;
	wide[n++] = L'b';
	*flags = *mode == 'r' ? 0 : *mode == 'w' ? O_CREAT | O_TRUNC :
	    O_CREAT | O_APPEND;
	for (mode++; *mode != '\0' && *mode != ','; mode++) {
		plus |= *mode == '+';
		if (*mode == 'x')
			more |= O_EXCL;
		else if (*mode == 'e')
			more |= O_CLOEXEC;
	}
	if (plus)
		wide[n++] = L'+';
	*flags |= plus ? O_RDWR : wide[0] == L'r' ? O_RDONLY : O_WRONLY;
	*flags |= more;
	wide[n] = L'\0';
	return 0;
}

static struct note **
find(FILE *f)
{
	struct note **n = &bucket[(uintptr_t)f / 16 % BUCKETS];

	while (*n != NULL && (*n)->f != f)
		n = &(*n)->next;
	return n;
}

/* A note that cannot be made for want of memory is done without. */
static struct note *
note(FILE *f)
{
	struct note **n = find(f);

	if (*n == NULL && (*n = calloc(1, sizeof(**n))) != NULL) {
		(*n)->f = f;
		(*n)->buffering = f == stderr ? _IONBF : _IOFBF;
		(void)atomic_fetch_add(&notes, 1);
	}
	return *n;
}

void
stream_opened(FILE *f, int flags)
{
	struct note *n;

	lock_write(&lock);
	if ((n = note(f)) != NULL) {
		n->duplex = (flags & O_ACCMODE) == O_RDWR;
		n->last = (flags & O_ACCMODE) == O_RDONLY ? STREAM_READING :
		    STREAM_IDLE;
	}
	unlock_write(&lock);
}

int
stream_is_reading(FILE *f)
{
	struct note *n;
	int reading;

	lock_write(&lock);
	n = *find(f);
	reading = n != NULL ? n->last == STREAM_READING : f == stdin;
	unlock_write(&lock);
	return reading;
}

void
stream_buffering(FILE *f, int mode)
{
	struct note *n;

	lock_write(&lock);
	if ((n = note(f)) != NULL)
		n->buffering = mode;
	unlock_write(&lock);
}

void
stream_forget(FILE *f)
{
	struct note **n, *old;

	lock_write(&lock);
	n = find(f);
	if ((old = *n) != NULL) {
		*n = old->next;
		(void)atomic_fetch_sub(&notes, 1);
	}
	unlock_write(&lock);
	free(old);
}

/* Note the direction; was it the other one?  Also, how it is buffered. */
static int
turn(FILE *f, enum direction d, int *buffering)
{
	struct note *n;
	int turned = 0;

	*buffering = f == stderr ? _IONBF : _IOFBF;
	if (atomic_load_explicit(&notes, memory_order_relaxed) == 0)
		return 0;
	lock_write(&lock);
	if ((n = *find(f)) != NULL) {
		turned = n->duplex && n->last != STREAM_IDLE && n->last != d;
		n->last = d;
		*buffering = n->buffering;
	}
	unlock_write(&lock);
	return turned;
}

/*
 * The CRT must be told before a stream turns from reading to writing, by a
 * seek; glibc turns by itself, and ports rely on it.  The seek that fails, as
 * on a socket, does as well: the CRT forgets the direction before it seeks.
 */
static void
change_direction(FILE *f)
{
	int saved = errno;

	if (fseeko64(f, 0, SEEK_CUR) != 0)
		(void)crt_fseek(f, 0, SEEK_END);
	clearerr(f);
	errno_restore(saved);
}

void
stream_get_begin(FILE *f)
{
	int buffering;

	_lock_file(f);
	if (turn(f, STREAM_READING, &buffering))
		change_direction(f);
	crt_error_clear();
}

void
stream_get_end(FILE *f, int ok)
{
	int err;

	if (!ok && (err = crt_error()) != 0)
		errno_restore(err);
	_unlock_file(f);
}

void
stream_put_begin(FILE *f, struct stream_out *out)
{
	_lock_file(f);
	if (turn(f, STREAM_WRITING, &out->buffering))
		change_direction(f);
	if (out->buffering == _IONBF)
		(void)crt_setvbuf(f, out->buf, _IOFBF, sizeof(out->buf));
	crt_error_clear();
}

int
stream_put_end(FILE *f, struct stream_out *out, int ok, int newline)
{
	int err;

	if (out->buffering == _IONBF || (out->buffering == _IOLBF && newline))
		ok = crt_fflush(f) == 0 && ok;
	if (!ok && (err = crt_error()) != 0)
		errno_restore(err);
	if (out->buffering == _IONBF)
		(void)crt_setvbuf(f, NULL, _IONBF, 0);
	_unlock_file(f);
	return ok;
}
