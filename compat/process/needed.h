/* The variables without which NT's own libraries do not find their files. */
#ifndef PROCESS_NEEDED_H
#define PROCESS_NEEDED_H

/*
 * Return what fn returns, which removes variables; NT's own environment has
 * those three afterwards as before, the CRT's has not.
 */
int needed_keep(int (*fn)(void));

/*
 * Is environ another array than the one that the C runtime made last?  Then
 * the program has assigned it, which NT does not know, or somebody else's code
 * has called the C runtime.
 */
int environ_is_foreign(void);

#endif
