/*
 * starter /c COMMAND &: start COMMAND and do not wait for it.  That is all
 * that mptest asks of a shell, and what NT's own does not do; it is found by
 * $COMSPEC.
 */
#include "nt/nt.h"

#include <wchar.h>

int
main(void)
{
	STARTUPINFOW start = { .cb = sizeof(start) };
	PROCESS_INFORMATION process;
	wchar_t *command, *end;

	if ((command = wcsstr(GetCommandLineW(), L" /c ")) == NULL)
		return 2;
	command += 4;
	end = command + wcslen(command);
	while (end > command && (end[-1] == L'&' || end[-1] == L' '))
		*--end = L'\0';
	if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL,
	    &start, &process))
		return 1;
	(void)CloseHandle(process.hThread);
	(void)CloseHandle(process.hProcess);
	return 0;
}
