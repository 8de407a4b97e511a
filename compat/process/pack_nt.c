#include "process/pack_nt.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "fd/crt_table.h"
#include "fileio/open.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/handoff.h"
#include "process/identity.h"
#include "process/parent.h"
#include "process/priority.h"

/* cbReserved2 is 16 bits wide. */
#define CRT_FDS_MAX ((65535 - sizeof(uint32_t) - \
	sizeof(struct handoff_trailer)) / (1 + sizeof(HANDLE)))

static unsigned char
crt_mark(struct file *f)
{
	unsigned char mark = CRT_OPEN;

	if (f->kind == FILE_PIPE || f->kind == FILE_SOCKET)
		mark |= CRT_PIPE;
	if (f->kind == FILE_CHAR)
		mark |= CRT_DEVICE;
	if ((file_flags(f) & O_APPEND) != 0)
		mark |= CRT_APPEND;
	return mark;
}

static int
add_nul(struct handles *hs, HANDLE *h)
{
	HANDLE nul;
	int err;

	nul = nt.CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE,
	    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	if (nul == INVALID_HANDLE_VALUE)
		return nt_errno(GetLastError());
	err = handles_add(hs, nul, 0, h);
	(void)CloseHandle(nul);
	return err;
}

/*
 * What stands for f in the child's CRT; *h is NULL for nothing.  A program of
 * libcompat puts its own there, out of its section, before main: it needs an
 * open number for that, and no more.  Streams it adopts.
 */
static int
add_crt(struct file *f, int compat, struct handles *hs, HANDLE *h)
{
	struct native_handle native = { 0 };
	int err;

	*h = NULL;
	if (f->ops->native == NULL && (!compat || f->ops->hand == NULL))
		return 0;
	if (compat && strcmp(f->ops->name, "stream") != 0)
		return add_nul(hs, h);
	if ((err = f->ops->native(f, &native)) != 0 || native.handle == 0)
		return err;
	return handles_add(hs, (HANDLE)native.handle, native.access, h);
}

/* The CRT's array.  A program of libcompat gets 0 to 2 this way. */
static int
crt_table(const struct plan *plan, int compat, struct pack *p)
{
	struct file *f;
	HANDLE h;
	unsigned char *mark;
	int err, fd, i, n = 0, max = compat ? 3 : (int)CRT_FDS_MAX;

	for (i = 0; i < plan->used; i++)
		if (plan->fds[i].fd < max && plan->fds[i].fd >= n)
			n = plan->fds[i].fd + 1;
	p->crt_size = (DWORD)(sizeof(n) + (size_t)n * (1 + sizeof(HANDLE)));
	p->crt = calloc(1, p->crt_size + sizeof(struct handoff_trailer));
	if (p->crt == NULL)
		return ENOMEM;
	(void)memcpy(p->crt, &n, sizeof(n));
	mark = p->crt + sizeof(n);
	(void)memset(mark + n, 0xff, (size_t)n * sizeof(HANDLE));
	for (i = 0; i < plan->used; i++) {
		fd = plan->fds[i].fd;
		f = plan->fds[i].f;
		if (fd >= n)
			continue;
		if ((err = add_crt(f, compat, &p->handles, &h)) != 0)
			return err;
		if (h == NULL)
			continue;
		mark[fd] = crt_mark(f);
		(void)memcpy(mark + n + (size_t)fd * sizeof(h), &h, sizeof(h));
		if (fd < 3)
			p->std[fd] = h;
	}
	return 0;
}

int
pack_fill(struct file *f, struct hand_record *r)
{
	uintptr_t handle[HAND_HANDLES] = { 0 };
	int err, i;

	r->kind = (int32_t)f->kind;
	if ((err = file_share(f, &handle[HAND_SECTION],
	    &handle[HAND_MUTEX], &handle[HAND_NATIVE])) != 0)
		return err;
	r->flags = file_flags(f);
	if ((err = f->ops->hand(f, r)) != 0)
		return err;
	for (i = HAND_NATIVE; i < HAND_HANDLES; i++)
		r->handle[i] = handle[i];
	return 0;
}

/* Each handle of a record gets its inheritable duplicate's number. */
static int
pack_record(struct file *f, struct hand_record *r, struct handles *hs)
{
	HANDLE copy;
	int err, i;

	if ((err = pack_fill(f, r)) != 0)
		return err;
	for (i = 0; i < HAND_HANDLES; i++) {
		if (r->handle[i] == 0)
			continue;
		err = handles_add(hs, (HANDLE)(uintptr_t)r->handle[i], 0,
		    &copy);
		if (err != 0)
			return err;
		r->handle[i] = (uintptr_t)copy;
	}
	return 0;
}

