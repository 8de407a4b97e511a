/* What the tests of tripwire share. */
#ifndef TESTS_TRIPWIRE_H
#define TESTS_TRIPWIRE_H

#include <tripwire.h>

#include <pthread.h>

/** fresh(): a tripwire that reports to said, which is emptied. */
struct tripwire *fresh(void);

/** fresh_with(options): the same, otherwise by options. */
struct tripwire *fresh_with(struct tripwire_options *options);

/** said(text): was that reported? */
int said(const char *text);

/** polls(fd): is it readable now? */
int polls(int fd);

/** now(): CLOCK_MONOTONIC in ns. */
int64_t now(void);

/** start(fn, arg): a thread; ended by join(). */
pthread_t start(void *(*fn)(void *), void *arg);
void join(pthread_t thread);

#endif
