/* Calls on names, of the halves that talk to NT. */
#ifndef FILEIO_NAMES_NT_H
#define FILEIO_NAMES_NT_H

#include "fileio/at_nt.h"

/* unlink, or rmdir (want_dir), of what at_name() made. */
int at_remove(const struct at_name *n, int want_dir);

/* Does code say that the system lacks an information class or control? */
int is_unsupported(DWORD code);

/*
 * Give the file behind h the name to.  h needs DELETE.  flags are of
 * FILE_RENAME_INFORMATION_EX; the plain call takes RENAME_REPLACE of them.
 */
#define RENAME_REPLACE 0x1
#define RENAME_POSIX 0x2
#define RENAME_IGNORE_READONLY 0x40
NTSTATUS at_rename(HANDLE h, const struct at_name *to, ULONG flags);
NTSTATUS at_link(HANDLE h, const struct at_name *to);

/*
 * Take its name from the file behind h, which n names and which somebody has
 * open; put it back.  h needs DELETE.
 */
int displace(HANDLE h, const struct at_name *n);
void put_back(HANDLE h, const struct at_name *n);

/* Delete by h.  n is its name, for a system that cannot do without. */
int delete_handle(HANDLE h, const struct at_name *n, int is_dir);

/* What tells one file from another. */
struct file_id {
	DWORD volume;
	DWORD high;
	DWORD low;
	DWORD links;
};

int file_id(HANDLE h, struct file_id *id);
int same_id(const struct file_id *a, const struct file_id *b);

#endif
