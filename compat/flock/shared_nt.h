/* Between shared_nt.c and wake_nt.c. */
#ifndef FLOCK_SHARED_NT_H
#define FLOCK_SHARED_NT_H

#include "flock/shared.h"
#include "nt/nt.h"

#define LOCK_NAME_MAX 128

/* The name of an object of this user's: the table's, or with `what` more. */
void shared_name(wchar_t name[LOCK_NAME_MAX], const wchar_t *what,
    uint32_t number);

SECURITY_ATTRIBUTES *shared_access(void);

/*
 * The process object, or NULL and *dead when there is no such process any
 * more.  The caller closes it.
 */
HANDLE shared_process(const struct lock_process *, int *dead);

#endif
