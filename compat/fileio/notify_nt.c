/*
 * ReadDirectoryChangesW.  It tells that something was modified, and not what
 * of it, and of what was removed not whether it was a directory: so there is
 * one request for files and their data, one for directories, one for
 * attributes, each on a handle of its own.  Their order among each other is
 * not kept: LIM-INOTIFY-3.
 *
 * What happens between two requests is kept by NT (and Wine), with the handle.
 */
#include "fileio/notify.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/at_nt.h"
#include "fileio/stat_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/pool.h"

enum { FILES, DIRS, ATTRS, STREAMS };

static const struct {
	DWORD filter;
	size_t size;		/* what NT keeps until we come, in bytes */
} kinds[STREAMS] = {
	[FILES] = { FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_SIZE |
	    FILE_NOTIFY_CHANGE_LAST_WRITE, 32768 },
	[DIRS] = { FILE_NOTIFY_CHANGE_DIR_NAME, 8192 },
	[ATTRS] = { FILE_NOTIFY_CHANGE_ATTRIBUTES |
	    FILE_NOTIFY_CHANGE_SECURITY, 8192 },
};

struct kept {
	size_t n;
	uint16_t s[NOTIFY_NAME_MAX / 4];
	int is;
};

struct stream {
	struct notify *notify;
	int kind;
	HANDLE h;		/* NULL: closed */
	uintptr_t wait;
	int pending;
	OVERLAPPED ov;
	DWORD *buffer;
	struct kept removed;	/* not told yet: a move may follow */
	struct kept old;	/* the first half of one */
};

struct notify {
	struct lock *lock;
	notify_fn *fn;
	void *arg;
	int stopped;
	uint16_t *path;
	struct stream stream[STREAMS];
};

/* By which unlink() frees a name under Wine 8; see remove_nt.c. */
static int
is_aside(const struct notify_name *name)
{
	static const wchar_t prefix[] = L".deleted-";
	size_t n = wcslen(prefix);

	return name->n > n && wcsncmp((const wchar_t *)name->s, prefix, n) == 0;
}

static struct notify_name
name_of(const struct kept *k)
{
	return (struct notify_name){ .s = k->s, .n = k->n };
}

static void
keep(struct kept *k, const struct notify_name *name)
{
	k->is = 1;
	k->n = name->n < sizeof(k->s) / sizeof(*k->s) ? name->n : 0;
	(void)memcpy(k->s, name->s, k->n * sizeof(*k->s));
}

static void
tell(struct stream *s, const struct notify_event *e)
{
	if (!s->notify->stopped)
		s->notify->fn(s->notify->arg, e);
}

/* What was kept is told as what it looks like. */
static void
flush(struct stream *s)
{
	struct notify_event e = { .what = NOTIFY_REMOVED,
	    .is_dir = s->kind == DIRS };

	if (s->removed.is) {
		s->removed.is = 0;
		e.name = name_of(&s->removed);
		tell(s, &e);
	}
	if (s->old.is) {
		s->old.is = 0;
		e.name = name_of(&s->old);
		tell(s, &e);
	}
}

/* The second half of a move. */
static void
moved(struct stream *s, const struct notify_name *to)
{
	struct notify_event e = { .is_dir = s->kind == DIRS };
	struct notify_name gone = name_of(&s->removed);

	if (s->removed.is) {
		s->removed.is = 0;
		e.what = NOTIFY_REMOVED;
		e.name = gone;
		e.replaced = notify_same(&gone, to);
		tell(s, &e);
		e.replaced = 0;
	}
	e.what = s->old.is ? NOTIFY_MOVED : NOTIFY_ADDED;
	e.name = s->old.is ? name_of(&s->old) : *to;
	e.to = *to;
	s->old.is = 0;
	tell(s, &e);
}

static int
look_at(HANDLE dir, const struct notify_name *name, HANDLE *h)
{
	struct at_name n = { .root = (uintptr_t)dir };
	NTSTATUS status;

	if (dir == NULL ||
	    (n.path = calloc(name->n + 1, sizeof(*n.path))) == NULL)
		return 0;
	(void)memcpy(n.path, name->s, name->n * sizeof(*n.path));
	status = at_create(&n, 0, 0, FILE_OPEN, FILE_OPEN_REPARSE_POINT, h,
	    NULL);
	free(n.path);
	return status == STATUS_SUCCESS;
}

