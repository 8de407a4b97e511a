#include "fileio/console.h"

#include <stdatomic.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "signal/state.h"
#include "signal/wait.h"

/* The input's handle cannot be asked; and there may be no other one open. */
int
console_size(unsigned short *rows, unsigned short *columns)
{
	CONSOLE_SCREEN_BUFFER_INFO info;
	HANDLE out;
	int err = 0;

	out = nt.CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
	    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	if (out == INVALID_HANDLE_VALUE)
		return ENOTTY;
	if (GetConsoleScreenBufferInfo(out, &info)) {
		*rows = (unsigned short)(info.srWindow.Bottom -
		    info.srWindow.Top + 1);
		*columns = (unsigned short)(info.srWindow.Right -
		    info.srWindow.Left + 1);
	} else {
		err = nt_errno(GetLastError());
	}
	(void)CloseHandle(out);
	return err;
}

void
console_look(void)
{
	static atomic_uint known;
	unsigned short rows, columns;
	unsigned int now, before;

	if (console_size(&rows, &columns) != 0)
		return;
	now = (unsigned int)rows << 16 | columns;
	before = atomic_exchange(&known, now);
	if (before != 0 && before != now)
		(void)sig_post(SIGWINCH);
}
