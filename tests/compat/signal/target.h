/* Processes to be signalled, for check_kill and check_channel. */
#ifndef TESTS_SIGNAL_TARGET_H
#define TESTS_SIGNAL_TARGET_H

#include <sys/types.h>

#include "support/proc.h"

/* How many values "values" expects: 0, 1, ... in order. */
#define TARGET_VALUES 10000

/* What proc_wait() says of one that a signal ended on NT: LIM-SIG-7. */
#define ENDED_BY(signo) (0x60534780 + (signo))

/* The program's argv[0]. */
void target_init(const char *self);

/* Start a process in that role, and return when it is ready. */
struct proc *target_spawn(const char *role, pid_t *pid);

/* What such a process does.  Return its exit status. */
int target_main(const char *role);

#endif
