#include "process/thread_name.h"

#include <stdlib.h>
#include <string.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"
#include "process/handoff.h"

typedef HRESULT (WINAPI *set_fn)(HANDLE, PCWSTR);
typedef HRESULT (WINAPI *get_fn)(HANDLE, PWSTR *);

/* Not in the kernel32 of the first Windows 10. */
static FARPROC
late(const char *name)
{
	return nt_lookup(L"kernelbase.dll", name);
}

/* Copy what there is room for, and no part of a character. */
static void
cut(char to[THREAD_NAME_SIZE], const char *from)
{
	size_t n = strnlen(from, THREAD_NAME_SIZE);

	if (n == THREAD_NAME_SIZE)
		while ((from[--n] & 0xc0) == 0x80 && n > 0)
			continue;
	(void)memcpy(to, from, n);
	to[n] = '\0';
}

int
thread_name_set(const char *name)
{
	wchar_t wide[THREAD_NAME_SIZE];
	char text[THREAD_NAME_SIZE];
	set_fn set = (set_fn)(void *)late("SetThreadDescription");

	if (name == NULL)
		return EFAULT;
	cut(text, name);
	if (set == NULL || MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS,
	    text, -1, wide, THREAD_NAME_SIZE) == 0)
		return EINVAL;
	return SUCCEEDED(set(GetCurrentThread(), wide)) ? 0 : ENOMEM;
}

static int
program_name(char name[THREAD_NAME_SIZE])
{
	char *path, *line, *last;
	int err;

	if ((err = startup_words(&path, &line)) != 0)
		return err;
	last = strrchr(path, '\\');
	cut(name, last != NULL ? last + 1 : path);
	free(path);
	free(line);
	return 0;
}

int
thread_name_get(char name[THREAD_NAME_SIZE])
{
	get_fn get = (get_fn)(void *)late("GetThreadDescription");
	wchar_t *wide;
	char *text;
	int err;

	if (name == NULL)
		return EFAULT;
	if (get == NULL)
		return EINVAL;
	if (FAILED(get(GetCurrentThread(), &wide)))
		return ENOMEM;
	err = nt_utf8((const uint16_t *)wide, &text);
	(void)LocalFree(wide);
	if (err != 0)
		return err;
	cut(name, text);
	free(text);
	return name[0] != '\0' ? 0 : program_name(name);
}
