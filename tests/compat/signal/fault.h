/* Faults of the processor. */
#ifndef TESTS_SIGNAL_FAULT_H
#define TESTS_SIGNAL_FAULT_H

#include <setjmp.h>
#include <signal.h>

#define STACK (256 * 1024)

/* What the handlers below saw; on_stack: they were on give_stack()'s. */
extern siginfo_t seen;
extern volatile sig_atomic_t handled, on_stack;

extern sigjmp_buf out;		/* where jump_out() goes */
extern char *volatile nowhere;	/* NULL, which the compiler does not know */

void note(const siginfo_t *);
void jump_out(int, siginfo_t *, void *);
void come_back(int, siginfo_t *, void *);

/** handle(signo, handler, flags): forget, and handle with SA_SIGINFO. */
void handle(int signo, void (*)(int, siginfo_t *, void *), int flags);

/** give_stack(): an alternate stack for the thread.  What sigaltstack() says. */
int give_stack(void);

/** is_blocked(signo): by the calling thread. */
int is_blocked(int signo);

/* The sanitizers would see it first. */
#define FAULTS __attribute__((noinline, unused, \
    no_sanitize("address", "undefined")))

static FAULTS void
touch(char *at)
{
	*(volatile char *)at = 1;
}

static FAULTS void
illegal(void)
{
	__asm__ volatile("ud2");
}

static FAULTS void
divide(void)
{
	volatile int one = 1, zero = 0;

	one = one / zero;
}

/* Each call has a page of its own, and is none that could be a loop. */
static FAULTS int
deeper(int n)
{
	volatile char room[4096];

	room[0] = (char)n;
	return n < 0 ? n : deeper(n + 1) + room[0];
}

#endif
