/*
 * O_TMPFILE.  NT cannot give a file its first name later.  With O_EXCL nobody
 * will want that, so the name goes at once; else the file has one that nobody
 * looks for, which NT removes with the last handle, also when the process
 * dies: LIM-FILE-20.
 */
#include "fileio/open.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "fileio/at_nt.h"
#include "fileio/disk.h"
#include "fileio/names_nt.h"
#include "nt/calls_nt.h"
#include "nt/random.h"

static NTSTATUS
create(const struct at_name *n, int flags, HANDLE *h)
{
	ACCESS_MASK access = GENERIC_WRITE | DELETE;
	ULONG options = FILE_NON_DIRECTORY_FILE;

	if ((flags & O_ACCMODE) == O_RDWR)
		access |= GENERIC_READ;
	if (!(flags & O_EXCL))
		options |= FILE_DELETE_ON_CLOSE;
	if (flags & O_DSYNC)
		options |= FILE_WRITE_THROUGH;
	return at_create(n, access, FILE_ATTRIBUTE_NORMAL, FILE_CREATE,
	    options, h, NULL);
}

int
tmpfile_open(const struct at_name *dir, int flags, mode_t mode,
    struct file **fp)
{
	struct at_name in = *dir, n = { 0 };
	wchar_t name[32];
	NTSTATUS status;
	uint64_t random;
	HANDLE d, h;
	int err;

	in.must_be_dir = 1;
	if ((err = at_open(&in, FILE_LIST_DIRECTORY, 0, &d)) != 0)
		return err;
	/* Never read-only: NT would not delete it. */
	if ((err = at_private(&n, mode, 0)) != 0)
		goto close_dir;
	n.root = (uintptr_t)d;
	n.path = (uint16_t *)name;
	do {
		nt_random(&random, sizeof(random));
		(void)swprintf(name, 32, L".tmpfile-%016llx", random);
		status = create(&n, flags, &h);
	} while (status == STATUS_OBJECT_NAME_COLLISION);
	err = at_errno(&n, status);
	if (err == 0) {
		if (flags & O_EXCL)
			err = at_remove(&n, 0);
		if (err != 0 || (err = disk_new((uintptr_t)h,
		    flags & ~(O_EXCL | O_TRUNC | O_NOCTTY | O_CLOEXEC),
		    fp)) != 0)
			(void)nt.CloseHandle(h);
	}
close_dir:
	(void)nt.CloseHandle(d);
	return err;
}
