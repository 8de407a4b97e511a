/* Opening the process that a number means. */
#ifndef SIGNAL_OPEN_NT_H
#define SIGNAL_OPEN_NT_H

#include <stdint.h>

#include "nt/nt.h"

/* With access, and to be waited for and asked: 0, ESRCH, EPERM... */
int sig_process_open_for(int64_t pid, DWORD access, HANDLE *);

#endif
