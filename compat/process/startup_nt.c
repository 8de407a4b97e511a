/* What the parent handed over, on the child's side. */
#include "process/handoff.h"

#include <stdlib.h>
#include <string.h>

#include "nt/errmap.h"
#include "nt/nt.h"
#include "nt/path.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static const struct handoff *handoff;
static HANDLE section;
static enum handoff_role role;
static int32_t ppid;
static uint32_t doorkeeper;

/* Of no use to CreateProcess beyond this: LIM-PROC-8. */
static wchar_t dir[MAX_PATH];

/* Nothing in it is believed that does not fit into it. */
static int
is_good(const struct handoff *h, SIZE_T room)
{
	return room >= sizeof(*h) && h->magic == HANDOFF_MAGIC &&
	    h->version == HANDOFF_VERSION && h->size <= room &&
	    h->records <= room / sizeof(struct hand_record) &&
	    h->fds <= room / sizeof(struct hand_fd) &&
	    sizeof(*h) + h->records * sizeof(struct hand_record) +
	    h->fds * sizeof(struct hand_fd) <= h->size;
}

static void
map(HANDLE from)
{
	MEMORY_BASIC_INFORMATION info;
	void *view;

	view = MapViewOfFile(from, FILE_MAP_READ, 0, 0, 0);
	if (view == NULL)
		return;
	if (VirtualQuery(view, &info, sizeof(info)) == 0 ||
	    !is_good(view, info.RegionSize)) {
		(void)UnmapViewOfFile(view);
		return;
	}
	handoff = view;
	section = from;
	role = (enum handoff_role)handoff->role;
	ppid = handoff->ppid;
	if (role == HANDOFF_HEIR)
		doorkeeper = handoff->pid;
}

/*
 * The trailer stands behind what the CRT finds in lpReserved2, at the end.
 * Who starts programs with the STARTUPINFO that he got himself, as some
 * launchers do, hands it on.
 */
static BOOL CALLBACK
find(INIT_ONCE *o, void *arg, void **ctx)
{
	struct handoff_trailer trailer;
	STARTUPINFOW si;

	(void)o;
	(void)arg;
	(void)ctx;
	if (GetCurrentDirectoryW(MAX_PATH, dir) >= MAX_PATH)
		dir[0] = L'\0';
	GetStartupInfoW(&si);
	if (si.lpReserved2 == NULL || si.cbReserved2 < sizeof(trailer))
		return TRUE;
	(void)memcpy(&trailer, si.lpReserved2 + si.cbReserved2 -
	    sizeof(trailer), sizeof(trailer));
	if (trailer.magic == HANDOFF_MAGIC &&
	    trailer.version == HANDOFF_VERSION)
		map((HANDLE)(uintptr_t)trailer.section);
	return TRUE;
}

const struct handoff *
startup_handoff(void)
{
	(void)InitOnceExecuteOnce(&once, find, NULL, NULL);
	return handoff;
}

void
startup_done(void)
{
	if (handoff == NULL)
		return;
	(void)UnmapViewOfFile(handoff);
	(void)CloseHandle(section);
	handoff = NULL;
	section = NULL;
}

enum handoff_role
startup_role(void)
{
	(void)startup_handoff();
	return role;
}

int32_t
startup_ppid(void)
{
	(void)startup_handoff();
	return ppid;
}

int
startup_dir(char **path)
{
	(void)startup_handoff();
	return dir[0] != L'\0' ? nt_utf8((const uint16_t *)dir, path) : ENOENT;
}

#define PATH_UNITS 32768

int
startup_words(char **path, char **line)
{
	wchar_t *wide;
	DWORD n;
	int err;

	if ((wide = malloc(PATH_UNITS * sizeof(*wide))) == NULL)
		return ENOMEM;
	n = GetModuleFileNameW(NULL, wide, PATH_UNITS);
	err = n == 0 || n == PATH_UNITS ? nt_errno(GetLastError()) :
	    nt_utf8((const uint16_t *)wide, path);
	free(wide);
	if (err != 0)
		return err;
	if ((err = nt_utf8((const uint16_t *)GetCommandLineW(), line)) != 0)
		free(*path);
	return err;
}

void
startup_wait(void)
{
	HANDLE before;

	if (handoff == NULL || handoff->until == 0)
		return;
	before = (HANDLE)(uintptr_t)handoff->until;
	(void)WaitForSingleObject(before, INFINITE);
	(void)CloseHandle(before);
}

uint32_t
startup_doorkeeper(void)
{
	(void)startup_handoff();
	return doorkeeper;
}
