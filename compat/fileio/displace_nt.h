/* Names taken away from files that are open. */
#ifndef FILEIO_DISPLACE_NT_H
#define FILEIO_DISPLACE_NT_H

#include <stdint.h>

#include "nt/nt.h"

/* Does code say that the system lacks an information class? */
int is_unsupported(DWORD code);

/* h needs DELETE. */
int rename_handle(HANDLE h, const wchar_t *to);
int displace(HANDLE h, const uint16_t *path);
void put_back(HANDLE h, const uint16_t *path);
int delete_handle(HANDLE h, const uint16_t *path, int is_dir);

#endif
