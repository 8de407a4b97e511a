/* Faults in code of NT's own. */
#ifndef TESTS_SIGNAL_DLL_H
#define TESTS_SIGNAL_DLL_H

/** dll_handles(bad): a call that expects a bad address, and returns 0. */
int dll_handles(const void *bad);

/** dll_faults(bad): a call that does not. */
void dll_faults(void *bad);

#endif
