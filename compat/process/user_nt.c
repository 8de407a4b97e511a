#include "process/user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/errmap.h"
#include "nt/nt.h"
#include "nt/path.h"
#include "process/image.h"
#include "process/search.h"

#define NAME_UNITS 257			/* UNLEN + 1 */

int
user_name(char **name)
{
	wchar_t wide[NAME_UNITS];
	DWORD n = NAME_UNITS;

	if (!GetUserNameW(wide, &n))
		return nt_errno(GetLastError());
	return nt_utf8((uint16_t *)wide, name);
}

static void
to_slashes(char *path)
{
	for (; (path = strchr(path, '\\')) != NULL; path++)
		*path = '/';
}

int
user_home(char **home)
{
	if ((*home = search_getenv("HOME")) == NULL &&
	    (*home = search_getenv("USERPROFILE")) == NULL &&
	    (*home = strdup("/")) == NULL)
		return ENOMEM;
	to_slashes(*home);
	return 0;
}

/* As shell_spawn() has it. */
int
user_shell(char **shell)
{
	struct image im;
	int err = 0;

	if ((*shell = search_getenv("COMPAT_SHELL")) == NULL) {
		if (search_path("sh", &im) == 0) {
			err = nt_utf8(im.path, shell);
			image_free(&im);
		} else if ((*shell = search_getenv("ComSpec")) == NULL &&
		    (*shell = strdup("cmd.exe")) == NULL) {
			err = ENOMEM;
		}
	}
	if (err == 0)
		to_slashes(*shell);
	return err;
}

int
system_directory(char **dir)
{
	wchar_t wide[MAX_PATH];
	UINT n = GetSystemDirectoryW(wide, MAX_PATH);
	int err;

	if (n == 0 || n >= MAX_PATH)
		return EIO;
	if ((err = nt_utf8((uint16_t *)wide, dir)) == 0)
		to_slashes(*dir);
	return err;
}

/* Not by GetVersionEx(), which says what the program's manifest wants. */
NTSTATUS NTAPI RtlGetVersion(OSVERSIONINFOW *);

void
system_version(char *release, size_t room, char *version, size_t vroom)
{
	OSVERSIONINFOW info = { .dwOSVersionInfoSize = sizeof(info) };

	(void)RtlGetVersion(&info);
	(void)snprintf(release, room, "%lu.%lu", info.dwMajorVersion,
	    info.dwMinorVersion);
	(void)snprintf(version, vroom, "%lu", info.dwBuildNumber);
}
