#include "process/image.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"
#include "process/pe_nt.h"
#include "process/search.h"

#define HEAD 4096

char *
search_getenv(const char *name)
{
	wchar_t wide[64], *value;
	char *out = NULL;
	DWORD n;

	for (n = 0; n < 63 && name[n] != '\0'; n++)
		wide[n] = (wchar_t)(unsigned char)name[n];
	wide[n] = L'\0';
	if ((n = GetEnvironmentVariableW(wide, NULL, 0)) == 0 ||
	    (value = calloc(n + 1, sizeof(*value))) == NULL)
		return NULL;
	if (GetEnvironmentVariableW(wide, value, n + 1) > 0 &&
	    nt_utf8((uint16_t *)value, &out) != 0)
		out = NULL;
	free(value);
	return out;
}

/*
 * "#!interpreter argument": one argument, as Linux has it.  0, ENOEXEC, ENOMEM.
 */
static int
script_line(char *line, struct image *im)
{
	char *end = strpbrk(line, "\r\n"), *arg;

	if (end == NULL)
		return ENOEXEC;
	*end = '\0';
	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	line += strspn(line, " \t");
	if (*line == '\0')
		return ENOEXEC;
	arg = line + strcspn(line, " \t");
	if (*arg != '\0') {
		*arg++ = '\0';
		arg += strspn(arg, " \t");
		if ((im->argument = strdup(arg)) == NULL)
			return ENOMEM;
	}
	im->interpreter = strdup(line);
	im->sort = IMAGE_SCRIPT;
	return im->interpreter != NULL ? 0 : ENOMEM;
}

static int
has_ending(const uint16_t *path, const wchar_t *ending)
{
	size_t n = wcslen((const wchar_t *)path), m = wcslen(ending);

	return n > m && _wcsicmp((const wchar_t *)path + n - m, ending) == 0;
}

static int
sort_of(HANDLE h, struct image *im)
{
	char head[HEAD + 1];
	OVERLAPPED at = { 0 };
	DWORD n = 0;
	int err;

	if (!nt.ReadFile(h, head, HEAD, &n, &at) &&
	    GetLastError() != ERROR_HANDLE_EOF)
		return nt_errno(GetLastError());
	head[n] = '\0';
	if (n >= 2 && head[0] == 'M' && head[1] == 'Z') {
		im->sort = pe_has_compat(h) ? IMAGE_COMPAT : IMAGE_NATIVE;
		return 0;
	}
	if (has_ending(im->path, L".bat") || has_ending(im->path, L".cmd")) {
		im->sort = IMAGE_BATCH;
		return 0;
	}
	if (n >= 2 && head[0] == '#' && head[1] == '!' &&
	    (err = script_line(head + 2, im)) != ENOEXEC)
		return err;
	im->sort = IMAGE_TEXT;
	return 0;
}

/* Absolute, because the child may start in another directory. */
static int
make_absolute(uint16_t **path)
{
	DWORD n = GetFullPathNameW((wchar_t *)*path, 0, NULL, NULL);
	wchar_t *full;

	if (n == 0)
		return nt_errno(GetLastError());
	if ((full = malloc((n + 1) * sizeof(*full))) == NULL)
		return ENOMEM;
	if (GetFullPathNameW((wchar_t *)*path, n + 1, full, NULL) == 0) {
		free(full);
		return nt_errno(GetLastError());
	}
	free(*path);
	*path = (uint16_t *)full;
	return 0;
}

static int
look_at(const char *path, struct image *im)
{
	DWORD attributes;
	HANDLE h;
	int err;

	*im = (struct image){ 0 };
	if ((err = nt_path(path, &im->path)) != 0)
		return err;
	attributes = path_attributes(im->path);
	if (attributes != INVALID_FILE_ATTRIBUTES &&
	    (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
		err = EACCES;
		goto free_image;
	}
	h = nt.CreateFileW((wchar_t *)im->path, GENERIC_READ, SHARE_ALL, NULL,
	    OPEN_EXISTING, 0, NULL);
	if (h == INVALID_HANDLE_VALUE) {
		err = path_errno(im->path, GetLastError());
		goto free_image;
	}
	if ((err = sort_of(h, im)) == 0)
		err = make_absolute(&im->path);
	(void)CloseHandle(h);
	if (err == 0)
		return 0;
free_image:
	image_free(im);
	return err;
}

static int
look_with(const char *path, const char *ending, struct image *im)
{
	size_t n = strlen(path), m = strlen(ending) + 1;
	char *name;
	int err;

	if ((name = malloc(n + m)) == NULL)
		return ENOMEM;
	(void)memcpy(name, path, n);
	(void)memcpy(name + n, ending, m);
	err = look_at(name, im);
	free(name);
	return err;
}

int
image_find(const char *path, struct image *im)
{
	char *endings, *e, *next;
	int err, first;

	if ((first = look_at(path, im)) != ENOENT && first != EACCES)
		return first;
	endings = search_getenv("PATHEXT");
	if (endings == NULL && (endings = strdup(".COM;.EXE;.BAT;.CMD")) == NULL)
		return ENOMEM;
	err = first;
	for (e = endings; e != NULL && err == first; e = next) {
		if ((next = strchr(e, ';')) != NULL)
			*next++ = '\0';
		if (*e == '.' && (err = look_with(path, e, im)) != 0)
			err = err == ENOENT || err == EINVAL ? first : err;
	}
	free(endings);
	return err;
}

void
image_free(struct image *im)
{
	free(im->path);
	free(im->interpreter);
	free(im->argument);
	*im = (struct image){ 0 };
}
