/*
 * The CRT's descriptor table, of which ours is a part: see README.md.  None of
 * these touches errno.
 */
#ifndef FD_CRT_H
#define FD_CRT_H

#include <stdint.h>

struct file;

/* The CRT has no numbers from here on; they are ours alone. */
#ifdef _UCRT
#define CRT_LIMIT 8192
#define CRT_LIBRARY L"ucrtbase.dll"
#else
#define CRT_LIMIT 2048
#define CRT_LIBRARY L"msvcrt.dll"
#endif

/*
 * Lead the CRT's calls on placeholders to the library, and see whether that
 * works.  Once, before any other call here.
 */
void crt_init(void);

/* Does it?  If not, what is written under a placeholder would be lost. */
int crt_is_led(void);

/*
 * Occupy the CRT's lowest free number with a placeholder, a handle that leads
 * nowhere (NUL).  EMFILE: the CRT has none left.
 */
int crt_reserve(int *fdp);

/* Close number fd in the CRT, with its handle, when it is the CRT's own. */
int crt_close(int fd);

/*
 * Give the placeholder at fd back, unless a call of the CRT is waiting there:
 * it holds a lock that _close() would wait for.  0 or EBUSY.
 */
int crt_release(int fd);

/*
 * Put a placeholder in the place of what the CRT has at fd, and close that; or
 * keep the handle open, and the process's standard handle what it is.
 */
int crt_replace(int fd, int keep);

/* The handle under the CRT's number fd: 0 or EBADF. */
int crt_handle(int fd, uintptr_t *handle);

/* Is it a placeholder's? */
int crt_is_placeholder(uintptr_t handle);

/*
 * The CRT duplicated one of our numbers: the description that the new number
 * stands for.  Taken from the placeholder, which is fd's from now on, with its
 * reference; NULL if there is none.
 */
struct file *crt_take_duplicate(uintptr_t handle, int fd);

/* Would a child that the CRT starts get number fd? */
int crt_is_inherited(int fd);

/*
 * The lowest number from fd on that the parent's CRT gave to this process to
 * append to, or -1.  The CRT remembers that, but tells nobody.
 */
int crt_appends_next(int fd);

/* dup2 between two numbers of the CRT. */
int crt_dup2(int from, int to);

/*
 * What the last call of the CRT in this thread failed with, in our words: the
 * CRT knows no EINTR and no ECONNRESET.  0 when it failed for its own reasons,
 * or not at all.
 */
void crt_error_clear(void);
int crt_error(void);

#endif