static int
is_dir(struct stream *s, const struct notify_name *name)
{
	int yes = 0;
	HANDLE h;

	if (look_at(s->h, name, &h)) {
		yes = at_is_dir(h);
		(void)nt.CloseHandle(h);
	}
	return yes;
}

int
notify_is(struct notify *n, const struct notify_name *name, uint64_t dev,
    uint64_t ino)
{
	struct stat st;
	int yes = 0;
	HANDLE h;

	if (look_at(n->stream[FILES].h, name, &h)) {
		yes = stat_disk(h, NULL, &st) == 0 && st.st_dev == dev &&
		    st.st_ino == ino;
		(void)nt.CloseHandle(h);
	}
	return yes;
}

/* NT tells of a directory's own time, which inotify does not. */
static void
modified(struct stream *s, const struct notify_name *name)
{
	struct notify_event e = { .name = *name, .is_dir = is_dir(s, name) };

	e.what = s->kind == ATTRS ? NOTIFY_ATTR : NOTIFY_DATA;
	if (s->kind == ATTRS || !e.is_dir)
		tell(s, &e);
}

static void
record(struct stream *s, const FILE_NOTIFY_INFORMATION *i)
{
	struct notify_name name = { .s = (const uint16_t *)i->FileName,
	    .n = i->FileNameLength / sizeof(WCHAR) };
	struct notify_event e = { .what = NOTIFY_ADDED, .name = name,
	    .is_dir = s->kind == DIRS };

	if (is_aside(&name)) {
		if (i->Action != FILE_ACTION_RENAMED_NEW_NAME || !s->old.is)
			return;
		flush(s);
		return;
	}
	if (i->Action == FILE_ACTION_RENAMED_OLD_NAME) {
		if (s->old.is)
			flush(s);
		keep(&s->old, &name);
		return;
	}
	if (i->Action == FILE_ACTION_RENAMED_NEW_NAME) {
		moved(s, &name);
		return;
	}
	flush(s);
	if (i->Action == FILE_ACTION_REMOVED)
		keep(&s->removed, &name);
	else if (i->Action == FILE_ACTION_ADDED)
		tell(s, &e);
	else if (i->Action == FILE_ACTION_MODIFIED)
		modified(s, &name);
}

static int
is_repeated(const FILE_NOTIFY_INFORMATION *a, const FILE_NOTIFY_INFORMATION *b)
{
	return b->Action == FILE_ACTION_MODIFIED && a->Action == b->Action &&
	    a->FileNameLength == b->FileNameLength &&
	    memcmp(a->FileName, b->FileName, a->FileNameLength) == 0;
}

/* A name that was only removed is told now; half a move is kept. */
static void
records(struct stream *s, size_t len)
{
	const FILE_NOTIFY_INFORMATION *i, *last = NULL;
	size_t at = 0;

	while (at < len) {
		i = (const void *)((const char *)s->buffer + at);
		if (last == NULL || !is_repeated(last, i))
			record(s, i);
		if (i->NextEntryOffset == 0)
			break;
		at += i->NextEntryOffset;
		last = i;
	}
	if (!s->old.is)
		flush(s);
}

static void
tell_plain(struct stream *s, enum notify_what what)
{
	struct notify_event e = { .what = what };

	tell(s, &e);
}

static void
stream_close(struct stream *s)
{
	if (s->h != NULL)
		(void)nt.CloseHandle(s->h);
	s->h = NULL;
}

static int
start(struct stream *s)
{
	HANDLE event = s->ov.hEvent;

	(void)memset(&s->ov, 0, sizeof(s->ov));
	s->ov.hEvent = event;
	if (!nt.ReadDirectoryChangesW(s->h, s->buffer,
	    (DWORD)kinds[s->kind].size, FALSE, kinds[s->kind].filter, NULL,
	    &s->ov, NULL))
		return nt_errno(GetLastError());
	s->pending = 1;
	pool_wait_set(s->wait, (uintptr_t)event);
	return 0;
}

