#include <dirent.h>

#include <errno.h>
#include <stdlib.h>

#include "fd/result.h"
#include "fileio/dir.h"

struct compat_dir {
	struct dir_scan *scan;
	struct dirent entry;
};

DIR *
opendir(const char *path)
{
	DIR *d;
	int err;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return result_ptr(ENOMEM, NULL);
	if ((err = dir_open(path, &d->scan)) != 0) {
		free(d);
		return result_ptr(err, NULL);
	}
	return d;
}

/* At the end: NULL, and errno as it was. */
struct dirent *
readdir(DIR *d)
{
	int err, end;

	err = dir_next(d->scan, &d->entry, &end);
	if (err == 0 && end)
		return NULL;
	return result_ptr(err, err == 0 ? &d->entry : NULL);
}

void
rewinddir(DIR *d)
{
	dir_rewind(d->scan);
}

int
closedir(DIR *d)
{
	dir_close(d->scan);
	free(d);
	return result(0, 0);
}
