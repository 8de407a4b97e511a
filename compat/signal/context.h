/* What a handler's third argument points to. */
#ifndef SIGNAL_CONTEXT_H
#define SIGNAL_CONTEXT_H

#include <signal.h>

/* With the room that its pointers point to: NT's record of a thread. */
struct sig_context {
	_Alignas(16) unsigned char nt[1232];
	ucontext_t uc;
};

/* The calling thread, as it is now. */
void sig_context_here(struct sig_context *);

#endif
