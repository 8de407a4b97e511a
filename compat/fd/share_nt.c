#include "fd/share.h"

#include <stdlib.h>

#include "fd/file.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/*
 * NT's mutex knows when its holder has died, also when it was killed; then the
 * position is that of before or after the transfer, since it is one word.
 */
struct share {
	HANDLE section, mutex;
	struct file_state *state;
};

static int
map(struct share *s)
{
	s->state = nt.MapViewOfFile(s->section, FILE_MAP_READ | FILE_MAP_WRITE,
	    0, 0, sizeof(*s->state));
	return s->state != NULL ? 0 : nt_errno(GetLastError());
}

static int
share_new(struct share **sp)
{
	struct share *s;
	int err;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	s->section = nt.CreateFileMappingW(INVALID_HANDLE_VALUE, NULL,
	    PAGE_READWRITE, 0, sizeof(*s->state), NULL);
	if (s->section == NULL) {
		err = nt_errno(GetLastError());
		goto free_share;
	}
	if ((s->mutex = nt.CreateMutexW(NULL, FALSE, NULL)) == NULL) {
		err = nt_errno(GetLastError());
		goto close_section;
	}
	if ((err = map(s)) != 0)
		goto close_mutex;
	*sp = s;
	return 0;

close_mutex:
	(void)CloseHandle(s->mutex);
close_section:
	(void)CloseHandle(s->section);
free_share:
	free(s);
	return err;
}

/*
 * All who use the position or change a flag hold pos_lock, so the state can be
 * copied.  Who reads the flags meanwhile finds them in either place.
 */
int
file_share(struct file *f, uintptr_t *section, uintptr_t *mutex)
{
	struct share *s = NULL;
	int err = 0;

	lock_write(&f->pos_lock);
	if (f->share == NULL && (err = share_new(&s)) == 0) {
		atomic_init(&s->state->flags, atomic_load(&f->own.flags));
		s->state->pos = f->own.pos;
		atomic_store_explicit(&f->state, s->state,
		    memory_order_release);
		f->share = s;
	}
	if (err == 0) {
		*section = (uintptr_t)f->share->section;
		*mutex = (uintptr_t)f->share->mutex;
	}
	unlock_write(&f->pos_lock);
	return err;
}

int
file_join(struct file *f, uintptr_t section, uintptr_t mutex)
{
	struct share *s;
	int err;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	s->section = (HANDLE)section;
	s->mutex = (HANDLE)mutex;
	if ((err = map(s)) != 0) {
		free(s);
		return err;
	}
	atomic_store(&f->state, s->state);
	f->share = s;
	return 0;
}

void
share_lock(struct share *s)
{
	(void)WaitForSingleObject(s->mutex, INFINITE);
}

void
share_unlock(struct share *s)
{
	(void)ReleaseMutex(s->mutex);
}

void
share_close(struct share *s)
{
	if (s == NULL)
		return;
	(void)UnmapViewOfFile(s->state);
	(void)CloseHandle(s->mutex);
	(void)CloseHandle(s->section);
	free(s);
}
