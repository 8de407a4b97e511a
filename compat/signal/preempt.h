/*
 * A thread that computes is interrupted: the channel's thread stops it and, if
 * it is in the program's own code, has it run what is pending before it goes
 * on.  README.md says why that is safe.
 */
#ifndef SIGNAL_PREEMPT_H
#define SIGNAL_PREEMPT_H

#include <stdint.h>

/* Before the first signal. */
void preempt_init(void);

/*
 * Something is pending that a thread could handle, and does not because it is
 * not waiting.  sig_process.lock held.
 */
void preempt_arm(void);

/* The channel's thread: interrupt who is due.  Until the next turn, in ms. */
uint32_t preempt_turn(void);

/* What program_text.h knows has changed.  sig_process.lock held. */
void preempt_refresh(void);

/* trampoline_nt.c: make ready; 0 where a thread cannot be led there. */
int trampoline_init(void);

/* Room that it needs on a stack, beside the handlers'. */
uint32_t trampoline_room(void);

#endif
