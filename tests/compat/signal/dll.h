/* Faults in code of NT's own. */
#ifndef TESTS_SIGNAL_DLL_H
#define TESTS_SIGNAL_DLL_H

#include <stddef.h>

/** dll_handles(bad): a call that expects a bad address, and returns 0. */
int dll_handles(const void *bad);

/** dll_faults(bad): a call that does not. */
void dll_faults(void *bad);

/**
 * dll_repairs(page):
 * dll_faults(page) while the DLL has a handler that makes it writable.  Return
 * how often that was called.
 */
int dll_repairs(void *page);

/** dll_set_last(error): NT's last error of the thread; what it was. */
unsigned long dll_set_last(unsigned long error);

/** dll_is_in_bounds(): is the caller on the stack that NT knows of? */
int dll_is_in_bounds(void);

/** dll_guard_room(): how far below the caller its stack is guarded; 0: not. */
size_t dll_guard_room(void);

#endif
