/* <sys/random.h>: random bytes. */
#ifndef COMPAT_SYS_RANDOM_H
#define COMPAT_SYS_RANDOM_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#define GRND_NONBLOCK	1
#define GRND_RANDOM	2
#define GRND_INSECURE	4

COMPAT_BEGIN_DECLS
/**
 * getrandom(buf, len, flags):
 * Fill buf with random bytes that are fit for secrets.  The flags make no
 * difference: NT's source is never empty, and no call waits for it.
 *
 * Return how many there are, always len up to 0x7ffff000; or -1 with errno set
 * to:
 *	EFAULT		buf is a null pointer, and len is not 0.
 *	EINVAL		flags has unknown bits, or GRND_RANDOM and
 *			GRND_INSECURE together.
 *
 * Source:	getrandom(2) of Linux; NT's RtlGenRandom.
 */
ssize_t getrandom(void *, size_t, unsigned int) COMPAT_SYM(getrandom);

/* See <unistd.h>. */
int getentropy(void *, size_t) COMPAT_SYM(getentropy);
COMPAT_END_DECLS

#endif
