#include "dlfcn/module.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/at_nt.h"
#include "fileio/names.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

#define PREFIX 4		/* of "\\?\C:\a" */
#define PLAIN_MAX 259

/*
 * Our names for the loader: as it is, where it would append ".dll" to a name
 * without a dot, unless it ends in one.
 */
static int
end_name(const uint16_t *path, wchar_t **out)
{
	const wchar_t *from = (const wchar_t *)path, *last;
	size_t n = wcslen(from);

	/* NT takes the name without \\?\ for what it is, if it is short. */
	if (n - PREFIX <= PLAIN_MAX && wcsncmp(from, L"\\\\?\\", PREFIX) == 0 &&
	    from[PREFIX] != L'\0' && from[PREFIX + 1] == L':') {
		from += PREFIX;
		n -= PREFIX;
	}
	last = wcsrchr(from, L'\\');
	if ((*out = calloc(n + 2, sizeof(**out))) == NULL)
		return ENOMEM;
	(void)memcpy(*out, from, n * sizeof(*from));
	if (wcschr(last != NULL ? last : from, L'.') == NULL)
		(*out)[n] = L'.';
	return 0;
}

/* The absolute path that a name with a slash means. */
static int
path_name(const char *file, wchar_t **out)
{
	struct at_name n;
	uint16_t *path;
	int err;

	if ((err = at_name(AT_FDCWD, file, &n)) != 0)
		return err;
	if ((err = at_win32(&n, &path)) == 0) {
		err = end_name(path, out);
		free(path);
	}
	at_free(&n);
	return err;
}

/* A bare name's path in $PATH; NULL: not there. */
static wchar_t *
search_path(const wchar_t *name)
{
	DWORD n = GetEnvironmentVariableW(L"PATH", NULL, 0), len;
	wchar_t *dirs, *path = NULL;

	if (n == 0 || (dirs = calloc(n + 1, sizeof(*dirs))) == NULL)
		return NULL;
	if (GetEnvironmentVariableW(L"PATH", dirs, n) != 0 &&
	    (len = SearchPathW(dirs, name, NULL, 0, NULL, NULL)) != 0 &&
	    (path = calloc(len + 1, sizeof(*path))) != NULL &&
	    SearchPathW(dirs, name, NULL, len, path, NULL) == 0) {
		free(path);
		path = NULL;
	}
	free(dirs);
	return path;
}

static uint32_t
load(const wchar_t *name, DWORD flags, HMODULE *module)
{
	DWORD old = 0, code;

	/* No box on the screen that says what we return. */
	(void)SetThreadErrorMode(SEM_FAILCRITICALERRORS |
	    SEM_NOOPENFILEERRORBOX, &old);
	*module = nt.LoadLibraryExW(name, NULL, flags);
	code = *module == NULL ? GetLastError() : 0;
	(void)SetThreadErrorMode(old, NULL);
	return code;
}

/* Not from the current directory, where NT's own search would look, too. */
static uint32_t
load_bare(const wchar_t *name, HMODULE *module)
{
	uint32_t code = load(name, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS, module);
	wchar_t *path;

	if (code != ERROR_MOD_NOT_FOUND || (path = search_path(name)) == NULL)
		return code;
	code = load(path, LOAD_WITH_ALTERED_SEARCH_PATH, module);
	free(path);
	return code;
}

static uint32_t
find_again(const wchar_t *name, HMODULE *module)
{
	return GetModuleHandleExW(0, name, module) ? 0 : GetLastError();
}

/* What can go wrong with a name before the loader sees it. */
static uint32_t
name_code(int err)
{
	switch (err) {
	case ENOMEM:
		return ERROR_NOT_ENOUGH_MEMORY;
	case ENAMETOOLONG:
		return ERROR_FILENAME_EXCED_RANGE;
	case EINVAL:
		return ERROR_INVALID_NAME;
	default:
		return ERROR_FILE_NOT_FOUND;
	}
}

static uint32_t
by_name(const char *file, int again, uintptr_t *module)
{
	int bare = strpbrk(file, "/\\:") == NULL, err;
	uint16_t *wide;
	wchar_t *name;
	uint32_t code;
	HMODULE h;

	if (!bare) {
		err = path_name(file, &name);
	} else if ((err = nt_wide(file, &wide)) == 0) {
		err = end_name(wide, &name);
		free(wide);
	}
	if (err != 0)
		return name_code(err);
	if (again)
		code = find_again(name, &h);
	else if (bare)
		code = load_bare(name, &h);
	else
		code = load(name, LOAD_WITH_ALTERED_SEARCH_PATH, &h);
	/* The loader says the same of a library that this one needs. */
	if (code == ERROR_MOD_NOT_FOUND && !bare && !again &&
	    GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES)
		code = ERROR_FILE_NOT_FOUND;
	free(name);
	*module = (uintptr_t)h;
	return code;
}

uint32_t
module_load(const char *file, uintptr_t *module)
{
	return by_name(file, 0, module);
}

uint32_t
module_again(const char *file, uintptr_t *module)
{
	return by_name(file, 1, module);
}

void
module_pin(uintptr_t module)
{
	HMODULE same;

	(void)GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN |
	    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)module, &same);
}

void
module_unload(uintptr_t module)
{
	(void)FreeLibrary((HMODULE)module);
}

const char *
module_reason(uint32_t code)
{
	switch (code) {
	case ERROR_MOD_NOT_FOUND:
		return "it, or a library that it needs, was not found";
	case ERROR_PROC_NOT_FOUND:
		return "a library that it needs lacks one of its symbols";
	case ERROR_BAD_EXE_FORMAT:
		return "no library for this processor";
	case ERROR_DLL_INIT_FAILED:
		return "its initialisation failed";
	default:
		return strerror(nt_errno(code));
	}
}

uintptr_t
module_program(void)
{
	return (uintptr_t)GetModuleHandleW(NULL);
}

uintptr_t
module_of(const void *addr)
{
	HMODULE h;

	if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
	    GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, (LPCWSTR)addr, &h))
		return 0;
	return (uintptr_t)h;
}

/* NT's name of a module's file; free() it. */
static wchar_t *
file_name(uintptr_t module)
{
	DWORD size = MAX_PATH, n;
	wchar_t *name;

	for (;; size *= 2) {
		if ((name = calloc(size, sizeof(*name))) == NULL)
			return NULL;
		n = GetModuleFileNameW((HMODULE)module, name, size);
		if (n > 0 && n < size)
			return name;
		free(name);
		if (n == 0 || size > 65536)
			return NULL;
	}
}

int
module_is_system(uintptr_t module)
{
	wchar_t dir[MAX_PATH], *name;
	UINT n = GetSystemWindowsDirectoryW(dir, MAX_PATH);
	int yes;

	if (n == 0 || n >= MAX_PATH || (name = file_name(module)) == NULL)
		return 0;
	yes = _wcsnicmp(name, dir, n) == 0 && name[n] == L'\\';
	free(name);
	return yes;
}

int
module_path(uintptr_t module, char **path)
{
	wchar_t *name;
	int err;

	if ((name = file_name(module)) == NULL)
		return ENOMEM;
	err = path_text((uint16_t *)name, path);
	free(name);
	return err;
}

unsigned
module_all(uintptr_t **all)
{
	DWORD size = 256 * sizeof(HMODULE), need;

	for (;; size = need) {
		if ((*all = malloc(size)) == NULL)
			return 0;
		if (!EnumProcessModules(GetCurrentProcess(), (HMODULE *)*all,
		    size, &need))
			return 0;
		if (need <= size)
			return need / sizeof(HMODULE);
		free(*all);
	}
}
