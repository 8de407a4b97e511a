/* What the tests of time share: clocks, and a thread that sends SIGUSR1. */
#ifndef TESTS_TIME_TIMING_H
#define TESTS_TIME_TIMING_H

#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#define MS INT64_C(1000000)
#define SEC INT64_C(1000000000)

/* A time in ns that no wait takes unless the test fails. */
#define LONG_NS (10 * SEC)

int64_t clock_ns(clockid_t);
#define mono_ns() clock_ns(CLOCK_MONOTONIC)
struct timespec ts_of(int64_t ns);
int64_t ns_of(struct timespec);

/* SIGUSR1 counts in handled, and is blocked or not in the calling thread. */
extern atomic_int handled;
void handle_usr1(int flags);
void block_usr1(void);
void unblock_usr1(void);

/*
 * A thread that sends signo to the process again and again until
 * sender_stop(), so that one of them finds the call waiting whenever that
 * begins.  It blocks SIGUSR1 itself.  No assertions while it runs: Check's
 * write to a file, which bears no signal.
 */
void sender_start(int signo);
void sender_start_every(int64_t ns, int signo);
void sender_stop(void);

#endif
