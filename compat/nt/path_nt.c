#include "nt/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "nt/errmap.h"
#include "nt/nt.h"

/* The longest path NT takes, in UTF-16 units with the NUL. */
#define PATH_UNITS 32767

/*
 * CreateFileW takes 259 units; CreateDirectoryW less, because room for an 8.3
 * name must remain.  From here on a path is made absolute, with \\?\.
 */
#define PATH_PLAIN 247

static int
is_separator(wchar_t c)
{
	return c == L'\\' || c == L'/';
}

static int
is_letter(wchar_t c)
{
	return (c >= L'a' && c <= L'z') || (c >= L'A' && c <= L'Z');
}

/*
 * Names that NT takes for devices, in any directory and with any extension
 * (since Windows 11 only without): a file called so could never be removed by
 * other programs.
 */
static int
is_device(const wchar_t *s, size_t len)
{
	static const wchar_t *const name[] = { L"CON", L"PRN", L"AUX", L"NUL",
	    L"CONIN$", L"CONOUT$" };
	size_t i, base;

	for (base = 0; base < len && s[base] != L'.'; base++)
		;
	while (base > 0 && s[base - 1] == L' ')
		base--;
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (wcslen(name[i]) == base && _wcsnicmp(s, name[i], base) == 0)
			return 1;
	/* Superscript one, two and three are digits too. */
	return base == 4 && wcschr(L"123456789\x00b9\x00b2\x00b3", s[3]) &&
	    (_wcsnicmp(s, L"COM", 3) == 0 || _wcsnicmp(s, L"LPT", 3) == 0);
}

/*
 * One name of a path.  NT would drop dots and spaces at its end, and open a
 * file of another name.
 */
int
nt_check_name(const uint16_t *name, size_t len)
{
	const wchar_t *s = (const wchar_t *)name;
	size_t i;

	if ((len == 1 && s[0] == L'.') ||
	    (len == 2 && s[0] == L'.' && s[1] == L'.'))
		return 0;
	if (len > 255)
		return ENAMETOOLONG;
	for (i = 0; i < len; i++)
		if (s[i] < 32 || wcschr(L"<>:\"|?*", s[i]) != NULL)
			return EINVAL;
	if (s[len - 1] == L'.' || s[len - 1] == L' ' || is_device(s, len))
		return EINVAL;
	return 0;
}

/* Turn the separators, check the names after the root. */
static int
check_path(wchar_t *s)
{
	wchar_t *p;
	size_t len;
	int err;

	for (p = s; *p != L'\0'; p++)
		if (*p == L'/')
			*p = L'\\';
	p = s;
	if (wcsncmp(p, L"\\\\?\\", 4) == 0 || wcsncmp(p, L"\\\\.\\", 4) == 0)
		return 0;
	if (is_letter(p[0]) && p[1] == L':') {
		p += 2;
		if (*p != L'\0' && !is_separator(*p))
			return EINVAL;	/* LIM-FILE-2 */
	}
	while (*p != L'\0') {
		len = wcscspn(p, L"\\");
		if (len > 0 &&
		    (err = nt_check_name((uint16_t *)p, len)) != 0)
			return err;
		p += len;
		while (is_separator(*p))
			p++;
	}
	return 0;
}

/* Replace *s by the absolute path with \\?\ before it. */
static int
make_long(wchar_t **s)
{
	const wchar_t *prefix = L"\\\\?\\";
	wchar_t *full, *from;
	DWORD need, len;
	size_t size;

	if ((need = GetFullPathNameW(*s, 0, NULL, NULL)) == 0)
		return nt_errno(GetLastError());
	if (need >= PATH_UNITS - 8)
		return ENAMETOOLONG;
	size = need + 9;
	if ((full = malloc(size * sizeof(*full))) == NULL)
		return ENOMEM;
	from = full + 8;
	len = GetFullPathNameW(*s, need, from, NULL);
	if (len == 0 || len >= need) {
		free(full);
		return EIO;	/* the current directory changed meanwhile */
	}
	if (is_separator(from[0]) && is_separator(from[1])) {
		prefix = L"\\\\?\\UNC";
		from++;
		len--;
	}
	(void)memmove(full + wcslen(prefix), from, (len + 1) * sizeof(*full));
	(void)memcpy(full, prefix, wcslen(prefix) * sizeof(*full));
	free(*s);
	*s = full;
	return 0;
}

