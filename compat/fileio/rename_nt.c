/*
 * rename: replaces its target, open or not, in one step where NT can
 * (FILE_RENAME_POSIX_SEMANTICS, Windows 10 1709 on NTFS).  Elsewhere, as under
 * Wine, the plain rename does for a target that is not open; one that is open
 * is moved out of the way first, and for a moment there is no file of that
 * name: LIM-FILE-4.
 */
#include "fileio/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fileio/names_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* Newer than mingw's headers. */
#define RENAME_INFORMATION_EX ((FILE_INFORMATION_CLASS)65)

/* FILE_RENAME_INFORMATION, ..._EX and FILE_LINK_INFORMATION are all this. */
struct name_info {
	ULONG flags;
	HANDLE root;
	ULONG len;		/* in bytes */
	WCHAR name[1];
};

static NTSTATUS
set_name(HANDLE h, const struct at_name *to, FILE_INFORMATION_CLASS class,
    ULONG flags)
{
	size_t len = wcslen((const wchar_t *)to->path) * sizeof(wchar_t);
	struct name_info *info;
	IO_STATUS_BLOCK iosb;
	NTSTATUS status;

	if ((info = calloc(1, sizeof(*info) + len)) == NULL)
		return STATUS_NO_MEMORY;
	info->flags = flags;
	info->root = (HANDLE)to->root;
	info->len = (ULONG)len;
	(void)memcpy(info->name, to->path, len);
	status = nt.NtSetInformationFile(h, &iosb, info,
	    (ULONG)(sizeof(*info) + len), class);
	free(info);
	return status;
}

NTSTATUS
at_rename(HANDLE h, const struct at_name *to, ULONG flags)
{
	if (flags & RENAME_POSIX)
		return set_name(h, to, RENAME_INFORMATION_EX, flags);
	return set_name(h, to, FileRenameInformation, flags & RENAME_REPLACE);
}

NTSTATUS
at_link(HANDLE h, const struct at_name *to)
{
	return set_name(h, to, FileLinkInformation, 0);
}

/* Does status say that the system lacks an information class? */
static int
lacks_class(NTSTATUS status)
{
	return status == STATUS_INVALID_PARAMETER ||
	    status == STATUS_INVALID_INFO_CLASS ||
	    status == STATUS_NOT_SUPPORTED ||
	    status == STATUS_NOT_IMPLEMENTED ||
	    status == STATUS_INVALID_DEVICE_REQUEST;
}

/* The two ends of a rename. */
struct pair {
	const struct at_name *from;
	const struct at_name *to;
	HANDLE h;		/* of from, with DELETE */
	int from_dir;
	int exists;		/* there is something at to: */
	int to_dir;		/* a directory, or a link to one, */
	int to_link;		/* a link */
	int removed;		/* an empty directory, until now */
};

/* Is the target open?  Take its name, and put it back if that helps not. */
static NTSTATUS
move_over(const struct pair *p)
{
	NTSTATUS status;
	HANDLE t;

	if (at_create(p->to, DELETE | FILE_WRITE_ATTRIBUTES, 0, FILE_OPEN,
	    FILE_OPEN_REPARSE_POINT, &t, NULL) != 0)
		return STATUS_ACCESS_DENIED;
	if (displace(t, p->to) != 0) {
		status = STATUS_ACCESS_DENIED;
	} else if ((status = at_rename(p->h, p->to, 0)) != 0) {
		put_back(t, p->to);
	} else {
		(void)delete_handle(t, p->to, p->to_dir);
	}
	(void)nt.CloseHandle(t);
	return status;
}

static NTSTATUS
move(const struct pair *p, int replace)
{
	NTSTATUS status;

	status = at_rename(p->h, p->to, RENAME_POSIX | RENAME_IGNORE_READONLY |
	    (replace ? RENAME_REPLACE : 0));
	if (lacks_class(status))
		status = at_rename(p->h, p->to, replace ? RENAME_REPLACE : 0);
	if (!replace || !p->exists || p->removed)
		return status;
	if (status == STATUS_ACCESS_DENIED ||
	    status == STATUS_SHARING_VIOLATION ||
	    status == STATUS_OBJECT_NAME_COLLISION)
		status = move_over(p);
	return status;
}

static int
inside(const uint16_t *inner, const uint16_t *outer)
{
	size_t len = wcslen((const wchar_t *)outer);

	return _wcsnicmp((const wchar_t *)inner, (const wchar_t *)outer,
	    len) == 0 && inner[len] == L'\\';
}

