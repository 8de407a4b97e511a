#include <stdlib.h>

#include <errno.h>
#include <string.h>

#include "fd/result.h"

/*
 * The CRT keeps the environment; an empty value would remove the name there,
 * so that setenv(name, "", 1) cannot be told from unsetenv: LIM-PROC-2.
 */
static int
put(const char *name, const char *value)
{
	int err, saved = errno;

	if (name == NULL || *name == '\0' || strchr(name, '=') != NULL)
		return EINVAL;
	err = _putenv_s(name, value);
	errno_restore(saved);
	return err;
}

int
setenv(const char *name, const char *value, int overwrite)
{
	if (!overwrite && name != NULL && getenv(name) != NULL)
		return result(0, 0);
	return result(put(name, value), 0);
}

int
unsetenv(const char *name)
{
	return result(put(name, ""), 0);
}
