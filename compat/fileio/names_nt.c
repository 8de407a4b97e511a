#include "fileio/names.h"

#include <stdlib.h>
#include <string.h>

#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

int
name_mkdir(int dirfd, const char *path, mode_t mode)
{
	struct at_name n;
	HANDLE h;
	int err;

	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	if (n.path == NULL || n.last != AT_LAST_NAME)
		err = EEXIST;
	else if ((err = at_private(&n, mode, 1)) == 0)
		err = at_errno(&n, at_create(&n, 0, FILE_ATTRIBUTE_NORMAL,
		    FILE_CREATE, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT,
		    &h, NULL));
	if (err == 0)
		(void)CloseHandle(h);
	at_free(&n);
	return err;
}

int
name_chdir(const char *path)
{
	uint16_t *wide;
	DWORD a;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	a = path_attributes(wide);
	if (a == INVALID_FILE_ATTRIBUTES)
		err = path_errno(wide, GetLastError());
	else if (!(a & FILE_ATTRIBUTE_DIRECTORY))
		err = ENOTDIR;	/* where NT says "invalid name" */
	else if (!SetCurrentDirectoryW((const wchar_t *)wide))
		err = path_errno(wide, GetLastError());
	free(wide);
	return err;
}

int
name_getcwd(char **cwd)
{
	wchar_t *wide;
	DWORD n, size;
	char *p;
	int err;

	size = GetCurrentDirectoryW(0, NULL) + 1;
	if ((wide = malloc(size * sizeof(*wide))) == NULL)
		return ENOMEM;
	n = GetCurrentDirectoryW(size, wide);
	if (n == 0 || n >= size)
		err = n == 0 ? nt_errno(GetLastError()) : EAGAIN;
	else
		err = nt_utf8((uint16_t *)wide, cwd);
	free(wide);
	if (err == 0)
		for (p = *cwd; *p != '\0'; p++)
			if (*p == '\\')
				*p = '/';
	return err;
}
