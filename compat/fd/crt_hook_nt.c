/*
 * The CRT reads, writes and closes what lies in its descriptor table by a few
 * functions of NT's, which it imports.  Here its import table is made to name
 * ours instead: for a placeholder they do the work on the description, for any
 * other handle they are NT's.  So every stream and every descriptor of the
 * CRT, whoever compiled the code that uses it, reaches our descriptions.
 *
 * Whether it works is tried, not assumed (crt_is_led): an NT whose CRT cannot
 * be led gets ENOSYS for what needs it (LIM-FD-1).
 */
#include "fd/crt_hook_nt.h"

#include <io.h>
#include <stdio.h>
#include <string.h>

#include "fd/crt.h"
#include "fd/crt_io.h"
#include "fd/fdtable.h"
#include "fd/placeholder_nt.h"
#include "fd/result.h"

#define HOOKS(X) \
	X(CloseHandle) \
	X(DuplicateHandle) \
	X(FlushFileBuffers) \
	X(GetFileType) \
	X(ReadFile) \
	X(SetEndOfFile) \
	X(SetFilePointer) \
	X(SetFilePointerEx) \
	X(WriteFile)

enum {
#define X(name) HOOK_##name,
	HOOKS(X)
#undef X
};

#define BIT(name) (1U << HOOK_##name)
#define NEEDED (BIT(CloseHandle) | BIT(DuplicateHandle) | BIT(GetFileType) | \
	BIT(ReadFile) | BIT(WriteFile))
#define SEEKS (BIT(SetFilePointer) | BIT(SetFilePointerEx))

static struct {
#define X(name) __typeof__(&name) name;
	HOOKS(X)
#undef X
} real = {
#define X(name) .name = name,
	HOOKS(X)
#undef X
};

static DWORD error_slot = TLS_OUT_OF_INDEXES;
static unsigned int seen;
static int led;
static atomic_ulong replacing_thread;
static int replacing_fd, replacing_keep;

static int
is_replacing(void)
{
	return atomic_load(&replacing_thread) == GetCurrentThreadId();
}

void
crt_error_clear(void)
{
	(void)TlsSetValue(error_slot, NULL);
}

int
crt_error(void)
{
	DWORD code = GetLastError();	/* TlsGetValue() sets it to 0 */
	int err = (int)(intptr_t)TlsGetValue(error_slot);

	SetLastError(code);
	return err;
}

int
crt_is_led(void)
{
	return led;
}

void
crt_hook_replace(int fd, int keep)
{
	replacing_keep = keep;
	replacing_fd = fd;
	atomic_store(&replacing_thread, fd >= 0 ? GetCurrentThreadId() : 0);
}

/* The description that p stands for, with a reference. */
static int
description(struct placeholder *p, struct file **fp)
{
	int fd = atomic_load(&p->fd);

	if (fd >= 0)
		return fd_get_own(fd, fp);
	if ((*fp = atomic_load(&p->file)) == NULL)
		return EBADF;
	file_ref(*fp);
	return 0;
}

/* users is counted before the look at the table: see crt_release(). */
static int
enter(struct placeholder *p, struct file **fp)
{
	int err;

	(void)atomic_fetch_add(&p->users, 1);
	if ((err = description(p, fp)) != 0)
		(void)atomic_fetch_sub(&p->users, 1);
	return err;
}

static void
leave(struct placeholder *p, struct file *f)
{
	file_put(f);
	(void)atomic_fetch_sub(&p->users, 1);
}

/*
 * NT's number that the CRT turns into errno.  It has none for most of what can
 * happen; who is compiled with our headers gets the real one (crt_error).
 */
static BOOL
answer(int err)
{
	DWORD code;

	if (err == 0)
		return TRUE;
	switch (err) {
	case EBADF:
		code = ERROR_INVALID_HANDLE;
		break;
	case EAGAIN:
		code = ERROR_NO_PROC_SLOTS;
		break;
	case EPIPE:
		code = ERROR_BROKEN_PIPE;
		break;
	case ENOSPC:
		code = ERROR_DISK_FULL;
		break;
	case ENOMEM:
		code = ERROR_NOT_ENOUGH_MEMORY;
		break;
	default:
		code = ERROR_INVALID_PARAMETER;
	}
	(void)TlsSetValue(error_slot, (void *)(intptr_t)err);
	SetLastError(code);
	return FALSE;
}

