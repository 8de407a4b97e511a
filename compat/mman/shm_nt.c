#include "mman/shm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fd/file.h"
#include "fileio/names.h"
#include "fileio/open.h"
#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"
#include "nt/random.h"

#define PLACE "/tmp/.libcompat-shm"

/* NTFS takes 255 units for one name. */
#define FILE_NAME_MAX 255
#define PATH_MAX_HERE (sizeof(PLACE) + 1 + FILE_NAME_MAX + 4)

/*
 * A name of POSIX's as a file of NT's, which knows no case, has devices and
 * forbids characters: what is not plain becomes %xx.
 */
static int
path_of(const char *name, char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
	size_t n = strlen(PLACE "/shm-"), start = strlen(PLACE "/");

	(void)strcpy(path, PLACE "/shm-");
	for (; *name != '\0'; name++) {
		if (n + 3 - start > FILE_NAME_MAX)
			return ENAMETOOLONG;
		if (strchr(plain, *name) != NULL &&
		    (*name != '.' || name[1] != '\0'))
			path[n++] = *name;
		else
			n += (size_t)snprintf(path + n, 4, "%%%02x",
			    (unsigned char)*name);
	}
	path[n] = '\0';
	return 0;
}

/*
 * NT then writes the pages to the disk only when it needs their memory (File
 * Attribute Constants: FILE_ATTRIBUTE_TEMPORARY).  That is all it is for.
 */
static void
mark_temporary(uintptr_t handle)
{
	FILE_BASIC_INFO info = { .FileAttributes = FILE_ATTRIBUTE_TEMPORARY };

	(void)nt.SetFileInformationByHandle((HANDLE)handle, FileBasicInfo,
	    &info, sizeof(info));
}

static int
make_place(void)
{
	uint16_t *wide;
	int err;

	if ((err = nt_path(PLACE, &wide)) != 0)
		return err;
	if (!CreateDirectoryW((const wchar_t *)wide, NULL) &&
	    GetLastError() != ERROR_ALREADY_EXISTS)
		err = path_errno(wide, GetLastError());
	free(wide);
	return err;
}

int
shm_file_open(const char *name, int flags, mode_t mode, struct file **fp)
{
	char path[PATH_MAX_HERE];
	int err;

	if ((err = path_of(name, path)) != 0)
		return err;
	if ((flags & O_CREAT) && (err = make_place()) != 0)
		return err;
	flags &= O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC;
	if ((err = file_open(path, flags, mode, fp)) != 0)
		return err;
	if ((flags & O_CREAT) && (flags & O_ACCMODE) == O_RDWR)
		mark_temporary((*fp)->handle);
	return 0;
}

int
shm_file_unlink(const char *name)
{
	char path[PATH_MAX_HERE];
	int err;

	if ((err = path_of(name, path)) != 0)
		return err;
	return name_remove(AT_FDCWD, path, 0);
}

int
shm_anon_open(uintptr_t *handle)
{
	char path[PATH_MAX_HERE];
	unsigned long long id[2];
	uint16_t *wide;
	HANDLE h;
	int err;

	if ((err = make_place()) != 0)
		return err;
	nt_random(id, sizeof(id));
	(void)snprintf(path, sizeof(path), PLACE "/mem-%016llx%016llx", id[0],
	    id[1]);
	if ((err = nt_path(path, &wide)) != 0)
		return err;
	h = nt.CreateFileW((const wchar_t *)wide, GENERIC_READ |
	    GENERIC_WRITE | DELETE, SHARE_ALL, NULL, CREATE_NEW,
	    FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE |
	    FILE_FLAG_OVERLAPPED, NULL);
	if (h == INVALID_HANDLE_VALUE)
		err = path_errno(wide, GetLastError());
	free(wide);
	*handle = (uintptr_t)h;
	return err;
}
