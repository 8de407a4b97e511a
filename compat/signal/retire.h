/*
 * The signals of a process in whose place another runs (exec): nothing happens
 * here any more, and what comes is handed on.
 */
#ifndef SIGNAL_RETIRE_H
#define SIGNAL_RETIRE_H

#include <stdint.h>

struct heir {
	uintptr_t process;
	int64_t pid;
	int is_compat;
	uint64_t mask;			/* what it was started with */
};

/*
 * From now on no other thread of the program runs, no handler either, and
 * every signal is the calling thread's to take.  There is no way back.
 */
void sig_retire(void);

/* Has this process retired?  Console events are the heir's own affair then. */
int sig_is_retired(void);

/* Hand on what comes, until the heir has ended. */
void sig_forward(const struct heir *);

/* process_nt.c: end the process as the signal does; wait so long for its end. */
void sig_process_end(uintptr_t process, int signo);
int sig_process_ends(uintptr_t process, uint32_t ms);

#endif
