/* Names and identities of what is watched. */
#include "fileio/notify.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/at_nt.h"
#include "fileio/stat_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

int
notify_same(const struct notify_name *a, const struct notify_name *b)
{
	return CompareStringOrdinal((const WCHAR *)a->s, (int)a->n,
	    (const WCHAR *)b->s, (int)b->n, TRUE) == CSTR_EQUAL;
}

size_t
notify_utf8(const struct notify_name *name, char *buf)
{
	int n;

	n = WideCharToMultiByte(CP_UTF8, 0, (const WCHAR *)name->s,
	    (int)name->n, buf, NOTIFY_NAME_MAX - 1, NULL, NULL);
	buf[n] = '\0';
	return (size_t)n;
}

int
notify_find(const char *path, int follow, struct notify_file *file)
{
	struct at_name n;
	struct stat st;
	HANDLE h;
	int err;

	if ((err = at_name(AT_FDCWD, path, &n)) != 0)
		return err;
	err = at_open(&n, 0, follow ? 0 : AT_SYMLINK_NOFOLLOW, &h);
	at_free(&n);
	if (err != 0)
		return err;
	if ((err = stat_disk(h, NULL, &st)) == 0)
		err = at_handle_name(h, &file->path);
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	file->is_dir = S_ISDIR(st.st_mode);
	(void)nt.CloseHandle(h);
	return err;
}

static int
find_wide(uint16_t *path, struct notify_file *file)
{
	struct at_name n = { .path = path };
	struct stat st;
	HANDLE h;
	int err;

	if ((err = at_open(&n, 0, 0, &h)) != 0)
		return err;
	err = stat_disk(h, NULL, &st);
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	file->is_dir = 1;
	file->path = path;
	(void)nt.CloseHandle(h);
	return err;
}

/* "\??\C:\a": "\??\C:\" and "a". */
int
notify_find_parent(const uint16_t *path, struct notify_file *file,
    struct notify_name *name)
{
	const wchar_t *all = (const wchar_t *)path, *last;
	uint16_t *dir;
	size_t n;
	int err;

	last = wcsrchr(all, L'\\');
	if (last == NULL || last[1] == L'\0' || last - all < 5)
		return ENOENT;
	n = (size_t)(last - all);
	if ((dir = malloc((n + 2) * sizeof(*dir))) == NULL)
		return ENOMEM;
	(void)memcpy(dir, path, n * sizeof(*dir));
	if (dir[n - 1] == L':')
		dir[n++] = L'\\';
	dir[n] = 0;
	if ((err = find_wide(dir, file)) != 0) {
		free(dir);
		return err;
	}
	name->s = (const uint16_t *)last + 1;
	name->n = wcslen(last + 1);
	return 0;
}
