/* What happens between a thread's decision to wait and its request to AFD. */
#ifndef TESTS_BETWEEN_H
#define TESTS_BETWEEN_H

/**
 * between(what, arg):
 * Call what(arg) once, just before the next request that this thread makes of
 * AFD.  Other threads' requests pass, also those that what() waits for.
 */
void between(void (*what)(void *), void *arg);

#endif
