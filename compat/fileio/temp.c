/*
 * mkstemp and its relatives.
 */
#include <stdlib.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "fd/result.h"
#include "nt/random.h"

/* As many names as glibc tries before it says EEXIST. */
#define TRIES (62 * 62 * 62)

static void
fill(char *x)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char bytes[6];
	int i;

	nt_random(bytes, sizeof(bytes));
	for (i = 0; i < 6; i++)
		x[i] = letters[bytes[i] % (sizeof(letters) - 1)];
}

/* The six X before the suffix, or NULL. */
static char *
place(char *template, int suffix)
{
	size_t len = strlen(template);

	if (suffix < 0 || len < 6 || (size_t)suffix > len - 6)
		return NULL;
	template += len - 6 - (size_t)suffix;
	return strncmp(template, "XXXXXX", 6) == 0 ? template : NULL;
}

int
mkostemps(char *template, int suffix, int flags)
{
	int fd, saved = errno, tries;
	char *x;

	if ((x = place(template, suffix)) == NULL)
		return result(EINVAL, 0);
	flags = (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL;
	for (tries = 0; tries < TRIES; tries++) {
		fill(x);
		if ((fd = open(template, flags, 0600)) >= 0) {
			errno_restore(saved);
			return fd;
		}
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

int
mkstemps(char *template, int suffix)
{
	return mkostemps(template, suffix, 0);
}

int
mkostemp(char *template, int flags)
{
	return mkostemps(template, 0, flags);
}

int
mkstemp(char *template)
{
	return mkostemps(template, 0, 0);
}

char *
mkdtemp(char *template)
{
	int saved = errno, tries;
	char *x;

	if ((x = place(template, 0)) == NULL)
		return result_ptr(EINVAL, NULL);
	for (tries = 0; tries < TRIES; tries++) {
		fill(x);
		if (mkdir(template, 0700) == 0) {
			errno_restore(saved);
			return template;
		}
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}
