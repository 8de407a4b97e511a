/*
 * <sys/eventfd.h>, as on Linux: see compat_eventfd(3).
 *
 * Source:	eventfd(2) of the Linux man-pages; not in POSIX.
 */
#ifndef COMPAT_SYS_EVENTFD_H
#define COMPAT_SYS_EVENTFD_H

#include <bits/crt.h>
#include <bits/sym.h>

#include <stdint.h>

COMPAT_BEGIN_DECLS

#define EFD_SEMAPHORE 1
#define EFD_NONBLOCK 0x80000		/* O_NONBLOCK */
#define EFD_CLOEXEC 0x80		/* O_CLOEXEC */

typedef uint64_t eventfd_t;

/*
 * Open a counter that read(2) takes from and write(2) adds to.
 *
 * Return its descriptor, or -1 with errno set to EINVAL (unknown flag),
 * EMFILE or ENOMEM.
 */
int eventfd(unsigned int initval, int flags) COMPAT_SYM(eventfd);

/* read() and write() of one eventfd_t: 0, or -1 with their errno. */
int eventfd_read(int fd, eventfd_t *value) COMPAT_SYM(eventfd_read);
int eventfd_write(int fd, eventfd_t value) COMPAT_SYM(eventfd_write);

COMPAT_END_DECLS

#endif