static BOOL WINAPI
hook_ReadFile(HANDLE h, void *buf, DWORD len, DWORD *done, OVERLAPPED *ov)
{
	struct placeholder *p = placeholder_find(h);
	struct file *f;
	size_t n = 0;
	int err;

	if (p == NULL || ov != NULL)
		return real.ReadFile(h, buf, len, done, ov);
	if ((err = enter(p, &f)) == 0) {
		err = crt_io_read(f, buf, len, &n);
		leave(p, f);
	}
	*done = (DWORD)n;
	return answer(err);
}

/* A short write is an error to the CRT; ours ends short after an error only. */
static BOOL WINAPI
hook_WriteFile(HANDLE h, const void *buf, DWORD len, DWORD *done,
    OVERLAPPED *ov)
{
	struct placeholder *p = placeholder_find(h);
	struct file *f;
	size_t n = 0;
	int err;

	if (p == NULL || ov != NULL)
		return real.WriteFile(h, buf, len, done, ov);
	if ((err = enter(p, &f)) == 0) {
		err = crt_io_write(f, buf, len, &n);
		leave(p, f);
	}
	*done = (DWORD)n;
	(void)answer(err);
	return err == 0 || n > 0;
}

static int
seek(struct placeholder *p, int64_t off, DWORD whence, int64_t *pos)
{
	struct file *f;
	int err;

	if ((err = enter(p, &f)) != 0)
		return err;
	err = crt_io_seek(f, off, (int)whence, pos);
	leave(p, f);
	return err;
}

static BOOL WINAPI
hook_SetFilePointerEx(HANDLE h, LARGE_INTEGER off, LARGE_INTEGER *pos,
    DWORD whence)
{
	struct placeholder *p = placeholder_find(h);
	int64_t now = 0;
	BOOL ok;

	if (p == NULL)
		return real.SetFilePointerEx(h, off, pos, whence);
	ok = answer(seek(p, off.QuadPart, whence, &now));
	if (ok && pos != NULL)
		pos->QuadPart = now;
	return ok;
}

static DWORD WINAPI
hook_SetFilePointer(HANDLE h, LONG low, LONG *high, DWORD whence)
{
	struct placeholder *p = placeholder_find(h);
	int64_t off = low, now = 0;

	if (p == NULL)
		return real.SetFilePointer(h, low, high, whence);
	if (high != NULL)
		off = (int64_t)((uint64_t)(uint32_t)*high << 32 |
		    (uint32_t)low);
	if (!answer(seek(p, off, whence, &now)))
		return INVALID_SET_FILE_POINTER;
	if (high != NULL)
		*high = (LONG)(now >> 32);
	SetLastError(NO_ERROR);
	return (DWORD)now;
}

static BOOL WINAPI
hook_FlushFileBuffers(HANDLE h)
{
	struct placeholder *p = placeholder_find(h);
	struct file *f;
	int err;

	if (p == NULL)
		return real.FlushFileBuffers(h);
	if ((err = enter(p, &f)) == 0) {
		err = crt_io_sync(f);
		leave(p, f);
	}
	return answer(err);
}

static BOOL WINAPI
hook_SetEndOfFile(HANDLE h)
{
	struct placeholder *p = placeholder_find(h);
	struct file *f;
	int err;

	if (p == NULL)
		return real.SetEndOfFile(h);
	if ((err = enter(p, &f)) == 0) {
		err = crt_io_end_here(f);
		leave(p, f);
	}
	return answer(err);
}

static DWORD WINAPI
hook_GetFileType(HANDLE h)
{
	return placeholder_find(h) != NULL ? FILE_TYPE_DISK :
	    real.GetFileType(h);
}

/*
 * The CRT closes a number: the descriptor is closed, the placeholder kept.
 * Until the CRT has cleared its slot the handle is still there to be seen, and
 * the table knows it for what it is.
 */