/* The record of f among those made, or a new one. */
static int
record_of(struct file *f, struct file **made, struct handoff *h,
    struct handles *hs, uint32_t *index)
{
	uint32_t i;

	for (i = 0; i < h->records && made[i] != f; i++)
		;
	*index = i;
	if (i < h->records)
		return 0;
	made[h->records++] = f;
	return pack_record(f, &handoff_records(h)[i], hs);
}

static int64_t
us_of(struct timeval tv)
{
	return tv.tv_sec * INT64_C(1000000) + tv.tv_usec;
}

static void
fill_timers(struct handoff *h)
{
	struct itimerval now;
	int which;

	for (which = ITIMER_REAL; which <= ITIMER_PROF; which++) {
		(void)getitimer(which, &now);
		h->timers[which].value = us_of(now.it_value);
		h->timers[which].interval = us_of(now.it_interval);
	}
}

/* What a process has besides its descriptors. */
static void
fill_process(const struct launch *l, HANDLE self, struct handoff *h)
{
	h->role = l->role;
	h->umask = umask_get();
	h->nice = priority_own();
	h->until = (uintptr_t)self;
	if (l->role != HANDOFF_HEIR)
		return;
	h->ppid = process_parent_now();
	h->death_signal = parent_signal();
	fill_timers(h);
}

static int
fill(const struct launch *l, struct handoff *h, struct file **made,
    struct handles *hs)
{
	struct hand_fd *fds;
	const struct plan *plan = l->plan;
	HANDLE self = NULL;
	uint32_t index;
	int err, i;

	if ((fds = calloc((size_t)plan->used + 1, sizeof(*fds))) == NULL)
		return ENOMEM;
	for (i = 0, err = 0; i < plan->used && err == 0; i++) {
		if (plan->fds[i].f->ops->hand == NULL)
			continue;
		err = record_of(plan->fds[i].f, made, h, hs, &index);
		fds[h->fds].fd = plan->fds[i].fd;
		fds[h->fds++].record = index;
	}
	h->magic = HANDOFF_MAGIC;
	h->version = HANDOFF_VERSION;
	h->pid = GetCurrentProcessId();
	h->group = l->of.group;
	h->session = l->of.session;
	h->mask = l->mask;
	h->ignored = l->ignored;
	if (err == 0 && l->role == HANDOFF_DAEMON)
		err = handles_add(hs, GetCurrentProcess(), SYNCHRONIZE, &self);
	fill_process(l, self, h);
	(void)memcpy(handoff_fds(h), fds, h->fds * sizeof(*fds));
	free(fds);
	return err;
}

/* The section stays as long as the child has it. */
static int
pack_section(const struct launch *l, struct pack *p)
{
	struct handoff_trailer trailer = { .magic = HANDOFF_MAGIC,
	    .version = HANDOFF_VERSION };
	size_t n = (size_t)l->plan->used, size;
	struct file **made;
	struct handoff *h;
	HANDLE section, copy;
	int err;

	size = sizeof(*h) + n * (sizeof(struct hand_record) +
	    sizeof(struct hand_fd));
	if ((made = calloc(n + 1, sizeof(*made))) == NULL)
		return ENOMEM;
	section = nt.CreateFileMappingW(INVALID_HANDLE_VALUE, NULL,
	    PAGE_READWRITE, 0, (DWORD)size, NULL);
	if (section == NULL) {
		err = nt_errno(GetLastError());
		goto free_made;
	}
	h = nt.MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
	if (h == NULL) {
		err = nt_errno(GetLastError());
		goto close_section;
	}
	h->size = (uint32_t)size;
	if ((err = fill(l, h, made, &p->handles)) == 0 &&
	    (err = handles_add(&p->handles, section, 0, &copy)) == 0) {
		trailer.section = (uintptr_t)copy;
		(void)memcpy(p->crt + p->crt_size, &trailer, sizeof(trailer));
		p->crt_size += (DWORD)sizeof(trailer);
	}
	(void)UnmapViewOfFile(h);
close_section:
	(void)CloseHandle(section);
free_made:
	free(made);
	return err;
}

int
pack_make(const struct launch *l, struct pack *p)
{
	int compat = l->image->sort == IMAGE_COMPAT, err;

	*p = (struct pack){ 0 };
	err = crt_table(l->plan, compat, p);
	if (err == 0 && compat)
		err = pack_section(l, p);
	return err;
}

void
pack_free(struct pack *p)
{
	handles_free(&p->handles);
	free(p->crt);
}
