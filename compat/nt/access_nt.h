/*
 * What is for one user alone: POSIX's modes 0600 and 0700.
 */
#ifndef NT_ACCESS_NT_H
#define NT_ACCESS_NT_H

#include "nt/nt.h"

/* Who this process is: 0 or an errno.  It lasts as long as the process. */
int nt_user(PSID *);

/*
 * An access list that lets this user and the system (NT's root) do all and
 * everybody else nothing, whatever the directory would pass on.  What is made
 * in a directory gets the same.  The owner of an object that is no file is this
 * user, not his group of administrators.  It lasts as long as the process; 0 or
 * an errno.
 */
enum nt_private_kind { NT_FILE, NT_DIRECTORY, NT_OBJECT };

int nt_private(enum nt_private_kind, SECURITY_ATTRIBUTES **);

/*
 * Was process started by the same logon as this one?  Its user is the same one
 * then, and as much of an administrator.
 */
int nt_is_same_logon(HANDLE process);

/*
 * Is the owner of h, which needs READ_CONTROL, this user, the system or its
 * administrators?
 */
int nt_owner_is_trusted(HANDLE h);

/*
 * Does the list of h, given to it and not inherited, let in nobody but the
 * owner, the system and its administrators?  0 too when h may not be asked
 * (READ_CONTROL) or has none (FAT).
 */
int nt_is_private(HANDLE h);

/*
 * Give h the list of nt_private(), or none of its own, so that its directory's
 * applies.  What inherits from a directory follows, which takes a while in a
 * large tree.  h needs READ_CONTROL and WRITE_DAC.  EPERM: it is not ours, or
 * the file system has no access lists.
 */
int nt_set_private(HANDLE h, int is_directory, int private);

#endif
