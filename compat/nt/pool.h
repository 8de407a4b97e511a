/*
 * NT's thread pool waits for a handle: for any number of handles, on a thread
 * or two.
 */
#ifndef NT_POOL_H
#define NT_POOL_H

#include <stdint.h>

/* fn(arg) on a thread of the pool, once for each pool_wait_set(): 0, ENOMEM. */
int pool_wait_new(void (*fn)(void *), void *arg, uintptr_t *wait);

/* Wait for that handle; 0: no more.  Replaces what was set before. */
void pool_wait_set(uintptr_t wait, uintptr_t handle);

/* fn does not run any more when this returns.  0: nothing. */
void pool_wait_free(uintptr_t wait);

#endif
