#include "afunix/mailbox_nt.h"

#include <stdlib.h>
#include <string.h>

#include "afunix/object_nt.h"
#include "fd/share.h"
#include "nt/access_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/random.h"

static const char magic[8] = "cmpt-bx2";

static void
object_name(const struct unix_node *keys, enum box_handle which,
    wchar_t name[UNIX_OBJECT_NAME])
{
	static const wchar_t *const kind[BOX_HANDLES] = { L"box0", L"box1",
	    L"box2", L"box3", L"box4" };

	unix_object_name(keys->client, kind[which], name);
}

static HANDLE
create_object(enum box_handle which, SECURITY_ATTRIBUTES *sa,
    const wchar_t *name)
{
	switch (which) {
	case BOX_SECTION:
		return nt.CreateFileMappingW(INVALID_HANDLE_VALUE, sa,
		    PAGE_READWRITE, 0, sizeof(struct box_head), name);
	case BOX_MUTEX:
		return nt.CreateMutexW(sa, FALSE, name);
	default:
		return nt.CreateEventW(sa, TRUE, FALSE, name);
	}
}

/* Otherwise it is not there, another's, or of another kind. */
static int
is_shortage(DWORD code)
{
	return code == ERROR_NO_SYSTEM_RESOURCES ||
	    code == ERROR_NOT_ENOUGH_MEMORY || code == ERROR_COMMITMENT_LIMIT;
}

static HANDLE
open_object(enum box_handle which, const wchar_t *name)
{
	switch (which) {
	case BOX_SECTION:
		return nt.OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE,
		    FALSE, name);
	case BOX_MUTEX:
		return nt.OpenMutexW(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE,
		    name);
	default:
		return nt.OpenEventW(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE,
		    name);
	}
}

/* All of the struct, or nothing: who made it may have made it too small. */
static int
map(struct mailbox *b)
{
	b->head = nt.MapViewOfFile((HANDLE)b->handle[BOX_SECTION],
	    FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, sizeof(*b->head));
	return b->head != NULL ? 0 : nt_errno(GetLastError());
}

static struct mailbox *
allocate(const struct unix_node *keys)
{
	struct mailbox *b;

	if ((b = calloc(1, sizeof(*b))) != NULL) {
		atomic_init(&b->refs, 1);
		if (keys != NULL)
			b->keys = *keys;
	}
	return b;
}

static void
close_handles(const uintptr_t handle[BOX_HANDLES])
{
	int i;

	for (i = 0; i < BOX_HANDLES; i++)
		if (handle[i] != 0)
			(void)CloseHandle((HANDLE)handle[i]);
}

static void
close_all(struct mailbox *b)
{
	if (b->head != NULL)
		(void)UnmapViewOfFile(b->head);
	close_handles(b->handle);
	free(b);
}

static int
create_all(struct mailbox *b)
{
	SECURITY_ATTRIBUTES *sa;
	wchar_t name[UNIX_OBJECT_NAME];
	int err, i;

	if ((err = nt_private(NT_OBJECT, &sa)) != 0)
		return err;
	for (i = 0; i < BOX_HANDLES; i++) {
		object_name(&b->keys, (enum box_handle)i, name);
		b->handle[i] = (uintptr_t)create_object((enum box_handle)i, sa,
		    name);
		if (b->handle[i] == 0)
			return nt_errno(GetLastError());
	}
	return map(b);
}

int
mailbox_new(int type, struct mailbox **bp)
{
	struct mailbox *b;
	int err;

	if ((b = allocate(NULL)) == NULL)
		return ENOMEM;
	b->keys.type = type;
	b->keys.pid = (uint32_t)GetCurrentProcessId();
	nt_random(b->keys.client, UNIX_SECRET);
	nt_random(b->keys.server, UNIX_SECRET);
	if ((err = create_all(b)) != 0) {
		close_all(b);
		return err;
	}
	memcpy(b->head->proof, b->keys.server, UNIX_SECRET);
	memcpy(b->head->magic, magic, sizeof(magic));
	*bp = b;
	return 0;
}

static int
open_all(struct mailbox *b)
{
	wchar_t name[UNIX_OBJECT_NAME];
	DWORD code;
	int alive, i;

	for (i = 0; i < BOX_ALIVE; i++) {
		object_name(&b->keys, (enum box_handle)i, name);
		b->handle[i] = (uintptr_t)open_object((enum box_handle)i,
		    name);
		if (b->handle[i] != 0)
			continue;
		code = GetLastError();
		return is_shortage(code) ? nt_errno(code) : ECONNREFUSED;
	}
	if (map(b) != 0 ||
	    memcmp(b->head->magic, magic, sizeof(magic)) != 0 ||
	    !unix_secret_equal(b->head->proof, b->keys.server))
		return ECONNREFUSED;
	mailbox_lock(b);
	alive = mailbox_is_alive(b);
	mailbox_unlock(b);
	return alive ? 0 : ECONNREFUSED;
}

int
mailbox_open(const struct unix_node *keys, struct mailbox **bp)
{
	struct mailbox *b;
	int err;

	if ((b = allocate(keys)) == NULL)
		return ENOMEM;
	if ((err = open_all(b)) != 0) {
		close_all(b);
		return err;
	}
	*bp = b;
	return 0;
}

int
mailbox_adopt(const uintptr_t handle[BOX_HANDLES], const struct unix_node *keys,
    struct mailbox **bp)
{
	struct mailbox *b;
	int err;

	if ((b = allocate(keys)) == NULL) {
		close_handles(handle);
		return ENOMEM;
	}
	memcpy(b->handle, handle, sizeof(b->handle));
	if ((err = map(b)) != 0) {
		close_all(b);
		return err;
	}
	*bp = b;
	return 0;
}

int
mailbox_is_alive(const struct mailbox *b)
{
	wchar_t name[UNIX_OBJECT_NAME];
	HANDLE h;

	if (b->handle[BOX_ALIVE] != 0)
		return 1;
	object_name(&b->keys, BOX_ALIVE, name);
	if ((h = open_object(BOX_ALIVE, name)) == NULL)
		return is_shortage(GetLastError());
	(void)CloseHandle(h);
	return 1;
}

void
mailbox_lock(const struct mailbox *b)
{
	(void)shared_lock(b->handle[BOX_MUTEX]);
}

void
mailbox_unlock(const struct mailbox *b)
{
	shared_unlock(b->handle[BOX_MUTEX]);
}

int
mailbox_leave(struct mailbox *b)
{
	int last = 0;

	if (b->handle[BOX_ALIVE] == 0)
		return 0;
	(void)CloseHandle((HANDLE)b->handle[BOX_ALIVE]);
	b->handle[BOX_ALIVE] = 0;
	mailbox_lock(b);
	if (!mailbox_is_alive(b) && !b->head->closed) {
		last = 1;
		b->head->closed = 1;
		(void)SetEvent((HANDLE)b->handle[BOX_ROOM]);
	}
	mailbox_unlock(b);
	return last;
}

void
mailbox_free(struct mailbox *b)
{
	(void)mailbox_leave(b);
	close_all(b);
}
