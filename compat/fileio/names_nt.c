#include "fileio/names.h"

#include <stdlib.h>
#include <string.h>

#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

#define MAY_EXECUTE 1		/* X_OK, W_OK of <unistd.h> */
#define MAY_WRITE 2

/* The mode is not kept: a directory of NT inherits its access list. */
int
name_mkdir(int dirfd, const char *path)
{
	struct at_name n;
	HANDLE h;
	int err;

	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	if (n.path == NULL || n.last != AT_LAST_NAME)
		err = EEXIST;
	else
		err = at_errno(&n, at_create(&n, 0, FILE_ATTRIBUTE_NORMAL,
		    FILE_CREATE, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT,
		    &h, NULL));
	if (err == 0)
		(void)CloseHandle(h);
	at_free(&n);
	return err;
}

/*
 * By the attributes, as chmod sets them.  The access list is not asked: NT
 * has no call for it that costs less than opening the file.
 */
int
name_access(const char *path, int mode)
{
	uint16_t *wide;
	DWORD a;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	if ((a = path_attributes(wide)) == INVALID_FILE_ATTRIBUTES)
		err = path_errno(wide, GetLastError());
	else if (a & FILE_ATTRIBUTE_DIRECTORY)
		err = 0;
	else if ((mode & MAY_WRITE) && (a & FILE_ATTRIBUTE_READONLY))
		err = EACCES;
	else if ((mode & MAY_EXECUTE) && !is_executable(wide))
		err = EACCES;
	free(wide);
	return err;
}

/* "Nobody may write" is all that NT's attributes can say: LIM-FILE-1. */
int
name_chmod(const char *path, mode_t mode)
{
	uint16_t *wide;
	DWORD a, new;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	if ((a = path_attributes(wide)) == INVALID_FILE_ATTRIBUTES) {
		err = path_errno(wide, GetLastError());
	} else if (!(a & FILE_ATTRIBUTE_DIRECTORY)) {
		new = mode & 0222 ? a & ~(DWORD)FILE_ATTRIBUTE_READONLY :
		    a | FILE_ATTRIBUTE_READONLY;
		if (new != a &&
		    !SetFileAttributesW((const wchar_t *)wide, new))
			err = path_errno(wide, GetLastError());
	}
	free(wide);
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
