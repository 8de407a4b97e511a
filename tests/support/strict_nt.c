#include "support/strict.h"

#include <stdlib.h>

#include "support/strict_nt.h"

struct nt_calls strict_real;

static HANDLE mutex, event;
static unsigned int refusals;

void
strict_lock(void)
{
	(void)WaitForSingleObject(mutex, INFINITE);
}

void
strict_unlock(void)
{
	(void)ReleaseMutex(mutex);
}

static OVERLAPPED
at(uint64_t off)
{
	OVERLAPPED ov = { 0 };

	ov.Offset = (DWORD)off;
	ov.OffsetHigh = (DWORD)(off >> 32);
	ov.hEvent = (HANDLE)((uintptr_t)event | 1);
	return ov;
}

DWORD
probe_lock(HANDLE h, uint64_t off, uint64_t len, int exclusive)
{
	DWORD flags = LOCKFILE_FAIL_IMMEDIATELY;
	OVERLAPPED ov = at(off);

	if (exclusive)
		flags |= LOCKFILE_EXCLUSIVE_LOCK;
	if (strict_real.LockFileEx(h, flags, 0, (DWORD)len, (DWORD)(len >> 32),
	    &ov))
		return 0;
	return GetLastError();
}

void
probe_unlock(HANDLE h, uint64_t off, uint64_t len)
{
	OVERLAPPED ov = at(off);

	(void)strict_real.UnlockFileEx(h, 0, (DWORD)len, (DWORD)(len >> 32),
	    &ov);
}

static int
overlaps(const struct held *r, uint64_t off, uint64_t len)
{
	return r->off < off + len && off < r->off + r->len;
}

/* Is the whole range free of others' locks, or of their exclusive ones? */
static int
is_free(HANDLE h, uint64_t off, uint64_t len, int writing)
{
	if (probe_lock(h, off, len, writing) != 0)
		return 0;
	probe_unlock(h, off, len);
	return 1;
}

/*
 * What lies under an exclusive lock of our own nobody else has locked, and to
 * ask for it again would not do; so ask for what is between those.
 */
static int
may_transfer(HANDLE h, uint64_t off, uint64_t len, int writing)
{
	struct object *o = object_of(h);
	uint64_t end = off + len, stop;
	struct held *r, *in;

	for (r = o->held; writing && r != NULL; r = r->next)
		if (!r->exclusive && overlaps(r, off, len))
			return 0;
	while (off < end) {
		stop = end;
		in = NULL;
		for (r = o->held; r != NULL; r = r->next) {
			if (!r->exclusive || !overlaps(r, off, end - off))
				continue;
			if (r->off <= off)
				in = r;
			else if (r->off < stop)
				stop = r->off;
		}
		if (in != NULL)
			stop = in->off + in->len;
		else if (!is_free(h, off, stop - off, writing))
			return 0;
		off = stop;
	}
	return 1;
}

/* Where a transfer goes; -1: not to a file that has places. */
static int64_t
place(HANDLE h, const OVERLAPPED *ov, int writing)
{
	LARGE_INTEGER zero = { .QuadPart = 0 }, now;
	int64_t off;

	if (ov != NULL) {
		off = (int64_t)((uint64_t)ov->OffsetHigh << 32 | ov->Offset);
		if (off != -1 || !writing)
			return off;
		return GetFileSizeEx(h, &now) ? now.QuadPart : -1;
	}
	return SetFilePointerEx(h, zero, &now, FILE_CURRENT) ? now.QuadPart :
	    -1;
}

static struct object *
get_object(HANDLE h)
{
	struct object *o = object_known(h);

	if (o == NULL) {
		strict_lock();
		o = object_of(h);
		strict_unlock();
	}
	return o;
}

static int
refused(HANDLE h, const OVERLAPPED *ov, DWORD len, int writing, int *is_disk)
{
	struct object *o = get_object(h);
	int64_t off;
	int no;

	*is_disk = o->is_disk;
	if (len == 0 || !o->is_disk || (off = place(h, ov, writing)) < 0 ||
	    hull_is_apart(o->hull, (uint64_t)off, len))
		return 0;
	strict_lock();
	no = !may_transfer(h, (uint64_t)off, len, writing);
	refusals += (unsigned int)no;
	strict_unlock();
	if (no)
		SetLastError(ERROR_LOCK_VIOLATION);
	return no;
}

/* NT serves a file at once as often as not, Wine never. */
static WINBOOL
soon(HANDLE h, WINBOOL ok, OVERLAPPED *ov)
{
	DWORD n;

	if (!ok && ov != NULL && GetLastError() == ERROR_IO_PENDING)
		return strict_real.GetOverlappedResult(h, ov, &n, TRUE);
	return ok;
}

static WINBOOL WINAPI
strict_ReadFile(HANDLE h, LPVOID buf, DWORD len, DWORD *n, OVERLAPPED *ov)
{
	int is_disk;
	WINBOOL ok;

	if (refused(h, ov, len, 0, &is_disk))
		return FALSE;
	ok = strict_real.ReadFile(h, buf, len, n, ov);
	return is_disk ? soon(h, ok, ov) : ok;
}

static WINBOOL WINAPI
strict_WriteFile(HANDLE h, LPCVOID buf, DWORD len, DWORD *n, OVERLAPPED *ov)
{
	int is_disk;
	WINBOOL ok;

	if (refused(h, ov, len, 1, &is_disk))
		return FALSE;
	ok = strict_real.WriteFile(h, buf, len, n, ov);
	return is_disk ? soon(h, ok, ov) : ok;
}

