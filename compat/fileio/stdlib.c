#include <stdlib.h>

#include <errno.h>
#include <string.h>

#include "fd/result.h"
#include "process/needed.h"

/* The array that the CRT made last; NULL: none that has been seen. */
static char **crts;

static void __attribute__((constructor))
see_environ(void)
{
	crts = environ;
}

int
environ_is_foreign(void)
{
	return crts != NULL && environ != crts;
}

/*
 * The CRT keeps the environment; an empty value would remove the name there,
 * so that setenv(name, "", 1) cannot be told from unsetenv: LIM-PROC-2.
 */
static int
put(const char *name, const char *value)
{
	int err, foreign = environ_is_foreign(), saved = errno;

	if (name == NULL || *name == '\0' || strchr(name, '=') != NULL)
		return EINVAL;
	err = _putenv_s(name, value);
	if (!foreign)
		crts = environ;
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

/* Of the first len bytes of entry. */
static int
put_entry(const char *entry, size_t len, const char *value)
{
	char *name = malloc(len + 1);
	int err;

	if (name == NULL)
		return ENOMEM;
	(void)memcpy(name, entry, len);
	name[len] = '\0';
	err = put(name, value);
	free(name);
	return err;
}

/* The CRT copies the string: LIM-PROC-16. */
int
putenv(char *string)
{
	size_t len;

	if (string == NULL)
		return result(EINVAL, 0);
	len = strcspn(string, "=");
	return result(put_entry(string, len, string[len] == '=' ?
	    string + len + 1 : ""), 0);
}

static size_t
count(void)
{
	size_t n = 0;

	while (environ != NULL && environ[n] != NULL)
		n++;
	return n;
}

/* What the CRT does not let go ("=C:", a drive's directory) is passed by. */
static int
remove_all(void)
{
	size_t before, left = 0;

	while ((before = count()) > left) {
		if (put_entry(environ[left], 1 + strcspn(environ[left] + 1,
		    "="), "") == ENOMEM)
			return ENOMEM;
		if (count() == before)
			left++;
	}
	return 0;
}

int
clearenv(void)
{
	return result(needed_keep(remove_all), 0);
}
