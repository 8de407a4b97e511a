/*
 * link, symlink and readlink.
 *
 * NT's symbolic links say whether they lead to a directory, and have "\" in
 * them; making one takes a privilege, or Windows 10 in developer mode
 * (LIM-FILE-21).  Junctions are links too.
 */
#include "fileio/names.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fd/fdtable.h"
#include "fileio/names_nt.h"
#include "fileio/reparse.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

#define GET_REPARSE_POINT 0x900a8	/* FSCTL_GET_REPARSE_POINT */
#define LINK_TO_DIRECTORY 0x1
#define LINK_UNPRIVILEGED 0x2
#define REPARSE_MAX (16 * 1024)

/* May a link be made at n?  What is there is the caller's to find out. */
static int
check_new(const struct at_name *n)
{
	struct at_name plain = *n;
	HANDLE h;

	if (n->special != AT_NO_SPECIAL || n->last != AT_LAST_NAME)
		return EEXIST;
	if (!n->must_be_dir)
		return 0;
	plain.must_be_dir = 0;
	if (at_open(&plain, 0, AT_SYMLINK_NOFOLLOW, &h) != 0)
		return ENOENT;
	(void)nt.CloseHandle(h);
	return EEXIST;
}

/*
 * NT refuses a directory with "access denied", which would be EACCES: POSIX
 * says EPERM.  A volume without links (FAT) says "invalid device request".
 */
static int
link_handle(HANDLE h, const struct at_name *to)
{
	NTSTATUS status;
	HANDLE t;
	int err;

	if ((err = check_new(to)) != 0)
		return err;
	if (at_is_dir(h)) {
		err = at_open(to, 0, AT_SYMLINK_NOFOLLOW, &t);
		if (err == 0)
			(void)nt.CloseHandle(t);
		return err == 0 ? EEXIST : err == ENOENT ? EPERM : err;
	}
	status = at_link(h, to);
	if (status == STATUS_INVALID_DEVICE_REQUEST)
		return EPERM;
	return at_errno(to, status);
}

/* /proc/self/fd/N, or N itself: how a file of O_TMPFILE gets a name. */
static int
link_fd(int fd, const struct at_name *to)
{
	struct file *f;
	HANDLE h;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind == FILE_DIR)
		err = EPERM;
	else if (f->kind != FILE_DISK)
		err = EXDEV;
	else
		err = link_handle((HANDLE)f->handle, to);
	if (err == EACCES) {
		h = nt.ReOpenFile((HANDLE)f->handle, FILE_WRITE_ATTRIBUTES,
		    SHARE_ALL, 0);
		if (h != INVALID_HANDLE_VALUE) {
			err = link_handle(h, to);
			(void)nt.CloseHandle(h);
		}
	}
	file_put(f);
	return err;
}

static int
link_name(const struct at_name *from, int follow, const struct at_name *to)
{
	HANDLE h;
	int err;

	if (from->special == AT_FD && follow)
		return link_fd(from->fd, to);
	if (from->special != AT_NO_SPECIAL)
		return EXDEV;
	if ((err = at_open(from, FILE_WRITE_ATTRIBUTES,
	    follow ? 0 : AT_SYMLINK_NOFOLLOW, &h)) != 0)
		return err;
	err = link_handle(h, to);
	(void)nt.CloseHandle(h);
	return err;
}

int
name_link(int fromfd, const char *from, int tofd, const char *to, int flags)
{
	struct at_name a = { 0 }, b;
	int by_fd, err;

	by_fd = (flags & AT_EMPTY_PATH) && from != NULL && *from == '\0';
	if (!by_fd && (err = at_name(fromfd, from, &a)) != 0)
		return err;
	if ((err = at_name(tofd, to, &b)) == 0) {
		err = by_fd ? link_fd(fromfd, &b) :
		    link_name(&a, (flags & AT_SYMLINK_FOLLOW) != 0, &b);
		at_free(&b);
	}
	at_free(&a);
	return err;
}

/* The text of a link as NT wants it, from names that NT can hold. */
static int
link_text(const char *target, wchar_t **out)
{
	uint16_t *wide;
	wchar_t *p, *s;
	size_t len;
	int err;

	if (strlen(target) >= NT_PATH_BYTES)
		return ENAMETOOLONG;
	if ((err = nt_wide(target, &wide)) != 0)
		return err;
	s = (wchar_t *)wide;
	for (p = s; *p != L'\0'; p++)
		if (*p == L'/')
			*p = L'\\';
	p = s[0] != L'\0' && s[1] == L':' && s[2] == L'\\' ? s + 2 : s;
	for (; *p != L'\0'; p += len) {
		p += wcsspn(p, L"\\");
		if ((len = wcscspn(p, L"\\")) > 0 &&
		    (err = nt_check_name((uint16_t *)p, len)) != 0) {
			free(wide);
			return err;
		}
	}
	*out = s;
	return 0;
}

/* Is there a directory at path, by whatever links? */
static int
is_dir_at(const char *path)
{
	struct at_name n;
	HANDLE h;
	int yes = 0;

	if (at_name(AT_FDCWD, path, &n) != 0)
		return 0;
	if (at_open(&n, 0, 0, &h) == 0) {
		yes = at_is_dir(h);
		(void)nt.CloseHandle(h);
	}
	at_free(&n);
	return yes;
}

