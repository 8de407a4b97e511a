#include "compat/fileio/rows.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/main.h"

static const char *const call_name[] = { "open", "open O_CREAT",
    "open O_CREAT|O_EXCL", "open O_WRONLY", "open O_TRUNC",
    "open O_DIRECTORY", "open O_PATH", "open O_TMPFILE", "creat", "mkdir",
    "rmdir", "unlink", "remove", "rename", "renameat2 NOREPLACE",
    "renameat2 EXCHANGE", "link", "symlink", "readlink", "realpath", "chdir",
    "truncate", "unlinkat REMOVEDIR", "unlinkat 0x800" };

/* A name of 256, a path of 4,096; in the table by their first letter. */
static char long_name[257], long_path[4097];

static const char *
expand(const char *s)
{
	if (s == NULL || *s != '@')
		return s;
	return s[1] == 'n' ? long_name : long_path;
}

static int
shut(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int
real(const char *path)
{
	char *p = realpath(path, NULL);

	free(p);
	return p == NULL ? -1 : 0;
}

static int
call_one(enum call call, int at, const char *a)
{
	char buf[64];

	switch (call) {
	case OPEN:
		return shut(openat(at, a, O_RDONLY));
	case CREATE:
		return shut(openat(at, a, O_RDWR | O_CREAT, 0644));
	case NEW:
		return shut(openat(at, a, O_RDWR | O_CREAT | O_EXCL, 0644));
	case WRITE:
		return shut(openat(at, a, O_WRONLY));
	case TRUNC:
		return shut(openat(at, a, O_RDONLY | O_TRUNC));
	case OPENDIR:
		return shut(openat(at, a, O_RDONLY | O_DIRECTORY));
	case PATHFD:
		return shut(openat(at, a, O_PATH));
	case TMPFILE:
		return shut(openat(at, a, O_TMPFILE | O_RDWR, 0600));
	case CREAT:
		return shut(creat(a, 0644));
	case MKDIR:
		return mkdirat(at, a, 0755);
	case RMDIR:
		return at == AT_FDCWD ? rmdir(a) :
		    unlinkat(at, a, AT_REMOVEDIR);
	case UNLINK:
		return unlinkat(at, a, 0);
	case REMOVE:
		return remove(a);
	case READLINK:
		return readlinkat(at, a, buf, sizeof(buf)) < 0 ? -1 : 0;
	case REALPATH:
		return real(a);
	case CHDIR:
		return chdir(a);
	case TRUNCATE:
		return truncate(a, 0);
	case UNLINKAT:
		return unlinkat(at, a, AT_REMOVEDIR);
	default:
		return unlinkat(at, a, 0x800);
	}
}

static int
call_two(const struct row *r, int at)
{
	const char *a = expand(r->a), *b = expand(r->b);

	switch (r->call) {
	case RENAME:
		return renameat(at, a, at, b);
	case NOREPLACE:
		return renameat2(at, a, at, b, RENAME_NOREPLACE);
	case EXCHANGE:
		return renameat2(at, a, at, b, 0x100);
	case LINK:
		return linkat(at, a, at, b, 0);
	case SYMLINK:
		return symlinkat(a, at, b);
	default:
		return call_one(r->call, at, a);
	}
}

void
rows_check(const struct row *r, size_t n)
{
	int at[4] = { AT_FDCWD, -1, -1, 60000 }, bad = 0, got;

	ck_assert_int_ge(at[DIR_FD] = open("full", O_RDONLY | O_DIRECTORY), 0);
	ck_assert_int_ge(at[FILE_FD] = open("f", O_RDONLY), 0);
	for (; n > 0; n--, r++) {
		errno = 0;
		got = call_two(r, at[r->where]);
		if (r->err == NONE ? got == 0 && errno == 0 :
		    got == -1 && errno == r->err)
			continue;
		bad++;
		printf("# %s \"%.30s\" \"%.30s\" from %d: %d, errno %d (%s), "
		    "not %d\n", call_name[r->call],
		    r->a != NULL ? r->a : "(null)", r->b != NULL ? r->b : "",
		    (int)r->where, got, errno, strerror(errno), r->err);
	}
	ck_assert_int_eq(close(at[FILE_FD]), 0);
	ck_assert_int_eq(close(at[DIR_FD]), 0);
	ck_assert_int_eq(bad, 0);
}

static void
make(const char *name)
{
	ck_assert_int_eq(shut(open(name, O_WRONLY | O_CREAT, 0644)), 0);
}

void
rows_setup(void)
{
	(void)memset(long_name, 'n', sizeof(long_name) - 1);
	(void)memset(long_path, '/', sizeof(long_path) - 1);
	(void)memcpy(long_path, "empty", 5);
	make("f");
	/* They are still there when a test has failed. */
	(void)mkdir("empty", 0755);
	(void)mkdir("full", 0755);
	make("full/x");
}

void
rows_teardown(void)
{
	ck_assert_int_eq(unlink("full/x"), 0);
	ck_assert_int_eq(rmdir("full"), 0);
	ck_assert_int_eq(rmdir("empty"), 0);
	ck_assert_int_eq(unlink("f"), 0);
}

