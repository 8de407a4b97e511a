#include "process/cmdline_nt.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "nt/errmap.h"
#include "process/needed.h"

#define LINE_MAX_UNITS 32767		/* with the NUL; CreateProcess */

int
wide_make(const char *s, wchar_t **out)
{
	int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, s, -1, NULL,
	    0);

	if (n == 0)
		return GetLastError() == ERROR_NO_UNICODE_TRANSLATION ?
		    EILSEQ : nt_errno(GetLastError());
	if ((*out = malloc((size_t)n * sizeof(**out))) == NULL)
		return ENOMEM;
	(void)MultiByteToWideChar(CP_UTF8, 0, s, -1, *out, n);
	return 0;
}

/*
 * In quotes always, so that nothing is split, and no wildcard expanded.  A
 * backslash means itself but before a quote, where it takes two (Microsoft,
 * "Parsing C command-line arguments").
 */
static size_t
quote(const char *arg, char *to)
{
	size_t n = 0, slashes = 0;

	to[n++] = '"';
	for (; *arg != '\0'; arg++) {
		if (*arg == '"') {
			for (; slashes > 0; slashes--)
				to[n++] = '\\';
			to[n++] = '\\';
		}
		slashes = *arg == '\\' ? slashes + 1 : 0;
		to[n++] = *arg;
	}
	for (; slashes > 0; slashes--)
		to[n++] = '\\';
	to[n++] = '"';
	return n;
}

/* The first word has no escapes: the CRT reads to the next quote. */
static size_t
quote_first(const char *arg, char *to)
{
	size_t n = strlen(arg);

	to[0] = '"';
	(void)memcpy(to + 1, arg, n);
	to[n + 1] = '"';
	return n + 2;
}

/*
 * NT gives a batch file to cmd.exe, which sees more in its line than words:
 * nothing may be there that it could take for a command.
 */
static int
is_safe_for_batch(char *const argv[])
{
	for (; *argv != NULL; argv++)
		if (strpbrk(*argv, "\"%!&|<>^()\r\n") != NULL)
			return 0;
	return 1;
}

static size_t
room_for(char *const argv[])
{
	size_t n = 1;

	for (; *argv != NULL; argv++)
		n += 2 * strlen(*argv) + 3;
	return n;
}

int
cmdline_make(const struct image *im, char *const argv[], wchar_t **line)
{
	char *bytes;
	size_t n = 0;
	int err, i;

	if (argv[0] != NULL && strchr(argv[0], '"') != NULL)
		return EINVAL;
	if (im->sort == IMAGE_BATCH && !is_safe_for_batch(argv))
		return EINVAL;
	if ((bytes = malloc(room_for(argv))) == NULL)
		return ENOMEM;
	for (i = 0; argv[i] != NULL; i++) {
		n += i == 0 ? quote_first(argv[i], bytes) :
		    quote(argv[i], bytes + n);
		bytes[n++] = ' ';
	}
	bytes[n > 0 ? n - 1 : 0] = '\0';
	err = wide_make(bytes, line);
	free(bytes);
	if (err == 0 && wcslen(*line) >= LINE_MAX_UNITS) {
		free(*line);
		*line = NULL;
		err = E2BIG;
	}
	return err;
}

static size_t
name_length(const wchar_t *s)
{
	return *s != L'\0' ? 1 + wcscspn(s + 1, L"=") : 0;
}

static int
compare(const void *a, const void *b)
{
	const wchar_t *x = *(wchar_t *const *)a, *y = *(wchar_t *const *)b;
	int order = CompareStringOrdinal(x, (int)name_length(x), y,
	    (int)name_length(y), TRUE);

	return order != 0 ? order - CSTR_EQUAL : 0;
}

/* What NT's own libraries need to find their files: LIM-PROC-5. */
static const wchar_t *const needed[] = {
	L"SystemDrive", L"SystemRoot", L"windir"
};
#define NEEDED (sizeof(needed) / sizeof(needed[0]))

static int
is_there(wchar_t *const list[], size_t n, const wchar_t *name, size_t len)
{
	while (n-- > 0)
		if (name_length(list[n]) == len &&
		    _wcsnicmp(list[n], name, len) == 0)
			return 1;
	return 0;
}

static wchar_t *
ours(const wchar_t *name)
{
	DWORD n = GetEnvironmentVariableW(name, NULL, 0);
	size_t len = wcslen(name);
	wchar_t *s;

	if (n == 0 || (s = malloc((len + 1 + n) * sizeof(*s))) == NULL)
		return NULL;
	(void)wcscpy(s, name);
	s[len] = L'=';
	(void)GetEnvironmentVariableW(name, s + len + 1, n);
	return s;
}

int
needed_keep(int (*fn)(void))
{
	wchar_t *kept[NEEDED];
	size_t i;
	int err;

	for (i = 0; i < NEEDED; i++)
		kept[i] = ours(needed[i]);
	err = fn();
	for (i = 0; i < NEEDED; i++) {
		if (kept[i] != NULL)
			(void)SetEnvironmentVariableW(needed[i],
			    kept[i] + wcslen(needed[i]) + 1);
		free(kept[i]);
	}
	return err;
}

/* Sorted, as NT wants it; each with its NUL, and one more. */
static int
join(wchar_t *list[], size_t n, wchar_t **block)
{
	size_t i, len, units = 2;
	wchar_t *to;

	qsort(list, n, sizeof(*list), compare);
	for (i = 0; i < n; i++)
		units += wcslen(list[i]) + 1;
	if ((*block = to = malloc(units * sizeof(*to))) == NULL)
		return ENOMEM;
	for (i = 0; i < n; i++) {
		len = wcslen(list[i]) + 1;
		(void)memcpy(to, list[i], len * sizeof(*to));
		to += len;
	}
	to[0] = to[1] = L'\0';
	return 0;
}

/* The last of the list, unless its name was there: getenv() finds the first. */
static size_t
keep_first(wchar_t *list[], size_t n)
{
	if (!is_there(list, n, list[n], name_length(list[n])))
		return n + 1;
	free(list[n]);
	return n;
}

int
environ_make(char *const envp[], wchar_t **block)
{
	wchar_t **list;
	size_t i, n = 0, count = 0;
	int err = 0;

	*block = NULL;
	if (envp == NULL || (envp == (char *const *)_environ &&
	    !environ_is_foreign()))
		return 0;
	while (envp[count] != NULL)
		count++;
	if ((list = calloc(count + NEEDED, sizeof(*list))) == NULL)
		return ENOMEM;
	for (i = 0; i < count && err == 0; i++)
		if (strchr(envp[i], '=') != NULL &&
		    (err = wide_make(envp[i], &list[n])) == 0)
			n = keep_first(list, n);
	for (i = 0; i < NEEDED && err == 0; i++)
		if (!is_there(list, n, needed[i], wcslen(needed[i])) &&
		    (list[n] = ours(needed[i])) != NULL)
			n++;
	if (err == 0)
		err = join(list, n, block);
	while (n > 0)
		free(list[--n]);
	free(list);
	return err;
}
