/*
 * The matrix of blocking calls and signals: each call is made four times, and
 * signalled again and again while it blocks.
 */
#ifndef TESTS_SIGNAL_EINTR_H
#define TESTS_SIGNAL_EINTR_H

#include <check.h>
#include <stddef.h>

enum eintr_kind {
	EINTR_RESTARTS,		/* EINTR, but by SA_RESTART */
	EINTR_ENDS,		/* EINTR, whatever the flags */
	EINTR_GOES_ON		/* never EINTR */
};

struct eintr_call {
	const char *name;
	enum eintr_kind kind;
	/* Make it block.  In the main thread, as the last one. */
	void (*before)(void);
	/* -1 with errno, or what a call that was satisfied returns. */
	long (*call)(void);
	/*
	 * Let it return, from another thread.  NULL: it does so by itself,
	 * after eintr_time().
	 */
	void (*satisfy)(void);
	void (*after)(void);
};

/**
 * eintr_main(name, calls, n, more, nmore):
 * Run the four tests of these calls (a handler without flags, one with
 * SA_RESTART, a signal that is ignored, one that is blocked), and nmore others.
 * Return main's exit status.
 */
int eintr_main(const char *name, const struct eintr_call *, size_t n,
    const TTest *const more[], int nmore);

/**
 * eintr_part(call, flags):
 * Make a call that does a part and then blocks, until it returns.  What it
 * returned; again when that is EINTR, which it is before it has begun.
 */
long eintr_part(const struct eintr_call *, int flags);

/* How long a call that nobody satisfies is to block, in ms. */
long eintr_time(void);

/* Has the call returned?  For what a satisfier does more than once. */
int eintr_done(void);

/* Wake the main thread by SIGUSR2 until the call has returned. */
void eintr_wake(void);

/* Has SIGUSR2 been handled since before()? */
int eintr_woken(void);

/* How many handlers ran in the call so far. */
int eintr_handled(void);

/* abort() unless it holds: in a thread there is no ck_assert. */
#define eintr_must(condition) eintr_must_at((condition), __FILE__, __LINE__)
void eintr_must_at(int condition, const char *file, int line);

#endif
