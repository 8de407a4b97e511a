/*
 * What a test of the readiness calls looks at inside: inside_nt.c; on Linux
 * there is nothing to see, and inside_posix.c says so.
 */
#ifndef TESTS_POLL_INSIDE_H
#define TESTS_POLL_INSIDE_H

/** inside_begin(): let there be as many descriptors as the system allows. */
void inside_begin(void);

/** inside_pending(epfd): requests that the kernel still has for it. */
unsigned int inside_pending(int epfd);

/**
 * inside_calls(epfd):
 * How many calls into NT waiting on it has taken so far; 0 where none do.
 */
unsigned long long inside_calls(int epfd);

/** inside_memory(): bytes that the process has allocated. */
unsigned long long inside_memory(void);

/**
 * inside_faults(one_in):
 * Let one of so many calls that waiting is made of fail, in every thread; 0
 * ends that, and -1 asks whether it can be done.  Return how many failed.
 */
int inside_faults(int one_in);

#endif