/*
 * Cancelled when the thread ended that made the request: it is made again.
 * Anything else that NT refuses means that the directory is gone.
 */
static void
result_of(struct stream *s)
{
	DWORD code, n = 0;

	if (nt.GetOverlappedResult(s->h, &s->ov, &n, FALSE))
		code = n > 0 ? 0 : ERROR_NOTIFY_ENUM_DIR;
	else
		code = GetLastError();
	switch (code) {
	case 0:
		records(s, n);
		break;
	case ERROR_OPERATION_ABORTED:
		break;
	case ERROR_NOTIFY_ENUM_DIR:
		tell_plain(s, NOTIFY_LOST);
		break;
	default:
		tell_plain(s, NOTIFY_GONE);
	}
}

static void
completed(void *arg)
{
	struct stream *s = arg;
	struct notify *n = s->notify;

	lock_write(n->lock);
	s->pending = 0;
	if (!n->stopped)
		result_of(s);
	if (!n->stopped && start(s) != 0)
		tell_plain(s, NOTIFY_GONE);
	if (n->stopped)
		stream_close(s);
	unlock_write(n->lock);
}

static void
stream_free(struct stream *s)
{
	DWORD n;

	pool_wait_free(s->wait);
	if (s->pending)
		(void)GetOverlappedResult(s->h, &s->ov, &n, TRUE);
	stream_close(s);
	if (s->ov.hEvent != NULL)
		(void)nt.CloseHandle(s->ov.hEvent);
	free(s->buffer);
}

static int
stream_open(struct notify *n, int kind)
{
	struct stream *s = &n->stream[kind];
	struct at_name name = { .path = n->path };
	NTSTATUS status;
	int err;

	s->notify = n;
	s->kind = kind;
	if ((s->buffer = malloc(kinds[kind].size)) == NULL)
		return ENOMEM;
	status = at_create(&name, FILE_LIST_DIRECTORY, 0, FILE_OPEN,
	    FILE_DIRECTORY_FILE, &s->h, NULL);
	if (status != STATUS_SUCCESS) {
		s->h = NULL;
		return nt_status_errno(status);
	}
	s->ov.hEvent = nt.CreateEventW(NULL, TRUE, FALSE, NULL);
	if (s->ov.hEvent == NULL)
		return nt_errno(GetLastError());
	if ((err = pool_wait_new(completed, s, &s->wait)) != 0)
		return err;
	return start(s);
}

int
notify_attributes(struct notify *n)
{
	struct stream *s = &n->stream[ATTRS];
	int err;

	if (s->h != NULL)
		return 0;
	if ((err = stream_open(n, ATTRS)) != 0) {
		stream_free(s);
		(void)memset(s, 0, sizeof(*s));
	}
	return err;
}

int
notify_open(const uint16_t *path, struct lock *lock, notify_fn *fn, void *arg,
    struct notify **np)
{
	struct notify *n;
	int err;

	if ((n = calloc(1, sizeof(*n))) == NULL)
		return ENOMEM;
	n->lock = lock;
	n->fn = fn;
	n->arg = arg;
	if ((n->path = (uint16_t *)_wcsdup((const wchar_t *)path)) == NULL) {
		free(n);
		return ENOMEM;
	}
	if ((err = stream_open(n, FILES)) == 0)
		err = stream_open(n, DIRS);
	if (err != 0)
		notify_stop(n);
	*np = n;
	return err;
}

void
notify_stop(struct notify *n)
{
	int i;

	n->stopped = 1;
	for (i = 0; i < STREAMS; i++)
		if (n->stream[i].pending)
			(void)nt.CancelIoEx(n->stream[i].h, &n->stream[i].ov);
		else
			stream_close(&n->stream[i]);
}

void
notify_free(struct notify *n)
{
	int i;

	for (i = 0; i < STREAMS; i++)
		stream_free(&n->stream[i]);
	free(n->path);
	free(n);
}
