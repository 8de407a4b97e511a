#include <stdlib.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/open.h"
#include "nt/random.h"

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

static int
make_temp(char *template, int *fd)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char bytes[6];
	struct file *f;
	size_t len = strlen(template);
	int err, i, tries;

	if (len < 6 || strcmp(template + len - 6, "XXXXXX") != 0)
		return EINVAL;
	for (tries = 0; tries < 100; tries++) {
		nt_random(bytes, sizeof(bytes));
		for (i = 0; i < 6; i++)
			template[len - 6 + (size_t)i] =
			    letters[bytes[i] % (sizeof(letters) - 1)];
		err = file_open(template, O_RDWR | O_CREAT | O_EXCL, 0600, &f);
		if (err != EEXIST)
			break;
	}
	if (err != 0)
		return err;
	if ((err = fd_install(f, 0, 0, fd)) != 0)
		file_put(f);
	return err;
}

int
mkstemp(char *template)
{
	int err, fd;

	err = make_temp(template, &fd);
	return result(err, fd);
}
