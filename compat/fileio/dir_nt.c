#include "fileio/dir.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

struct dir_scan {
	HANDLE find;		/* INVALID_HANDLE_VALUE: not begun */
	int done;
	wchar_t pattern[];
};

int
dir_open(const char *path, struct dir_scan **sp)
{
	struct dir_scan *s;
	uint16_t *wide;
	size_t len;
	DWORD a;
	int err;

	if ((err = nt_path(path, &wide)) != 0)
		return err;
	if ((a = path_attributes(wide)) == INVALID_FILE_ATTRIBUTES) {
		err = path_errno(wide, GetLastError());
		goto free_path;
	}
	err = ENOTDIR;
	if (!(a & FILE_ATTRIBUTE_DIRECTORY))
		goto free_path;
	len = wcslen((wchar_t *)wide);
	err = ENOMEM;
	if ((s = malloc(sizeof(*s) + (len + 3) * sizeof(wchar_t))) == NULL)
		goto free_path;
	(void)memcpy(s->pattern, wide, len * sizeof(wchar_t));
	if (wide[len - 1] != L'\\')
		s->pattern[len++] = L'\\';
	s->pattern[len++] = L'*';
	s->pattern[len] = L'\0';
	s->find = INVALID_HANDLE_VALUE;
	s->done = 0;
	*sp = s;
	err = 0;
free_path:
	free(wide);
	return err;
}

/* 0, or ERROR_NO_MORE_FILES at the end. */
static DWORD
next(struct dir_scan *s, WIN32_FIND_DATAW *data)
{
	if (s->done)
		return ERROR_NO_MORE_FILES;
	if (s->find != INVALID_HANDLE_VALUE)
		return FindNextFileW(s->find, data) ? 0 : GetLastError();
	s->find = FindFirstFileW(s->pattern, data);
	return s->find != INVALID_HANDLE_VALUE ? 0 : GetLastError();
}

static unsigned char
type_of(const WIN32_FIND_DATAW *data)
{
	if (data->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
		return DT_UNKNOWN;
	return data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? DT_DIR :
	    DT_UNKNOWN;
}

/*
 * d_type is DT_UNKNOWN for what could be a socket's node; POSIX programs then
 * call lstat.  d_ino is a hash of the name: NT tells the file's number only
 * for an open file (LIM-FILE-7).
 */
int
dir_next(struct dir_scan *s, struct dirent *e, int *end)
{
	WIN32_FIND_DATAW data;
	const char *p;
	DWORD code;
	int n;

	*end = 0;
	if ((code = next(s, &data)) != 0) {
		s->done = *end = code == ERROR_NO_MORE_FILES ||
		    code == ERROR_FILE_NOT_FOUND;
		return *end ? 0 : nt_errno(code);
	}
	n = WideCharToMultiByte(CP_UTF8, 0, data.cFileName, -1, e->d_name,
	    (int)sizeof(e->d_name), NULL, NULL);
	if (n == 0)
		return nt_errno(GetLastError());
	e->d_type = type_of(&data);
	e->d_reclen = sizeof(*e);
	e->d_ino = 14695981039346656037ULL;
	for (p = e->d_name; *p != '\0'; p++)
		e->d_ino = (e->d_ino ^ (unsigned char)*p) * 1099511628211ULL;
	return 0;
}

void
dir_rewind(struct dir_scan *s)
{
	if (s->find != INVALID_HANDLE_VALUE)
		(void)FindClose(s->find);
	s->find = INVALID_HANDLE_VALUE;
	s->done = 0;
}

void
dir_close(struct dir_scan *s)
{
	dir_rewind(s);
	free(s);
}