/* Does text, in a link at path ("\\?\C:\a"), lead to a directory by now? */
static int
leads_to_dir(const wchar_t *path, const wchar_t *text)
{
	wchar_t *full;
	size_t dir = 0;
	char *utf8;
	int yes = 0;

	if (text[0] != L'\\' && (text[0] == L'\0' || text[1] != L':'))
		dir = (size_t)(wcsrchr(path, L'\\') - path) + 1;
	if ((full = malloc((dir + wcslen(text) + 1) * sizeof(*full))) == NULL)
		return 0;
	(void)memcpy(full, path, dir * sizeof(*full));
	(void)wcscpy(full + dir, text);
	if (dir > 0)
		full[1] = L'?';
	if (path_text((uint16_t *)full, &utf8) == 0) {
		yes = is_dir_at(utf8);
		free(utf8);
	}
	free(full);
	return yes;
}

/* Wine says that it made a link, and has made nothing: look. */
static int
verify(const struct at_name *n)
{
	HANDLE h;
	int err;

	if ((err = at_open(n, 0, AT_SYMLINK_NOFOLLOW, &h)) != 0)
		return err == ENOENT ? ENOSYS : err;
	err = at_is_link(h) ? 0 : EEXIST;
	(void)nt.CloseHandle(h);
	return err;
}

static int
make_link(const wchar_t *text, const struct at_name *n)
{
	uint16_t *path;
	DWORD code = 0, flags;
	int err;

	if ((err = at_win32(n, &path)) != 0)
		return err;
	flags = leads_to_dir((wchar_t *)path, text) ? LINK_TO_DIRECTORY : 0;
	if (!nt.CreateSymbolicLinkW((wchar_t *)path, text,
	    flags | LINK_UNPRIVILEGED) &&
	    (code = GetLastError()) == ERROR_INVALID_PARAMETER)
		/* Before Windows 10 1703 there is no such flag. */
		code = nt.CreateSymbolicLinkW((wchar_t *)path, text, flags) ?
		    0 : GetLastError();
	free(path);
	if (code == ERROR_PATH_NOT_FOUND)
		return at_passes_file(n) ? ENOTDIR : ENOENT;
	return code == 0 ? verify(n) : nt_errno(code);
}

/* 0 when there is nothing at n, and could be. */
static int
check_free(const struct at_name *n)
{
	NTSTATUS status;
	HANDLE h;
	int err;

	if ((err = check_new(n)) != 0)
		return err;
	status = at_create(n, 0, 0, FILE_OPEN, FILE_OPEN_REPARSE_POINT, &h,
	    NULL);
	if (status == STATUS_OBJECT_NAME_NOT_FOUND)
		return 0;
	if (status != 0)
		return at_errno(n, status);
	(void)nt.CloseHandle(h);
	return EEXIST;
}

int
name_symlink(const char *target, int dirfd, const char *path)
{
	struct at_name n;
	wchar_t *text;
	int err;

	if (target == NULL)
		return EFAULT;
	if (*target == '\0')
		return ENOENT;
	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	if ((err = check_free(&n)) == 0 &&
	    (err = link_text(target, &text)) == 0) {
		err = make_link(text, &n);
		free(text);
	}
	at_free(&n);
	return err;
}

/* "\??\C:\a" is C:\a, "\??\UNC\server\share" is \\server\share. */
static wchar_t *
without_prefix(wchar_t *s)
{
	if (wcsncmp(s, L"\\??\\", 4) != 0)
		return s;
	if (s[4] != L'\0' && s[5] == L':')
		return s + 4;
	if (_wcsnicmp(s + 4, L"UNC\\", 4) == 0) {
		s[6] = L'\\';
		return s + 6;
	}
	s[1] = L'\\';
	return s;
}

int
path_text(uint16_t *wide, char **out)
{
	wchar_t *s = without_prefix((wchar_t *)wide), *p;

	for (p = s; *p != L'\0'; p++)
		if (*p == L'\\')
			*p = L'/';
	return nt_utf8((uint16_t *)s, out);
}

static int
read_link(HANDLE h, char **out)
{
	OVERLAPPED ov = { 0 };
	void *buf;
	DWORD n;
	int err;

	if ((buf = malloc(REPARSE_MAX)) == NULL)
		return ENOMEM;
	/* No file system keeps a reparse point waiting. */
	if (nt.DeviceIoControl(h, GET_REPARSE_POINT, NULL, 0, buf, REPARSE_MAX,
	    &n, &ov))
		err = reparse_text(buf, n, out);
	else
		err = nt_errno(GetLastError());
	free(buf);
	return err;
}

static int
read_fd(int fd, char **out)
{
	struct file *f;
	uint16_t *path;
	int err;

	if (fd_get(fd, &f) != 0)
		return ENOENT;
	err = EINVAL;
	if (f->kind == FILE_DISK || f->kind == FILE_DIR)
		err = at_handle_name((HANDLE)f->handle, &path);
	file_put(f);
	if (err != 0)
		return err;
	err = path_text(path, out);
	free(path);
	return err;
}

int
name_readlink(int dirfd, const char *path, char **out)
{
	struct at_name n;
	HANDLE h;
	int err;

	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	if (n.special == AT_FD) {
		err = read_fd(n.fd, out);
	} else if (n.special != AT_NO_SPECIAL) {
		err = EINVAL;
	} else if ((err = at_open(&n, 0, AT_SYMLINK_NOFOLLOW, &h)) == 0) {
		err = at_is_link(h) ? read_link(h, out) : EINVAL;
		(void)nt.CloseHandle(h);
	}
	at_free(&n);
	return err;
}
