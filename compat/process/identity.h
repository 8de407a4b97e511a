/* Who we are, and on what. */
#ifndef PROCESS_IDENTITY_H
#define PROCESS_IDENTITY_H

#include <sys/types.h>

#include <stdint.h>

pid_t process_id(void);

/* The parent of who has none; NT has no process of this number. */
#define PROCESS_NOBODY 1

/*
 * The creator's number, which may be another process's by now; whose it is, or
 * PROCESS_NOBODY; to be waited for and closed: 0, ESRCH, EPERM.
 */
pid_t process_parent_id(void);
pid_t process_parent_now(void);
int process_parent_open(uintptr_t *process);
void process_leave(uint32_t code) __attribute__((noreturn));
long process_processors(void);
long process_page_size(void);

#endif
