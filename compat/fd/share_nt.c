#include "fd/share.h"

#include <fcntl.h>
#include <stdlib.h>

#include "fd/file.h"
#include "nt/access_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/*
 * NT's mutex knows when its holder has died, also when it was killed; then the
 * position is that of before or after the transfer, since it is one word.
 */
struct share {
	uintptr_t section, mutex;
	HANDLE native;			/* see file_share_native(); or NULL */
	struct file_state *state;
};

int
shared_map(uintptr_t section, size_t size, void **view)
{
	*view = nt.MapViewOfFile((HANDLE)section, FILE_MAP_READ |
	    FILE_MAP_WRITE, 0, 0, size);
	return *view != NULL ? 0 : nt_errno(GetLastError());
}

static int
make(SECURITY_ATTRIBUTES *sa, const wchar_t *section_name,
    const wchar_t *mutex_name, size_t size, uintptr_t *section,
    uintptr_t *mutex, void **view)
{
	HANDLE s, m;
	int err;

	s = nt.CreateFileMappingW(INVALID_HANDLE_VALUE, sa, PAGE_READWRITE,
	    0, (DWORD)size, section_name);
	if (s == NULL)
		return nt_errno(GetLastError());
	if ((m = nt.CreateMutexW(sa, FALSE, mutex_name)) == NULL) {
		err = nt_errno(GetLastError());
		goto close_section;
	}
	if ((err = shared_map((uintptr_t)s, size, view)) != 0)
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

int
shared_new(size_t size, uintptr_t *section, uintptr_t *mutex, void **view)
{
	return make(NULL, NULL, NULL, size, section, mutex, view);
}

int
shared_by_name(const wchar_t *section_name, const wchar_t *mutex_name,
    size_t size, uintptr_t *section, uintptr_t *mutex, void **view)
{
	SECURITY_ATTRIBUTES *sa;
	int err;

	if ((err = nt_private(NT_OBJECT, &sa)) != 0)
		return err;
	return make(sa, section_name, mutex_name, size, section, mutex, view);
}

void
shared_close(uintptr_t section, uintptr_t mutex, void *view)
{
	(void)UnmapViewOfFile(view);
	(void)CloseHandle((HANDLE)mutex);
	(void)CloseHandle((HANDLE)section);
}

int
shared_lock(uintptr_t mutex)
{
	return WaitForSingleObject((HANDLE)mutex, INFINITE) == WAIT_ABANDONED;
}

void
shared_unlock(uintptr_t mutex)
{
	(void)ReleaseMutex((HANDLE)mutex);
}

static DWORD
access_of(int flags)
{
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return GENERIC_READ;
	case O_WRONLY:
		return flags & O_APPEND ? FILE_APPEND_DATA | SYNCHRONIZE |
		    FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES :
		    GENERIC_WRITE | FILE_READ_ATTRIBUTES;
	default:
		return GENERIC_READ | GENERIC_WRITE;
	}
}

static void
native_seek(struct share *s)
{
	FILE_POSITION_INFORMATION info;
	IO_STATUS_BLOCK iosb;

	info.CurrentByteOffset.QuadPart = s->state->pos;
	(void)NtSetInformationFile(s->native, &iosb, &info, sizeof(info),
	    FilePositionInformation);
	s->state->synced = s->state->pos;
}

/* Did a plain program move it since we set it?  Then that is the position. */
static void
native_tell(struct share *s)
{
	FILE_POSITION_INFORMATION info;
	IO_STATUS_BLOCK iosb;

	if (NtQueryInformationFile(s->native, &iosb, &info, sizeof(info),
	    FilePositionInformation) == STATUS_SUCCESS &&
	    info.CurrentByteOffset.QuadPart != s->state->synced)
		s->state->pos = info.CurrentByteOffset.QuadPart;
}

/*
 * All processes that share the file must have this handle, or the position
 * would be another for those that have not.  So it is made at once, though
 * nobody may ever want it.
 */
static void
reopen(struct file *f)
{
	struct share *s = f->share;
	HANDLE h;

	h = nt.ReOpenFile((HANDLE)f->handle, access_of(file_flags(f)),
	    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, 0);
	if (h != INVALID_HANDLE_VALUE)
		s->native = h;
}

/*
 * All who use the position or change a flag hold pos_lock, so the state can be
 * copied.  Who reads the flags meanwhile finds them in either place.
 */
static int
share_locked(struct file *f)
{
	struct share *s;
	void *view;
	int err;

	if (f->share != NULL)
		return 0;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	if ((err = shared_new(sizeof(*s->state), &s->section, &s->mutex,
	    &view)) != 0) {
		free(s);
		return err;
	}
	s->state = view;
	atomic_init(&s->state->flags, atomic_load(&f->own.flags));
	s->state->pos = f->own.pos;
	s->state->synced = f->own.synced;
	s->state->timer = f->own.timer;
	atomic_store_explicit(&f->state, s->state, memory_order_release);
	f->share = s;
	if (f->ops->native == file_share_native)
		reopen(f);
	return 0;
}

int
file_share(struct file *f, uintptr_t *section, uintptr_t *mutex,
    uintptr_t *native)
{
	int err;

	lock_write(&f->pos_lock);
	if ((err = share_locked(f)) == 0) {
		*section = f->share->section;
		*mutex = f->share->mutex;
		*native = (uintptr_t)f->share->native;
	}
	unlock_write(&f->pos_lock);
	return err;
}

int
file_share_native(struct file *f, struct native_handle *native)
{
	int err;

	lock_write(&f->pos_lock);
	if ((err = share_locked(f)) == 0) {
		native->handle = f->handle;
		if (f->share->native != NULL) {
			share_lock(f->share);
			f->share->state->native = 1;
			share_unlock(f->share);
			native->handle = (uintptr_t)f->share->native;
		}
	}
	unlock_write(&f->pos_lock);
	return err;
}

int
file_join(struct file *f, uintptr_t section, uintptr_t mutex, uintptr_t native)
{
	struct share *s;
	void *view;
	int err;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	if ((err = shared_map(section, 0, &view)) != 0) {
		free(s);
		return err;
	}
	s->section = section;
	s->mutex = mutex;
	s->native = (HANDLE)native;
	s->state = view;
	atomic_store(&f->state, s->state);
	f->share = s;
	return 0;
}

void
share_lock(struct share *s)
{
	(void)shared_lock(s->mutex);
	if (s->native != NULL && s->state->native)
		native_tell(s);
}

void
share_unlock(struct share *s)
{
	if (s->native != NULL && s->state->native)
		native_seek(s);
	shared_unlock(s->mutex);
}

void
share_close(struct share *s)
{
	if (s == NULL)
		return;
	if (s->native != NULL)
		(void)CloseHandle(s->native);
	shared_close(s->section, s->mutex, s->state);
	free(s);
}
