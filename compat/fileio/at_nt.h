/* Opening what at_name() made. */
#ifndef FILEIO_AT_NT_H
#define FILEIO_AT_NT_H

#include "fileio/at.h"
#include "nt/nt.h"

/* Everybody may do everything with an open file, as on POSIX. */
#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/*
 * One NtCreateFile: disposition is FILE_OPEN, FILE_CREATE or FILE_OPEN_IF,
 * options are FILE_*'s for the call (FILE_OPEN_REPARSE_POINT: the link, not
 * its target).  SYNCHRONIZE and FILE_READ_ATTRIBUTES are added to access, and
 * FILE_OPEN_FOR_BACKUP_INTENT to options.  information may be NULL, and says
 * FILE_CREATED or FILE_OPENED.
 */
NTSTATUS at_create(const struct at_name *n, ACCESS_MASK access,
    ULONG attributes, ULONG disposition, ULONG options, HANDLE *h,
    ULONG_PTR *information);

/*
 * Open what is there, file or directory; flags may have AT_SYMLINK_NOFOLLOW.
 * 0 or a positive errno: ENOENT, ENOTDIR (also for a slash behind a file),
 * EACCES, ELOOP...; ENXIO for a special file, which has no handle.
 */
int at_open(const struct at_name *n, ACCESS_MASK access, int flags, HANDLE *h);

/*
 * The errno for a call on n that failed with status: tells a file on the way
 * (ENOTDIR) from a directory that is missing (ENOENT).
 */
int at_errno(const struct at_name *n, NTSTATUS status);

/* What an open file is; a link to a directory is both. */
int at_is_dir(HANDLE h);
int at_is_link(HANDLE h);

/* The size of the file that n named when it was opened as h. */
int at_size(const struct at_name *n, HANDLE h, off_t *size);

/*
 * Is it an emulated socket's node?  Only what is in the file tells: for one
 * that unix_node_looks() says may be.
 */
int at_is_node(const struct at_name *n);

/* The absolute name of an open file or directory, "\??\C:\a\b"; free() it. */
int at_handle_name(HANDLE h, uint16_t **path);

#endif
