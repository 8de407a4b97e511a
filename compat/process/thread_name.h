/* The name of a thread: NT keeps it, and debuggers show it. */
#ifndef PROCESS_THREAD_NAME_H
#define PROCESS_THREAD_NAME_H

#define THREAD_NAME_SIZE 16		/* with the NUL */

/*
 * Cut where it is too long: 0, EFAULT, EINVAL (bad UTF-8, or an NT that knows
 * no names), ENOMEM.
 */
int thread_name_set(const char *);

/* The program's, if the thread has none: 0, EFAULT, EINVAL, ENOMEM. */
int thread_name_get(char[THREAD_NAME_SIZE]);

#endif
