/*
 * A path to what NT opens: POSIX's rules for "/", "." and "..".
 *
 * Win32 takes ".." out of the text before anybody looks at the disk, so that
 * "file/.." and "none/.." are directories to it, and "link/.." is where the
 * link lies.  Here ".." looks, which costs an open: only where a name of the
 * path itself stands before it.
 */
#include "fileio/at.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fd/fdtable.h"
#include "fileio/at_nt.h"
#include "fileio/special.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "nt/path.h"

#define NT_PREFIX L"\\??\\"

/* A path that grows.  Nothing up to trusted can be a link. */
struct build {
	struct at_name *n;
	wchar_t *out;
	size_t len;
	size_t room;
	size_t root;		/* where ".." stops */
	size_t trusted;
};

static int
is_separator(wchar_t c)
{
	return c == L'\\' || c == L'/';
}

static int
is_drive(const wchar_t *s)
{
	return ((s[0] >= L'a' && s[0] <= L'z') ||
	    (s[0] >= L'A' && s[0] <= L'Z')) && s[1] == L':';
}

static int
reserve(struct build *b, size_t more)
{
	wchar_t *p;
	size_t room = b->len + more + 2;

	if (room <= b->room)
		return 0;
	if ((p = realloc(b->out, (room + 64) * sizeof(*p))) == NULL)
		return ENOMEM;
	b->out = p;
	b->room = room + 64;
	return 0;
}

static int
append(struct build *b, const wchar_t *s, size_t len)
{
	int err;

	if ((err = reserve(b, len)) != 0)
		return err;
	(void)memcpy(b->out + b->len, s, len * sizeof(*s));
	b->len += len;
	b->out[b->len] = L'\0';
	return 0;
}

static int
append_name(struct build *b, const wchar_t *s, size_t len)
{
	int err;

	if (b->len > 0 && b->out[b->len - 1] != L'\\' &&
	    (err = append(b, L"\\", 1)) != 0)
		return err;
	return append(b, s, len);
}

/* How much of "\??\C:\a" or "\??\UNC\server\share\a" is no name of a file. */
static size_t
root_of(const wchar_t *s)
{
	const wchar_t *p = s + wcslen(NT_PREFIX);
	int names = 1;

	if (_wcsnicmp(p, L"UNC\\", 4) == 0) {
		p += 4;
		names = 2;
	}
	for (; names > 0; names--) {
		p += wcscspn(p, L"\\");
		if (names > 1 && *p != L'\0')
			p++;
	}
	if (*p == L'\\' && p[-1] == L':')
		p++;
	return (size_t)(p - s);
}

/*
 * Begin anew with an absolute path: "C:\a", "\\server\share\a", or with one of
 * NT's prefixes.
 */
static int
begin(struct build *b, const wchar_t *s)
{
	int err;

	b->len = 0;
	if (wcsncmp(s, L"\\\\?\\", 4) == 0 || wcsncmp(s, NT_PREFIX, 4) == 0) {
		err = append(b, NT_PREFIX, 4);
		s += 4;
	} else if (s[0] == L'\\' && s[1] == L'\\') {
		err = append(b, L"\\??\\UNC\\", 8);
		s += 2;
	} else {
		err = append(b, NT_PREFIX, 4);
	}
	if (err != 0 || (err = append(b, s, wcslen(s))) != 0)
		return err;
	b->root = root_of(b->out);
	while (b->len > b->root && b->out[b->len - 1] == L'\\')
		b->out[--b->len] = L'\0';
	b->trusted = b->len;
	b->n->root = 0;
	return 0;
}

/* chdir() takes links out, so that none is in the current directory. */
static int
begin_current(struct build *b, int root_only)
{
	wchar_t small[MAX_PATH + 1], *big = NULL, *cwd = small;
	DWORD n = GetCurrentDirectoryW(MAX_PATH + 1, small);
	int err;

	if (n > MAX_PATH) {
		if ((cwd = big = malloc((n + 1) * sizeof(*big))) == NULL)
			return ENOMEM;
		if (GetCurrentDirectoryW(n + 1, big) > n)
			n = 0;		/* it changed meanwhile */
	}
	err = n == 0 ? EAGAIN : begin(b, cwd);
	free(big);
	if (err == 0 && root_only) {
		b->len = b->trusted = b->root;
		b->out[b->len] = L'\0';
	}
	return err;
}

static int
begin_dir(struct build *b, int dirfd)
{
	struct file *f;
	int err;

	if (dirfd == AT_FDCWD)
		return begin_current(b, 0);
	if ((err = fd_get(dirfd, &f)) != 0)
		return err;
	if (f->kind != FILE_DIR) {
		file_put(f);
		return ENOTDIR;
	}
	b->n->dir = f;
	b->n->root = f->handle;
	return append(b, L"", 0);
}

/* The root of the path, and where its names begin. */
static int
begin_path(struct build *b, int dirfd, const wchar_t *s, const wchar_t **names)
{
	wchar_t drive[4] = { s[0], L':', L'\\', L'\0' };
	size_t len;
	int err;

	*names = s;
	if (is_drive(s)) {
		*names = s + 2;
		if (s[2] != L'\0' && !is_separator(s[2]))
			return EINVAL;	/* LIM-FILE-2 */
		b->n->last = AT_LAST_ROOT;
		return begin(b, drive);
	}
	if (!is_separator(s[0]))
		return begin_dir(b, dirfd);
	b->n->last = AT_LAST_ROOT;
	len = wcscspn(s + 2, L"\\/");
	if (!is_separator(s[1]) || len == 0 || s[2] == L'\0')
		return begin_current(b, 1);
	/* "//server/share": two slashes and no more. */
	if ((err = append(b, L"\\??\\UNC\\", 8)) != 0 ||
	    (err = append(b, s + 2, len)) != 0)
		return err;
	for (s += 2 + len; is_separator(*s); s++)
		;
	len = wcscspn(s, L"\\/");
	*names = s + len;
	if (len == 0)
		return ENOENT;
	if ((err = append_name(b, s, len)) == 0)
		b->root = b->trusted = b->len;
	return err;
}

