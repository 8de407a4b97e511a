/*
 * Alternate stacks.  NT keeps the bounds of each thread's stack and believes
 * in them, when it looks for who handles an exception and when a function
 * needs more than a page: so they change with the stack.
 */
#ifndef SIGNAL_STACK_H
#define SIGNAL_STACK_H

#include <signal.h>
#include <stdint.h>

struct sig_thread;

/* Call fn(arg) on the thread's alternate stack, if it is not there already. */
void sig_stack_call(struct sig_thread *, void (*fn)(void *), void *arg);

/* Does the calling thread, which is t, run on its alternate stack? */
int sig_stack_is_on(const struct sig_thread *);

/* The same as sigaltstack() tells it. */
stack_t sig_stack_state(const struct sig_thread *);

/* Another thread's, which is stopped and not absent: where its stack is now. */
struct sig_bounds sig_stack_of(const struct sig_thread *);

/*
 * The calling thread is about to jump to a frame at sp: if that is on its own
 * stack, that counts again, and what told the end of it is made again.
 */
void sig_stack_leave(struct sig_thread *, uintptr_t sp);

/*
 * The calling thread, which is on its own stack: leave room on it to notice
 * that it is full, even to end the process for that.  Return NT's block of the
 * thread, for sig_stack_of().
 */
uintptr_t sig_stack_reserve(void);

#endif
