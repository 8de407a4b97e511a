#include "afunix/mailbox_nt.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fd/share.h"
#include "nt/access_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

#define NAME_SIZE 64

static const char magic[8] = "cmpt-bx1";

/* Of the session, as the locks of compat/flock are: LIM-UNIX-20. */
static void
object_name(const struct unix_node *keys, enum box_handle which,
    WCHAR name[NAME_SIZE])
{
	size_t n = (size_t)swprintf(name, NAME_SIZE, L"Local\\compat-box%d-",
	    (int)which);
	int i;

	for (i = 0; i < UNIX_SECRET; i++)
		n += (size_t)swprintf(name + n, NAME_SIZE - n, L"%02x",
		    keys->client[i]);
}

static HANDLE
create_object(enum box_handle which, SECURITY_ATTRIBUTES *sa,
    const WCHAR *name)
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
open_object(enum box_handle which, const WCHAR *name)
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
close_all(struct mailbox *b)
{
	int i;

	if (b->head != NULL)
		(void)UnmapViewOfFile(b->head);
	for (i = 0; i < BOX_HANDLES; i++)
		if (b->handle[i] != 0)
			(void)CloseHandle((HANDLE)b->handle[i]);
	free(b);
}

static int
create_all(struct mailbox *b)
{
	SECURITY_ATTRIBUTES *sa;
	WCHAR name[NAME_SIZE];
	int err, i;

	if ((err = nt_private(0, &sa)) != 0)
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
mailbox_new(struct mailbox **bp)
{
	struct mailbox *b;
	int err;

	if ((b = allocate(NULL)) == NULL)
		return ENOMEM;
	b->keys.pid = (uint32_t)GetCurrentProcessId();
	if ((err = unix_random(b->keys.client, UNIX_SECRET)) != 0 ||
	    (err = unix_random(b->keys.server, UNIX_SECRET)) != 0 ||
	    (err = create_all(b)) != 0) {
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
	WCHAR name[NAME_SIZE];
	DWORD code;
	int i;

	for (i = 0; i < BOX_ALIVE; i++) {
		object_name(&b->keys, (enum box_handle)i, name);
		b->handle[i] = (uintptr_t)open_object((enum box_handle)i,
		    name);
		if (b->handle[i] != 0)
			continue;
		code = GetLastError();
		return is_shortage(code) ? nt_errno(code) : ECONNREFUSED;
	}
	return map(b) != 0 ||
	    memcmp(b->head->magic, magic, sizeof(magic)) != 0 ||
	    !unix_secret_equal(b->head->proof, b->keys.server) ||
	    !mailbox_is_alive(b) ? ECONNREFUSED : 0;
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

	if ((b = allocate(keys)) == NULL)
		return ENOMEM;
	memcpy(b->handle, handle, sizeof(b->handle));
	if ((err = map(b)) != 0) {
		free(b);
		return err;
	}
	*bp = b;
	return 0;
}

int
mailbox_is_alive(const struct mailbox *b)
{
	WCHAR name[NAME_SIZE];
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

void
mailbox_free(struct mailbox *b)
{
	if (b->handle[BOX_ALIVE] != 0) {
		(void)CloseHandle((HANDLE)b->handle[BOX_ALIVE]);
		b->handle[BOX_ALIVE] = 0;
		mailbox_lock(b);
		if (!mailbox_is_alive(b)) {
			b->head->closed = 1;
			(void)SetEvent((HANDLE)b->handle[BOX_ROOM]);
		}
		mailbox_unlock(b);
	}
	close_all(b);
}
