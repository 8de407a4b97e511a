#ifndef SIGNAL_PREEMPT_NT_H
#define SIGNAL_PREEMPT_NT_H

#include "nt/nt.h"

/* Below its stack pointer a function of System V's convention has its own. */
#define RED_ZONE 128

/* What trampoline_aim() leaves alone, writes, and loses by aligning that. */
#define TRAMPOLINE_FRAME (RED_ZONE + 64)

/*
 * Let the stopped thread with this context, and that much room on its stack,
 * run what is pending for it and then go on where it was.
 */
void trampoline_aim(CONTEXT *);

#endif
