#include "support/term.h"

#include <stdio.h>

#include "nt/nt.h"

#define LINES (ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT)

static HANDLE in = INVALID_HANDLE_VALUE;

static void
put(const INPUT_RECORD *r)
{
	DWORD n;

	if (!WriteConsoleInputW(in, r, 1, &n))
		(void)fprintf(stderr, "console: %lu\n", GetLastError());
}

static int
open_console(void)
{
	DWORD mode;

	in = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE,
	    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	return in != INVALID_HANDLE_VALUE && GetConsoleMode(in, &mode);
}

/* Wine makes one, but nobody can type into it, unless it has a terminal. */
const char *
term_start(void)
{
	if (open_console())
		return "/dev/tty";
	(void)FreeConsole();
	if (AllocConsole() && open_console())
		return "/dev/tty";
	(void)fprintf(stderr, "no console: %lu\n", GetLastError());
	return NULL;
}

void
term_lead(int fd)
{
	(void)fd;
}

/* The last row or column of what the old window and the new one share. */
static SHORT
least(SHORT first, SHORT last, SHORT size)
{
	return last - first < size ? (SHORT)(last - first) : (SHORT)(size - 1);
}

/*
 * The buffer is as large as the window, as in a terminal of our days.  A window
 * that only grows, or only shrinks, has no third size in between: somebody who
 * looks then would tell of it.
 */
static int
set_size(HANDLE out, SHORT rows, SHORT columns)
{
	CONSOLE_SCREEN_BUFFER_INFO old;
	SMALL_RECT all = { 0, 0, (SHORT)(columns - 1), (SHORT)(rows - 1) };
	SMALL_RECT both = all;
	COORD size = { columns, rows };

	if (!GetConsoleScreenBufferInfo(out, &old))
		return -1;
	both.Right = least(old.srWindow.Left, old.srWindow.Right, columns);
	both.Bottom = least(old.srWindow.Top, old.srWindow.Bottom, rows);
	return SetConsoleWindowInfo(out, TRUE, &both) &&
	    SetConsoleScreenBufferSize(out, size) &&
	    SetConsoleWindowInfo(out, TRUE, &all) ? 0 : -1;
}

int
term_resize(int rows, int columns)
{
	INPUT_RECORD r = { .EventType = WINDOW_BUFFER_SIZE_EVENT };
	HANDLE out;
	int failed;

	out = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
	    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	failed = set_size(out, (SHORT)rows, (SHORT)columns);
	(void)CloseHandle(out);
	r.Event.WindowBufferSizeEvent.dwSize = (COORD){ (SHORT)columns,
	    (SHORT)rows };
	put(&r);
	return failed;
}

void
term_raw(int fd, int on)
{
	DWORD mode;

	(void)fd;
	(void)GetConsoleMode(in, &mode);
	(void)SetConsoleMode(in, on ? mode & ~(DWORD)LINES : mode | LINES);
}

static void
key(WCHAR c, int down)
{
	INPUT_RECORD r = { .EventType = KEY_EVENT };
	KEY_EVENT_RECORD *k = &r.Event.KeyEvent;

	k->bKeyDown = down;
	k->wRepeatCount = 1;
	k->wVirtualKeyCode = c == L'\r' ? VK_RETURN : 0;
	k->uChar.UnicodeChar = c;
	put(&r);
}

void
term_type(const char *text)
{
	WCHAR c;

	for (; *text != '\0'; text++) {
		c = *text == '\n' ? L'\r' : (WCHAR)*text;
		key(c, 1);
		key(c, 0);
	}
}

void
term_disturb(void)
{
	INPUT_RECORD r = { .EventType = MOUSE_EVENT };

	r.Event.MouseEvent.dwEventFlags = MOUSE_MOVED;
	put(&r);
	r = (INPUT_RECORD){ .EventType = WINDOW_BUFFER_SIZE_EVENT };
	r.Event.WindowBufferSizeEvent.dwSize = (COORD){ 80, 25 };
	put(&r);
	r = (INPUT_RECORD){ .EventType = FOCUS_EVENT };
	put(&r);
	r = (INPUT_RECORD){ .EventType = KEY_EVENT };
	r.Event.KeyEvent.wVirtualKeyCode = VK_SHIFT;
	r.Event.KeyEvent.bKeyDown = TRUE;
	r.Event.KeyEvent.wRepeatCount = 1;
	put(&r);
	r.Event.KeyEvent.bKeyDown = FALSE;
	put(&r);
}
