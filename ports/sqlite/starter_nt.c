/*
 * starter -c "COMMAND &": start COMMAND and do not wait for it.  That is all
 * that mptest asks of a shell, and what NT's own does not do; system() finds
 * it by $COMPAT_SHELL.
 */
#include "nt/nt.h"

#include <wchar.h>

int wmain(int, wchar_t **);

int
wmain(int argc, wchar_t **argv)
{
	STARTUPINFOW start = { .cb = sizeof(start) };
	PROCESS_INFORMATION process;
	wchar_t *end;

	if (argc != 3 || wcscmp(argv[1], L"-c") != 0)
		return 2;
	end = argv[2] + wcslen(argv[2]);
	while (end > argv[2] && (end[-1] == L'&' || end[-1] == L' '))
		*--end = L'\0';
	if (!CreateProcessW(NULL, argv[2], NULL, NULL, TRUE, 0, NULL, NULL,
	    &start, &process))
		return 1;
	(void)CloseHandle(process.hThread);
	(void)CloseHandle(process.hProcess);
	return 0;
}
