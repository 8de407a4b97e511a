#include "afunix/lane_nt.h"

#include <errno.h>

#include "afunix/object_nt.h"
#include "fd/file.h"
#include "fd/share.h"
#include "nt/access_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/handoff.h"
#include "process/pack_nt.h"
#include "signal/channel_nt.h"
#include "signal/open_nt.h"

/* The first turns only let others run; nothing is in the way for long. */
#define SPINS 200

/* To look into a mail. */
#define TRIES 5

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static struct lane_who me;

static void
close_there(HANDLE process, uint64_t handle)
{
	if (handle != 0)
		(void)DuplicateHandle(process, (HANDLE)(uintptr_t)handle, NULL,
		    NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE);
}

static BOOL CALLBACK
find_self(INIT_ONCE *o, void *arg, void **ctx)
{
	(void)o, (void)arg, (void)ctx;
	me.pid = GetCurrentProcessId();
	me.start = channel_start_time(GetCurrentProcess());
	return TRUE;
}

struct lane_who
lane_self(void)
{
	(void)InitOnceExecuteOnce(&once, find_self, NULL, NULL);
	return me;
}

int
lane_section(const unsigned char id[LANE_ID], size_t size, uintptr_t *section,
    uintptr_t *mutex, void **view)
{
	wchar_t name[UNIX_OBJECT_NAME], lock[UNIX_OBJECT_NAME];

	unix_object_name(id, L"lane", name);
	unix_object_name(id, L"lock", lock);
	return shared_by_name(name, lock, size, section, mutex, view);
}

int
lane_section_of(const unsigned char id[LANE_ID], size_t size,
    uintptr_t *section, uintptr_t *mutex, void **view)
{
	wchar_t name[UNIX_OBJECT_NAME];
	HANDLE s, m;
	int err;

	unix_object_name(id, L"lane", name);
	s = nt.OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE | READ_CONTROL,
	    FALSE, name);
	if (s == NULL)
		return nt_errno(GetLastError());
	unix_object_name(id, L"lock", name);
	m = nt.OpenMutexW(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE, name);
	if (m == NULL) {
		err = nt_errno(GetLastError());
		goto close_section;
	}
	err = nt_owner_is_trusted(s) ? shared_map((uintptr_t)s, size, view) :
	    EACCES;
	if (err != 0)
		goto close_mutex;
	*section = (uintptr_t)s;
	*mutex = (uintptr_t)m;
	return 0;

close_mutex:
	(void)CloseHandle(m);
close_section:
	(void)CloseHandle(s);
	return err;
}

/* NT's names of a session are not seen in another one. */
static int
is_in_sight(uint32_t pid, HANDLE process)
{
	DWORD here, there;

	return ProcessIdToSessionId(GetCurrentProcessId(), &here) &&
	    ProcessIdToSessionId(pid, &there) && here == there &&
	    nt_is_same_logon(process);
}

