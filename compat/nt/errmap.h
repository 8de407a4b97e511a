/*
 * NT's errors to errno, each code once.  What is not listed is EIO: no
 * Windows number ever reaches errno.
 */
#ifndef NT_ERRMAP_H
#define NT_ERRMAP_H

#include <stdint.h>

/* From GetLastError() or WSAGetLastError(). */
int nt_errno(uint32_t code);

/* From an NTSTATUS. */
int nt_status_errno(int32_t status);

#endif
