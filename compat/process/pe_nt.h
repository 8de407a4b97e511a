/* What a program's file says of itself. */
#ifndef PROCESS_PE_NT_H
#define PROCESS_PE_NT_H

#include "nt/nt.h"

/*
 * Does it have libcompat in it?  Then it has a section .compat (startup_nt.c),
 * or imports a DLL of a name that begins with libcompat.
 */
int pe_has_compat(HANDLE file);

/* Of a process that runs; 1 also when that cannot be told. */
int pe_runs_compat(HANDLE process);

#endif
