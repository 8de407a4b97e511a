#include "fileio/console.h"

#include "fd/lock.h"
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

/*
 * Looks at once take turns: one that asks before a change and compares after it
 * would tell of a change back that never was.
 */
int
console_look(int tell)
{
	static struct lock lock;
	static unsigned int known;
	unsigned short rows, columns;
	unsigned int now;
	int changed = 0;

	lock_write(&lock);
	if (console_size(&rows, &columns) == 0) {
		now = (unsigned int)rows << 16 | columns;
		changed = known != 0 && known != now;
		if (tell || known == 0)
			known = now;
	}
	unlock_write(&lock);
	if (changed && tell)
		(void)sig_post(SIGWINCH);
	return changed;
}
