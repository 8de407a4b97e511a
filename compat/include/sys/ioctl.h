/* <sys/ioctl.h>: a few requests. */
#ifndef COMPAT_SYS_IOCTL_H
#define COMPAT_SYS_IOCTL_H

#include <bits/crt.h>
#include <bits/sym.h>

/*
 * Winsock has the same names with numbers of its own, and a header of the
 * library may have seen them; these numbers are ours (Linux's).
 */
#undef FIONREAD
#undef FIONBIO
#undef SIOCATMARK
#define FIONREAD	0x541B		/* int *: bytes that can be read */
#define FIONBIO		0x5421		/* int *: set or clear O_NONBLOCK */
#define SIOCATMARK	0x8905		/* int *: see sockatmark() */
#define FIONCLEX	0x5450		/* clear FD_CLOEXEC */
#define FIOCLEX		0x5451		/* set it */
#define TIOCGWINSZ	0x5413		/* struct winsize *: of the console */

struct winsize {
	unsigned short ws_row, ws_col;
	unsigned short ws_xpixel, ws_ypixel;	/* 0 */
};

COMPAT_BEGIN_DECLS
/**
 * ioctl(fd, request, ...):
 * Return 0, or -1 with errno set to EBADF, EFAULT for FIONREAD, FIONBIO,
 * SIOCATMARK and TIOCGWINSZ without a pointer, or ENOTTY when fd has no such
 * request.  SIGWINCH tells that the window has changed: LIM-SIG-40.
 *
 * Source:	ioctl(2) of Linux; not in POSIX.1-2024.
 */
int ioctl(int, unsigned long, ...) COMPAT_SYM(ioctl);
COMPAT_END_DECLS

#endif