/* Is a below the directory b? */
static int
is_below(const struct at_name *a, const struct at_name *b)
{
	uint16_t *inner, *outer;
	int below;

	if (a->root == b->root)
		return inside(a->path, b->path);
	if (at_win32(a, &inner) != 0)
		return 0;
	if (at_win32(b, &outer) != 0) {
		free(inner);
		return 0;
	}
	below = inside(inner, outer);
	free(outer);
	free(inner);
	return below;
}

/*
 * What is at to, and is it the file that is to be moved?  Then there is
 * nothing to do, unless one name is to be written in another case: *same.
 */
static int
look(struct pair *p, int *same)
{
	struct file_id a, b;
	struct at_name plain = *p->to;
	NTSTATUS status;
	HANDLE t;

	*same = 0;
	plain.must_be_dir = 0;
	status = at_create(&plain, 0, 0, FILE_OPEN, FILE_OPEN_REPARSE_POINT,
	    &t, NULL);
	if (status == STATUS_OBJECT_NAME_NOT_FOUND)
		return 0;
	if (status != 0)
		return at_errno(p->to, status);
	p->exists = 1;
	p->to_dir = at_is_dir(t);
	p->to_link = at_is_link(t);
	if (file_id(p->h, &a) && file_id(t, &b) && same_id(&a, &b)) {
		*same = (!p->from_dir && a.links > 1) ||
		    (p->from->root == p->to->root &&
		    wcscmp((const wchar_t *)p->from->path,
		    (const wchar_t *)p->to->path) == 0);
		p->exists = 0;
	}
	(void)nt.CloseHandle(t);
	return 0;
}

/* May from replace what is at to?  A directory there goes now. */
static int
clear_target(struct pair *p)
{
	int err, is_dir = p->to_dir && !p->to_link;

	if (!p->exists)
		return 0;
	if (is_dir && is_below(p->from, p->to))
		return ENOTEMPTY;
	if (p->from_dir != is_dir)
		return is_dir ? EISDIR : ENOTDIR;
	if (!is_dir)
		return 0;
	if ((err = at_remove(p->to, 1)) == 0)
		p->removed = 1;
	return err;
}

static void
make_again(const struct at_name *n)
{
	HANDLE h;

	if (at_create(n, 0, FILE_ATTRIBUTE_NORMAL, FILE_CREATE,
	    FILE_DIRECTORY_FILE, &h, NULL) == 0)
		(void)nt.CloseHandle(h);
}

static int
rename_open(struct pair *p, int replace)
{
	int err, same;

	p->from_dir = at_is_dir(p->h) && !at_is_link(p->h);
	if (!p->from_dir && (p->from->must_be_dir || p->to->must_be_dir))
		return ENOTDIR;
	if ((err = look(p, &same)) != 0)
		return err;
	if (!replace && (p->exists || same))
		return EEXIST;
	if (p->from_dir && is_below(p->to, p->from))
		return EINVAL;
	if (same || (err = clear_target(p)) != 0)
		return err;
	err = at_errno(p->to, move(p, replace));
	if (err != 0 && p->removed)
		make_again(p->to);
	return err;
}

static int
rename_names(const struct at_name *from, const struct at_name *to,
    int replace)
{
	struct pair p = { .from = from, .to = to };
	int err;

	if (from->special != AT_NO_SPECIAL || to->special != AT_NO_SPECIAL)
		return EXDEV;
	if (from->last != AT_LAST_NAME)
		return EBUSY;
	if (to->last != AT_LAST_NAME)
		return replace ? EBUSY : EEXIST;
	if ((err = at_errno(from, at_create(from, DELETE, 0, FILE_OPEN,
	    FILE_OPEN_REPARSE_POINT, &p.h, NULL))) != 0)
		return err;
	err = rename_open(&p, replace);
	(void)nt.CloseHandle(p.h);
	return err;
}

int
name_rename(int fromfd, const char *from, int tofd, const char *to,
    int replace)
{
	struct at_name a, b;
	int err;

	if ((err = at_name(fromfd, from, &a)) != 0)
		return err;
	if ((err = at_name(tofd, to, &b)) == 0) {
		err = rename_names(&a, &b, replace);
		at_free(&b);
	}
	at_free(&a);
	return err;
}