static BOOL WINAPI
hook_CloseHandle(HANDLE h)
{
	struct placeholder *p = placeholder_find(h);
	struct file *f;
	int fd;

	if (p == NULL) {
		crt_io_closed_handle((uintptr_t)h);
		if (is_replacing() && replacing_keep)
			return TRUE;
		return real.CloseHandle(h);
	}
	fd = atomic_exchange(&p->fd, -1);
	f = atomic_exchange(&p->file, NULL);
	if (fd >= 0)
		crt_io_closed(fd);
	if (f != NULL)
		crt_io_closed_duplicate(f);
	placeholder_give(p);
	return TRUE;
}

/*
 * _dup() and _dup2(): the new number shares the description.  The table hears
 * of it when the number is first used in a call of ours.
 */
static BOOL WINAPI
hook_DuplicateHandle(HANDLE from, HANDLE h, HANDLE to, HANDLE *copy,
    DWORD access, BOOL inherit, DWORD options)
{
	struct placeholder *q, *p = placeholder_find(h);
	struct file *f = NULL;
	int err, replace;

	if (p == NULL || from != GetCurrentProcess() || to != from)
		return real.DuplicateHandle(from, h, to, copy, access, inherit,
		    options);
	replace = is_replacing();
	if (!replace && (err = description(p, &f)) != 0)
		return answer(err);
	if ((err = placeholder_take(&q)) != 0) {
		if (f != NULL)
			file_put(f);
		return answer(err);
	}
	if (replace)
		atomic_store(&q->fd, replacing_fd);
	atomic_store(&q->file, f);
	*copy = q->handle;
	return TRUE;
}

static void
set_pointer(ULONG_PTR *entry, ULONG_PTR to)
{
	DWORD old;

	if (!VirtualProtect(entry, sizeof(*entry), PAGE_READWRITE, &old))
		return;
	(void)InterlockedExchangePointer((void **)entry, (void *)to);
	(void)VirtualProtect(entry, sizeof(*entry), old, &old);
}

static void
lead(ULONG_PTR *entry, const char *name)
{
#define X(fn) \
	if (strcmp(name, #fn) == 0) { \
		seen |= BIT(fn); \
		real.fn = (__typeof__(real.fn))*entry; \
		set_pointer(entry, (ULONG_PTR)hook_##fn); \
	}
	HOOKS(X)
#undef X
}

/* One library that the CRT imports from: names and entries go in parallel. */
static void
lead_library(char *base, const IMAGE_IMPORT_DESCRIPTOR *lib)
{
	const IMAGE_THUNK_DATA *name;
	IMAGE_THUNK_DATA *entry;

	if (lib->OriginalFirstThunk == 0)
		return;
	name = (IMAGE_THUNK_DATA *)(base + lib->OriginalFirstThunk);
	entry = (IMAGE_THUNK_DATA *)(base + lib->FirstThunk);
	for (; name->u1.AddressOfData != 0; name++, entry++)
		if (!IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal))
			lead(&entry->u1.Function, (const char *)
			    ((IMAGE_IMPORT_BY_NAME *)(base +
			    name->u1.AddressOfData))->Name);
}

static void
lead_crt(char *base)
{
	const IMAGE_DOS_HEADER *dos = (IMAGE_DOS_HEADER *)base;
	const IMAGE_NT_HEADERS *head = (IMAGE_NT_HEADERS *)(base +
	    dos->e_lfanew);
	const IMAGE_DATA_DIRECTORY *dir =
	    &head->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
	const IMAGE_IMPORT_DESCRIPTOR *lib;

	if (dir->VirtualAddress == 0)
		return;
	for (lib = (IMAGE_IMPORT_DESCRIPTOR *)(base + dir->VirtualAddress);
	    lib->FirstThunk != 0; lib++)
		lead_library(base, lib);
}

/*
 * A placeholder of no descriptor: a write to it fails when it comes to us, and
 * NUL would take it.
 */
void
crt_init(void)
{
	HMODULE crt = GetModuleHandleW(CRT_LIBRARY);
	int fd, saved = errno;

	(void)_setmaxstdio(CRT_LIMIT);
	if (crt == NULL || (error_slot = TlsAlloc()) == TLS_OUT_OF_INDEXES)
		return;
	lead_crt((char *)crt);
	if ((seen & NEEDED) == NEEDED && (seen & SEEKS) != 0 &&
	    crt_reserve(&fd) == 0) {
		led = _write(fd, "", 1) == -1;
		(void)_close(fd);
	}
	errno_restore(saved);
}
