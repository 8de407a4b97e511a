/* A thread that sends the main thread one signal after another. */
#ifndef TESTS_SIGNAL_INTERRUPTER_H
#define TESTS_SIGNAL_INTERRUPTER_H

#include <stdatomic.h>

/** interrupted: how often the main thread's handler ran; it counts here. */
extern atomic_int interrupted;

/**
 * interrupter_start(signo, n):
 * Called by the main thread: send it the signal n times, each time when the
 * handler has counted the last.  The other thread blocks all signals.
 */
void interrupter_start(int signo, int n);

/** interrupter_stop(): it has sent all of them. */
void interrupter_stop(void);

/** interrupter_median(): from sending to handling, of the last n, in ns. */
long long interrupter_median(void);

/** interrupter_now(): CLOCK_MONOTONIC, in ns. */
long long interrupter_now(void);

/**
 * interrupter_skip(test):
 * Programs with libcompat's DLL are not interrupted: then say so, return 1.
 */
int interrupter_skip(const char *test);

#endif