static void
pop(struct build *b)
{
	while (b->len > b->root && b->out[b->len - 1] != L'\\')
		b->len--;
	if (b->len > b->root)
		b->len--;
	b->out[b->len] = L'\0';
	if (b->trusted > b->len)
		b->trusted = b->len;
}

static int
begin_handle(struct build *b, HANDLE h)
{
	uint16_t *full;
	int err;

	if ((err = at_handle_name(h, &full)) != 0)
		return err;
	err = begin(b, (wchar_t *)full);
	free(full);
	return err;
}

/* What is built must be a directory; if it is a link, go on from its target. */
static int
enter(struct build *b)
{
	struct at_name so_far = *b->n;
	HANDLE h;
	int err, link;

	so_far.path = (uint16_t *)b->out;
	so_far.must_be_dir = 1;
	if ((err = at_open(&so_far, 0, 0, &h)) != 0)
		return err;
	(void)nt.CloseHandle(h);
	so_far.must_be_dir = 0;
	if ((err = at_open(&so_far, 0, AT_SYMLINK_NOFOLLOW, &h)) != 0)
		return err;
	link = at_is_link(h);
	(void)nt.CloseHandle(h);
	if (!link)
		return 0;
	if ((err = at_open(&so_far, 0, 0, &h)) != 0)
		return err;
	err = begin_handle(b, h);
	(void)nt.CloseHandle(h);
	return err;
}

static int
dotdot(struct build *b)
{
	int err;

	if (b->n->root != 0 && b->len == 0 &&
	    (err = begin_handle(b, (HANDLE)b->n->root)) != 0)
		return err;
	if (b->len > b->trusted && (err = enter(b)) != 0)
		return err;
	pop(b);
	return 0;
}

static int
add_name(struct build *b, const wchar_t *s, size_t len)
{
	int err;

	b->n->must_be_dir = 1;
	if (len == 1 && s[0] == L'.') {
		b->n->last = AT_LAST_DOT;
		return 0;
	}
	if (len == 2 && s[0] == L'.' && s[1] == L'.') {
		b->n->last = AT_LAST_DOTDOT;
		return dotdot(b);
	}
	b->n->must_be_dir = 0;
	b->n->last = AT_LAST_NAME;
	if ((err = nt_check_name((const uint16_t *)s, len)) != 0)
		return err;
	return append_name(b, s, len);
}

static int
build(struct build *b, int dirfd, const wchar_t *s)
{
	size_t len;
	int err;

	if ((err = begin_path(b, dirfd, s, &s)) != 0)
		return err;
	b->n->must_be_dir = *s == L'\0';
	while (*s != L'\0') {
		len = wcscspn(s, L"\\/");
		if (len > 0 && (err = add_name(b, s, len)) != 0)
			return err;
		s += len;
		while (is_separator(*s)) {
			b->n->must_be_dir = 1;
			s++;
		}
	}
	return 0;
}

/* "\\?\..." and "\\.\..." are NT's own: taken as they are. */
static int
verbatim(struct build *b, const wchar_t *s)
{
	size_t i;
	int err;

	b->n->last = AT_LAST_NAME;
	if ((err = append(b, NT_PREFIX, 4)) != 0 ||
	    (err = append(b, s + 4, wcslen(s + 4))) != 0)
		return err;
	for (i = 0; i < b->len; i++)
		if (b->out[i] == L'/')
			b->out[i] = L'\\';
	return 0;
}

static int
is_verbatim(const wchar_t *s)
{
	return is_separator(s[0]) && is_separator(s[1]) &&
	    (s[2] == L'?' || s[2] == L'.') && is_separator(s[3]);
}

int
at_name(int dirfd, const char *path, struct at_name *n)
{
	struct build b = { .n = n };
	uint16_t *wide;
	wchar_t *w;
	int err;

	(void)memset(n, 0, sizeof(*n));
	if (path == NULL)
		return EFAULT;
	if (*path == '\0')
		return ENOENT;
	if (strlen(path) >= NT_PATH_BYTES)
		return ENAMETOOLONG;
	if (special_find(path, &n->special, &n->fd))
		return 0;
	if ((err = nt_wide(path, &wide)) != 0)
		return err;
	w = (wchar_t *)wide;
	err = is_verbatim(w) ? verbatim(&b, w) : build(&b, dirfd, w);
	free(wide);
	n->path = (uint16_t *)b.out;
	if (err != 0)
		at_free(n);
	return err;
}

void
at_free(struct at_name *n)
{
	free(n->path);
	n->path = NULL;
	if (n->dir != NULL)
		file_put(n->dir);
	n->dir = NULL;
}

int
at_win32(const struct at_name *n, uint16_t **path)
{
	struct at_name none = { 0 };
	struct build b = { .n = &none };
	const wchar_t *names = (const wchar_t *)n->path;
	int err;

	if (names == NULL)
		return EINVAL;
	if (n->root != 0)
		err = begin_handle(&b, (HANDLE)n->root);
	else
		err = begin(&b, names);
	if (err == 0 && n->root != 0 && *names != L'\0')
		err = append_name(&b, names, wcslen(names));
	if (err != 0) {
		free(b.out);
		return err;
	}
	b.out[1] = L'\\';
	*path = (uint16_t *)b.out;
	return 0;
}
