/* Random bytes for secrets. */
#include <sys/random.h>

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "fd/result.h"
#include "nt/random.h"

#define RANDOM_MOST 0x7ffff000	/* what one call moves, as read() */

ssize_t
getrandom(void *buf, size_t len, unsigned int flags)
{
	const unsigned int all = GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE;
	const unsigned int both = GRND_RANDOM | GRND_INSECURE;

	if ((flags & ~all) != 0 || (flags & both) == both)
		return result_size(EINVAL, 0);
	if (buf == NULL && len > 0)
		return result_size(EFAULT, 0);
	if (len > RANDOM_MOST)
		len = RANDOM_MOST;
	nt_random(buf, len);
	return (ssize_t)len;
}

int
getentropy(void *buf, size_t len)
{
	if (len > GETENTROPY_MAX)
		return result(EIO, 0);
	return getrandom(buf, len, 0) < 0 ? -1 : 0;
}
