#include <dirent.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fd/result.h"

int
alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}

struct names {
	struct dirent **list;
	size_t n, room;
};

static int
add(struct names *l, const struct dirent *e)
{
	struct dirent **more, *copy;
	size_t room;

	if (l->n == l->room) {
		room = l->room == 0 ? 32 : 2 * l->room;
		if ((more = realloc(l->list, room * sizeof(*more))) == NULL)
			return ENOMEM;
		l->list = more;
		l->room = room;
	}
	if ((copy = malloc(e->d_reclen)) == NULL)
		return ENOMEM;
	(void)memcpy(copy, e, e->d_reclen);
	l->list[l->n++] = copy;
	return 0;
}

/* errno is the only word readdir() has for "it failed". */
static int
read_all(DIR *d, struct names *l, int (*filter)(const struct dirent *))
{
	struct dirent *e;
	int err;

	for (;;) {
		errno_restore(0);
		if ((e = readdir(d)) == NULL)
			return errno;
		if (filter != NULL && !filter(e))
			continue;
		if ((err = add(l, e)) != 0)
			return err;
	}
}

int
scandir(const char *path, struct dirent ***list,
    int (*filter)(const struct dirent *),
    int (*compare)(const struct dirent **, const struct dirent **))
{
	struct names l = { NULL, 0, 0 };
	int err, saved = errno;
	DIR *d;

	if ((d = opendir(path)) == NULL)
		return -1;
	err = read_all(d, &l, filter);
	(void)closedir(d);
	if (err != 0) {
		while (l.n > 0)
			free(l.list[--l.n]);
		free(l.list);
		return result(err, 0);
	}
	errno_restore(saved);
	if (compare != NULL && l.n > 1)
		qsort(l.list, l.n, sizeof(*l.list),
		    (int (*)(const void *, const void *))compare);
	*list = l.list;
	return result(0, (int)l.n);
}
