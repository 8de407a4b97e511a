/* How the CRT's calls to NT are led to the library; for crt_nt.c only. */
#ifndef FD_CRT_HOOK_NT_H
#define FD_CRT_HOOK_NT_H

#include "nt/nt.h"

/*
 * The next DuplicateHandle() of this thread is for the placeholder of fd, and
 * what it closes stays open with keep; -1: no longer.
 */
void crt_hook_replace(int fd, int keep);

#endif