static NTSTATUS
at_once(NTSTATUS status, const IO_STATUS_BLOCK *iosb, int is_disk)
{
	return is_disk && status == STATUS_PENDING ?
	    *(const volatile NTSTATUS *)&iosb->Status : status;
}

static int
nt_refused(HANDLE h, const LARGE_INTEGER *at, ULONG len, int writing,
    int *is_disk)
{
	OVERLAPPED ov = { 0 };

	if (at == NULL)
		return refused(h, NULL, len, writing, is_disk);
	ov.Offset = at->LowPart;
	ov.OffsetHigh = (DWORD)at->HighPart;
	return refused(h, &ov, len, writing, is_disk);
}

static NTSTATUS NTAPI
strict_NtReadFile(HANDLE h, HANDLE ev, PIO_APC_ROUTINE apc, PVOID ctx,
    IO_STATUS_BLOCK *iosb, PVOID buf, ULONG len, LARGE_INTEGER *at,
    ULONG *key)
{
	int is_disk;

	if (nt_refused(h, at, len, 0, &is_disk))
		return STATUS_FILE_LOCK_CONFLICT;
	return at_once(strict_real.NtReadFile(h, ev, apc, ctx, iosb, buf, len,
	    at, key), iosb, is_disk);
}

static NTSTATUS NTAPI
strict_NtWriteFile(HANDLE h, HANDLE ev, PIO_APC_ROUTINE apc, PVOID ctx,
    IO_STATUS_BLOCK *iosb, PVOID buf, ULONG len, LARGE_INTEGER *at,
    ULONG *key)
{
	int is_disk;

	if (nt_refused(h, at, len, 1, &is_disk))
		return STATUS_FILE_LOCK_CONFLICT;
	return at_once(strict_real.NtWriteFile(h, ev, apc, ctx, iosb, buf, len,
	    at, key), iosb, is_disk);
}

static HANDLE WINAPI
strict_CreateFileW(LPCWSTR name, DWORD access, DWORD share,
    SECURITY_ATTRIBUTES *sa, DWORD how, DWORD flags, HANDLE template)
{
	HANDLE h = strict_real.CreateFileW(name, access, share, sa, how, flags,
	    template);
	DWORD code = GetLastError();

	strict_lock();
	if (h != INVALID_HANDLE_VALUE)
		object_close(h);
	strict_unlock();
	SetLastError(code);
	return h;
}

static HANDLE WINAPI
strict_ReOpenFile(HANDLE old, DWORD access, DWORD share, DWORD flags)
{
	HANDLE h = strict_real.ReOpenFile(old, access, share, flags);
	DWORD code = GetLastError();

	strict_lock();
	if (h != INVALID_HANDLE_VALUE)
		object_close(h);
	strict_unlock();
	SetLastError(code);
	return h;
}

static NTSTATUS NTAPI
strict_NtCreateFile(HANDLE *h, ACCESS_MASK access, OBJECT_ATTRIBUTES *attr,
    IO_STATUS_BLOCK *iosb, LARGE_INTEGER *size, ULONG attributes, ULONG share,
    ULONG how, ULONG options, PVOID ea, ULONG ealen)
{
	NTSTATUS status = strict_real.NtCreateFile(h, access, attr, iosb, size,
	    attributes, share, how, options, ea, ealen);

	strict_lock();
	if (status >= 0)
		object_close(*h);
	strict_unlock();
	return status;
}

static WINBOOL WINAPI
strict_DuplicateHandle(HANDLE p, HANDLE h, HANDLE q, HANDLE *to, DWORD access,
    BOOL inherit, DWORD options)
{
	WINBOOL ok = strict_real.DuplicateHandle(p, h, q, to, access, inherit,
	    options);
	DWORD code = GetLastError();

	if (ok && q == GetCurrentProcess()) {
		strict_lock();
		if (p == q)
			object_share(h, *to);
		else
			object_close(*to);
		strict_unlock();
	}
	SetLastError(code);
	return ok;
}

static WINBOOL WINAPI
strict_CloseHandle(HANDLE h)
{
	strict_lock();
	object_close(h);
	strict_unlock();
	return strict_real.CloseHandle(h);
}

static void
hook(void)
{
	strict_real = nt;
	nt.CloseHandle = strict_CloseHandle;
	nt.CreateFileW = strict_CreateFileW;
	nt.DuplicateHandle = strict_DuplicateHandle;
	nt.NtCreateFile = strict_NtCreateFile;
	nt.NtReadFile = strict_NtReadFile;
	nt.NtWriteFile = strict_NtWriteFile;
	nt.ReadFile = strict_ReadFile;
	nt.ReOpenFile = strict_ReOpenFile;
	nt.WriteFile = strict_WriteFile;
	strict_hook_locks();
}

void __attribute__((constructor))
strict_start(void)
{
	const char *want = getenv("COMPAT_TEST_STRICT");

	if (mutex != NULL || want == NULL || (*want != '1' && *want != '2'))
		return;
	mutex = CreateMutexW(NULL, FALSE, L"Local\\libcompat-test-strict");
	event = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (mutex == NULL || event == NULL)
		abort();
	if (*want == '2')
		hull_start();
	hook();
}

int
strict_is_on(void)
{
	return mutex != NULL;
}

unsigned int
strict_refusals(void)
{
	return refusals;
}
