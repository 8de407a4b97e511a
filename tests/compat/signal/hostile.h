/* What only a program that knows NT can do to a process's channel. */
#ifndef TESTS_SIGNAL_HOSTILE_H
#define TESTS_SIGNAL_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

/* Connect to the channel of a process; 0: it does not let us. */
uintptr_t hostile_open(int64_t pid);
void hostile_close(uintptr_t);

/* Write; what comes of it, the target knows. */
void hostile_write(uintptr_t, const void *buf, size_t len);

/* Wait until the target answers (1) or cuts us off (0). */
int hostile_is_answered(uintptr_t);

/*
 * How many the pipe's access list lets in, -1 when one of them is everybody,
 * or a group of which everybody is one.
 */
int hostile_count_allowed(uintptr_t);

/* Make a pipe with the name of another process's channel; 0: cannot. */
uintptr_t hostile_squat(int64_t pid);

/* Start a program of the system's; 0: cannot.  Returns its process id. */
int64_t hostile_native_start(uintptr_t *process);

/* Wait for its end, and return its exit code. */
unsigned long hostile_native_wait(uintptr_t process);

#endif
