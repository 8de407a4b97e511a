/* NT's record of a thread's registers, and POSIX's. */
#ifndef SIGNAL_CONTEXT_NT_H
#define SIGNAL_CONTEXT_NT_H

#include "nt/nt.h"

#include "signal/context.h"

/* The vector registers are shared, the others copied. */
void sig_context_get(CONTEXT *, ucontext_t *);
void sig_context_put(const ucontext_t *, CONTEXT *);

/* As on Linux, a handler finds floating point as a program begins with it. */
void sig_float_afresh(void);

#endif
