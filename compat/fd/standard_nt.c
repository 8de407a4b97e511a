#include "fd/standard.h"

#include <fcntl.h>
#include <string.h>

#include "fd/crt.h"
#include "fd/fdtable.h"
#include "nt/calls_nt.h"

static struct lock lock;
static HANDLE given[3];		/* of ours, that NT has as standard handles */

/*
 * The handle that a program which knows nothing of us can use, without harm to
 * those that do: not a pipe's that it would read from, since the count of what
 * is in the pipe would be wrong from then on, nor an overlapped one of a file
 * or socket, which it could not use (LIM-FD-9).
 */
static int
handle_of(struct file *f, struct native_handle *native)
{
	int is_ours = strcmp(f->ops->name, "stream") != 0;

	if (f->ops->native == NULL || f->kind == FILE_SOCKET)
		return 0;
	if (is_ours && f->kind == FILE_PIPE &&
	    (file_flags(f) & O_ACCMODE) == O_RDONLY)
		return 0;
	if (f->ops->native(f, native) != 0 || native->handle == 0)
		return 0;
	return !is_ours || f->kind != FILE_DISK || native->handle != f->handle;
}

/* A duplicate, for as long as f is at the number: f's own may be shared. */
static HANDLE
duplicate(struct file *f)
{
	HANDLE copy, self = GetCurrentProcess();
	struct native_handle native = { 0 };

	if (!handle_of(f, &native) || !nt.DuplicateHandle(self,
	    (HANDLE)native.handle, self, &copy, native.access, FALSE,
	    native.access == 0 ? DUPLICATE_SAME_ACCESS : 0))
		return NULL;
	return copy;
}

/*
 * Without a handle of its own a descriptor has that of the placeholder, and a
 * closed one none.  The lock makes the last change win.
 */
void
standard_follow(int fd)
{
	static const DWORD std[] = { STD_INPUT_HANDLE, STD_OUTPUT_HANDLE,
	    STD_ERROR_HANDLE };
	struct file *f = NULL;
	uintptr_t crt = 0;
	HANDLE h = NULL;

	if (fd < 0 || fd > 2)
		return;
	lock_write(&lock);
	if (fd_get_own(fd, &f) == 0)
		h = duplicate(f);
	if (h != NULL)
		(void)SetStdHandle(std[fd], h);
	else if (f != NULL && crt_handle(fd, &crt) == 0)
		(void)SetStdHandle(std[fd], (HANDLE)crt);
	else if (f == NULL && given[fd] != NULL)
		(void)SetStdHandle(std[fd], NULL);
	if (given[fd] != NULL)
		(void)CloseHandle(given[fd]);
	given[fd] = h;
	unlock_write(&lock);
	if (f != NULL)
		file_put(f);
}