/* UTF-8 to UTF-16, behind room for other units. */
static int
from_utf8(const char *s, size_t room, wchar_t **out)
{
	wchar_t *w;
	int n;

	n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, s, -1, NULL, 0);
	if (n == 0)
		return EINVAL;
	if ((size_t)n + room > PATH_UNITS)
		return ENAMETOOLONG;
	if ((w = malloc(((size_t)n + room) * sizeof(*w))) == NULL)
		return ENOMEM;
	(void)MultiByteToWideChar(CP_UTF8, 0, s, -1, w + room, n);
	*out = w;
	return 0;
}

/* The directory for temporary files, without the separator at its end. */
static int
temp_dir(wchar_t *dir)
{
	DWORD n;

	n = GetTempPathW(MAX_PATH + 1, dir);
	if (n == 0 || n > MAX_PATH)
		return ENOENT;
	while (n > 0 && is_separator(dir[n - 1]))
		dir[--n] = L'\0';
	return 0;
}

/*
 * A program that knows '/' as the only root puts one before C:/x, and finds its
 * way there from / name by name (SQLite does): /C: is the root of C:, and so is
 * C:, which to NT is the current directory there.
 */
static const char *
drive_path(const char *path, char root[4])
{
	const char *p = path;

	if (*p == '/' || *p == '\\')
		p++;
	if (!is_letter((unsigned char)p[0]) || p[1] != ':')
		return path;
	if (p[2] == '\0') {
		(void)snprintf(root, 4, "%c:/", p[0]);
		return root;
	}
	return p[2] == '/' || p[2] == '\\' ? p : path;
}

int
nt_wide(const char *path, uint16_t **out)
{
	wchar_t dir[MAX_PATH + 1], *w;
	char root[4];
	size_t len;
	int err;

	path = drive_path(path, root);
	if (strncmp(path, "/tmp", 4) != 0 ||
	    (path[4] != '\0' && path[4] != '/')) {
		if ((err = from_utf8(path, 0, &w)) == 0)
			*out = (uint16_t *)w;
		return err;
	}
	if ((err = temp_dir(dir)) != 0)
		return err;
	len = wcslen(dir);
	if ((err = from_utf8(path + 4, len, &w)) != 0)
		return err;
	(void)memcpy(w, dir, len * sizeof(*dir));
	*out = (uint16_t *)w;
	return 0;
}

int
nt_path(const char *path, uint16_t **out)
{
	uint16_t *wide;
	wchar_t *w;
	int err;

	if (path == NULL)
		return EFAULT;
	if (path[0] == '\0')
		return ENOENT;
	if (strlen(path) >= NT_PATH_BYTES)
		return ENAMETOOLONG;
	if (strcmp(path, "/dev/null") == 0) {
		*out = (uint16_t *)_wcsdup(L"NUL");
		return *out != NULL ? 0 : ENOMEM;
	}
	if ((err = nt_wide(path, &wide)) != 0)
		return err;
	w = (wchar_t *)wide;
	if ((err = check_path(w)) != 0)
		goto free_path;
	if (wcslen(w) > PATH_PLAIN && wcsncmp(w, L"\\\\?\\", 4) != 0 &&
	    (err = make_long(&w)) != 0)
		goto free_path;
	*out = (uint16_t *)w;
	return 0;

free_path:
	free(w);
	return err;
}

int
nt_utf8(const uint16_t *wide, char **out)
{
	char *s;
	int n;

	n = WideCharToMultiByte(CP_UTF8, 0, (const wchar_t *)wide, -1, NULL, 0,
	    NULL, NULL);
	if (n == 0)
		return nt_errno(GetLastError());
	if ((s = malloc((size_t)n)) == NULL)
		return ENOMEM;
	(void)WideCharToMultiByte(CP_UTF8, 0, (const wchar_t *)wide, -1, s, n,
	    NULL, NULL);
	*out = s;
	return 0;
}
