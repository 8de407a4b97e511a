/* Nice values, and NT's classes of priority. */
#ifndef PROCESS_PRIORITY_H
#define PROCESS_PRIORITY_H

#include <stdint.h>

#define NICE_MIN (-20)
#define NICE_MAX 19

/* Of this process. */
int priority_own(void);
int priority_set_own(int nice);

/* Of any: 0, ESRCH, EPERM... */
int priority_of(int64_t pid, int *nice);
int priority_set(int64_t pid, int nice);

#endif
