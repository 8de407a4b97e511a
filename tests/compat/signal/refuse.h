/* NT refuses what it takes to interrupt a thread, or has it called. */
#ifndef TESTS_SIGNAL_REFUSE_H
#define TESTS_SIGNAL_REFUSE_H

#include <stdint.h>

/**
 * refuse(call):
 * Let NtSuspendThread, NtGetContextThread or NtSetContextThread fail from now
 * on; none for NULL.
 */
void refuse(const char *call);

/**
 * refuse_in_loader():
 * Hold the loader's lock, as NT does while it calls a program's TLS callbacks;
 * returns what refuse_loaded() wants, which lets it go.
 */
uintptr_t refuse_in_loader(void);
void refuse_loaded(uintptr_t);

/** refused(): how often one did, since the last refuse(). */
int refused(void);

/* NT's error of this thread. */
void refuse_set_error(uint32_t error);
uint32_t refuse_error(void);

#endif
