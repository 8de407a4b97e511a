#include "process/search.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int
has_directory(const char *file)
{
	return strpbrk(file, "/\\") != NULL ||
	    (file[0] != '\0' && file[1] == ':');
}

/* One directory of PATH; the empty one is the current, as POSIX has it. */
static int
try_in(const char *dir, size_t n, const char *file, struct image *im)
{
	size_t len = strlen(file) + 1;
	char *path;
	int err;

	if ((path = malloc(n + 1 + len)) == NULL)
		return ENOMEM;
	(void)memcpy(path, dir, n);
	if (n > 0)
		path[n++] = '/';
	(void)memcpy(path + n, file, len);
	err = image_find(path, im);
	free(path);
	return err;
}

/*
 * NT's separator is a semicolon.  EACCES is remembered, and told when nothing
 * better comes (POSIX, exec: PATH).
 */
int
search_path(const char *file, struct image *im)
{
	char *path, *dir, *end;
	int err, best = ENOENT;

	if (*file == '\0')
		return ENOENT;
	if (has_directory(file))
		return image_find(file, im);
	if (strlen(file) > NAME_MAX)
		return ENAMETOOLONG;
	if ((path = search_getenv("PATH")) == NULL)
		return ENOENT;
	for (dir = path; dir != NULL; dir = end) {
		if ((end = strchr(dir, ';')) != NULL)
			*end++ = '\0';
		err = try_in(dir, strlen(dir), file, im);
		if (err == 0 || err == ENOMEM) {
			best = err;
			break;
		}
		if (err == EACCES)
			best = EACCES;
	}
	free(path);
	return best;
}
