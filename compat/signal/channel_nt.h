/* The name of a process's channel. */
#ifndef SIGNAL_CHANNEL_NT_H
#define SIGNAL_CHANNEL_NT_H

#include "nt/nt.h"

#include <wchar.h>

#define CHANNEL_NAME_MAX 80

/* When the process began, in NT's units of 100 ns since 1601; 0: unknown. */
uint64_t channel_start_time(HANDLE process);

void channel_name(DWORD pid, uint64_t start, wchar_t name[CHANNEL_NAME_MAX]);

#endif
