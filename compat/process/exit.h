/*
 * Exit codes.  NT gives a process one number of 32 bits to leave behind; POSIX
 * has an exit status or a signal.  exit's argument is the number itself.  A
 * signal is 0x60534780 + its number: an NTSTATUS of success's half (so that
 * "if errorlevel 1" sees it), of a customer's facility, "SG", whose low byte is
 * what shells say, 128 + the signal.
 */
#ifndef PROCESS_EXIT_H
#define PROCESS_EXIT_H

#include <stdint.h>

#define EXIT_BY(signo) (UINT32_C(0x60534780) + (uint32_t)(signo))

/* The signal that an exit code tells of, 0 for none. */
int exit_signal(uint32_t code);

#endif
