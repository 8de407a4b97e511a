#include <stdlib.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "fd/result.h"
#include "fileio/names.h"

/* to has room for PATH_MAX bytes; or is NULL, and the caller frees the result. */
char *
realpath(const char *restrict path, char *restrict to)
{
	char *full;
	size_t len;
	int err;

	if (path == NULL)
		return result_ptr(EINVAL, NULL);
	if ((err = name_real(path, &full)) != 0)
		return result_ptr(err, NULL);
	if (to == NULL)
		return full;
	len = strlen(full) + 1;
	if (len > PATH_MAX)
		err = ENAMETOOLONG;
	else
		(void)memcpy(to, full, len);
	free(full);
	return result_ptr(err, to);
}