int
lane_give(const struct lane_who *who, uintptr_t section, uintptr_t mutex,
    uint64_t given[2])
{
	const HANDLE own = GetCurrentProcess();
	uintptr_t process;
	HANDLE s, m;
	int err;

	if ((err = lane_process(who, &process)) != 0)
		return err;
	if (!is_in_sight(who->pid, (HANDLE)process)) {
		err = EPERM;
	} else if (!nt.DuplicateHandle(own, (HANDLE)section, (HANDLE)process,
	    &s, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
		err = nt_errno(GetLastError());
	} else if (!nt.DuplicateHandle(own, (HANDLE)mutex, (HANDLE)process,
	    &m, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
		err = nt_errno(GetLastError());
		close_there((HANDLE)process, (uintptr_t)s);
	} else {
		given[0] = (uintptr_t)s;
		given[1] = (uintptr_t)m;
	}
	lane_process_close(process);
	return err;
}

void
lane_taken(uint64_t given[2])
{
	close_there(GetCurrentProcess(), given[0]);
	close_there(GetCurrentProcess(), given[1]);
	given[0] = given[1] = 0;
}

/* --- processes --- */

int
lane_process(const struct lane_who *who, uintptr_t *process)
{
	HANDLE h;
	int err;

	if (who->pid == lane_self().pid) {
		*process = (uintptr_t)GetCurrentProcess();
		return 0;
	}
	err = sig_process_open_for(who->pid, PROCESS_DUP_HANDLE, &h);
	if (err != 0)
		return err;
	if (channel_start_time(h) == who->start &&
	    WaitForSingleObject(h, 0) != WAIT_OBJECT_0) {
		*process = (uintptr_t)h;
		return 0;
	}
	(void)CloseHandle(h);
	return ESRCH;
}

uint64_t
lane_process_start(uint32_t pid)
{
	uint64_t start;
	HANDLE h;

	if (sig_process_open_for(pid, 0, &h) != 0)
		return 0;
	start = channel_start_time(h);
	(void)CloseHandle(h);
	return start;
}

void
lane_process_close(uintptr_t process)
{
	if ((HANDLE)process != GetCurrentProcess())
		(void)CloseHandle((HANDLE)process);
}

void
lane_pause(unsigned int turn)
{
	if (turn < SPINS)
		(void)SwitchToThread();
	else
		Sleep(1);
}

/* --- records --- */

/* Each of the record's handles, from one process to the other. */
static int
move(struct hand_record *r, HANDLE from, HANDLE to, DWORD options)
{
	HANDLE copy;
	int err = 0, i;

	for (i = 0; i < HAND_HANDLES; i++) {
		if (r->handle[i] == 0)
			continue;
		copy = NULL;
		if (err == 0 && !nt.DuplicateHandle(from,
		    (HANDLE)(uintptr_t)r->handle[i], to, &copy, 0, FALSE,
		    DUPLICATE_SAME_ACCESS | options))
			err = nt_errno(GetLastError());
		else if (err != 0 && (options & DUPLICATE_CLOSE_SOURCE) != 0)
			close_there(from, r->handle[i]);
		r->handle[i] = (uintptr_t)copy;
	}
	return err;
}

static void
drop(struct hand_record *r, HANDLE process)
{
	int i;

	for (i = 0; i < HAND_HANDLES; i++)
		close_there(process, r->handle[i]);
}

static int
push_one(struct file *f, HANDLE process, struct hand_record *r)
{
	int err;

	if (f->ops->hand == NULL)
		return EOPNOTSUPP;
	if ((err = pack_fill(f, r)) != 0)
		return err;
	if (r->type == HAND_NONE)
		return EOPNOTSUPP;
	if ((err = move(r, GetCurrentProcess(), process, 0)) != 0)
		drop(r, process);
	return err;
}

static int
push_all(struct file *const *files, uint32_t n, HANDLE process,
    struct hand_record *r)
{
	uint32_t i;
	int err = 0;

	for (i = 0; i < n; i++)
		if ((err = push_one(files[i], process, &r[i])) != 0)
			break;
	while (err != 0 && i > 0)
		drop(&r[--i], process);
	return err;
}

static void
tell(struct file *const *files, uint32_t n, uint32_t pid, int more)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (files[i]->ops->handed != NULL)
			files[i]->ops->handed(files[i], pid, more);
}

int
lane_push(uintptr_t process, uint32_t pid, struct file *const *files,
    uint32_t n, uint64_t *section)
{
	struct hand_record *r;
	HANDLE s, there = NULL;
	uint32_t i;
	void *view;
	int err;

	s = nt.CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE,
	    0, (DWORD)(n * sizeof(*r)), NULL);
	if (s == NULL)
		return nt_errno(GetLastError());
	if ((err = shared_map((uintptr_t)s, 0, &view)) != 0)
		goto close_section;
	r = view;
	if ((err = push_all(files, n, (HANDLE)process, r)) != 0)
		goto unmap;
	if (!nt.DuplicateHandle(GetCurrentProcess(), s, (HANDLE)process,
	    &there, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
		err = nt_errno(GetLastError());
		for (i = 0; i < n; i++)
			drop(&r[i], (HANDLE)process);
		goto unmap;
	}
	*section = (uintptr_t)there;
	tell(files, n, pid, 1);
unmap:
	(void)UnmapViewOfFile(r);
close_section:
	(void)CloseHandle(s);
	return err;
}

/*
 * The section in *s, to be closed; process has it no more, but for a peek.  One
 * that has no place for n records is none.
 */
static int
open_mail(HANDLE process, uint64_t section, uint32_t n, int peek, HANDLE *s,
    struct hand_record **r)
{
	const DWORD options = DUPLICATE_SAME_ACCESS |
	    (peek ? 0 : DUPLICATE_CLOSE_SOURCE);
	void *view;
	int err, tries = 0;

	*s = (HANDLE)(uintptr_t)section;
	if ((process != GetCurrentProcess() || peek) &&
	    !nt.DuplicateHandle(process, *s, GetCurrentProcess(), s, 0, FALSE,
	    options))
		return nt_errno(GetLastError());
	/* LIM-UNIX-41: what is in it nobody else can close. */
	while ((err = shared_map((uintptr_t)*s, n * sizeof(**r), &view)) != 0 &&
	    ++tries < TRIES)
		lane_pause(SPINS);
	if (err != 0)
		(void)CloseHandle(*s);
	else
		*r = view;
	return err;
}

void
lane_unpush(uintptr_t process, uint32_t pid, struct file *const *files,
    uint32_t n, uint64_t section)
{
	struct hand_record *r;
	HANDLE s;
	uint32_t i;

	tell(files, n, pid, -1);
	if (open_mail((HANDLE)process, section, n, 0, &s, &r) != 0)
		return;
	for (i = 0; i < n; i++)
		drop(&r[i], (HANDLE)process);
	(void)UnmapViewOfFile(r);
	(void)CloseHandle(s);
}

int
lane_pull(const struct lane_mail *mail, int peek, struct file **files)
{
	const int mine = mail->keeper.pid == lane_self().pid;
	const DWORD options = peek ? 0 : DUPLICATE_CLOSE_SOURCE;
	struct hand_record *r, one;
	uintptr_t process;
	HANDLE s;
	uint32_t i;
	int err;

	if ((err = lane_process(&mail->keeper, &process)) != 0)
		return err;
	if ((err = open_mail((HANDLE)process, mail->section, mail->fds, peek,
	    &s, &r)) != 0)
		goto close_process;
	for (i = 0; i < mail->fds; i++) {
		one = r[i];
		one.giver = peek ? HAND_NOBODY : mine ? 0 : mail->keeper.pid;
		files[i] = NULL;
		if ((mine && !peek) || move(&one, (HANDLE)process,
		    GetCurrentProcess(), options) == 0)
			files[i] = hand_take(&one);
		else
			drop(&one, GetCurrentProcess());
	}
	(void)UnmapViewOfFile(r);
	(void)CloseHandle(s);
close_process:
	lane_process_close(process);
	return err;
}
