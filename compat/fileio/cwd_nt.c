/* The current directory, and realpath(). */
#include "fileio/names.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fd/fdtable.h"
#include "fileio/at_nt.h"
#include "fileio/special.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

static int
set_current(const uint16_t *path)
{
	const wchar_t *s = (const wchar_t *)path + 4;
	wchar_t *copy;
	int err = 0;

	if ((copy = malloc((wcslen(s) + 2) * sizeof(*copy))) == NULL)
		return ENOMEM;
	if (_wcsnicmp(s, L"UNC\\", 4) == 0) {
		(void)wcscpy(copy, L"\\");
		s += 3;
	} else {
		copy[0] = L'\0';
	}
	(void)wcscat(copy, s);
	if (!SetCurrentDirectoryW(copy))
		err = nt_errno(GetLastError());
	free(copy);
	return err;
}

/* LIM-FILE-22: NT's current directory has 258 characters at most. */
static int
enter_handle(HANDLE h)
{
	uint16_t *path;
	int err;

	if ((err = at_handle_name(h, &path)) != 0)
		return err;
	err = set_current(path);
	free(path);
	return err;
}

/* Is there a link on the way? */
static int
has_link(const struct at_name *n)
{
	const wchar_t *path = (const wchar_t *)n->path;
	FILE_BASIC_INFORMATION info;
	OBJECT_ATTRIBUTES attr;
	UNICODE_STRING name;
	size_t len = wcslen(path);

	for (;;) {
		name.Buffer = (wchar_t *)n->path;
		name.Length = (USHORT)(len * sizeof(*path));
		name.MaximumLength = name.Length;
		InitializeObjectAttributes(&attr, &name, OBJ_CASE_INSENSITIVE,
		    (HANDLE)n->root, NULL);
		if (nt.NtQueryAttributesFile(&attr, &info) == 0 &&
		    (info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
			return 1;
		while (len > 0 && path[len - 1] != L'\\')
			len--;
		if (len < 5 || path[len - 2] == L':')
			return 0;
		len--;
	}
}

int
name_chdir(const char *path)
{
	struct at_name n;
	HANDLE h;
	int err;

	if ((err = at_name(AT_FDCWD, path, &n)) != 0)
		return err;
	n.must_be_dir = 1;
	if (n.special != AT_NO_SPECIAL)
		err = ENOTDIR;
	else if ((err = at_open(&n, FILE_TRAVERSE, 0, &h)) == 0) {
		err = has_link(&n) ? enter_handle(h) : set_current(n.path);
		(void)nt.CloseHandle(h);
	}
	at_free(&n);
	return err;
}

int
name_fchdir(int fd)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	err = f->kind == FILE_DIR ? enter_handle((HANDLE)f->handle) : ENOTDIR;
	file_put(f);
	return err;
}

int
name_getcwd(char **cwd)
{
	wchar_t *wide;
	DWORD n, size;
	int err;

	size = GetCurrentDirectoryW(0, NULL) + 1;
	if ((wide = malloc(size * sizeof(*wide))) == NULL)
		return ENOMEM;
	n = GetCurrentDirectoryW(size, wide);
	if (n == 0 || n >= size)
		err = n == 0 ? nt_errno(GetLastError()) : EAGAIN;
	else
		err = path_text((uint16_t *)wide, cwd);
	free(wide);
	return err;
}

int
name_real(const char *path, char **out)
{
	struct at_name n;
	uint16_t *full;
	HANDLE h;
	int err;

	if ((err = at_name(AT_FDCWD, path, &n)) != 0)
		return err;
	if (n.special == AT_FD) {
		err = name_readlink(AT_FDCWD, path, out);
	} else if (n.special != AT_NO_SPECIAL) {
		err = (*out = strdup(path)) != NULL ? 0 : ENOMEM;
	} else if ((err = at_open(&n, 0, 0, &h)) == 0) {
		if ((err = at_handle_name(h, &full)) == 0) {
			err = path_text(full, out);
			free(full);
		}
		(void)nt.CloseHandle(h);
	}
	at_free(&n);
	return err;
}
