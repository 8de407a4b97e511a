/* The clock that the programs measure their patience with. */
#ifndef PROGRAMS_CLOCK_H
#define PROGRAMS_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some moment before the start of the program. */
int64_t clock_now(void);

#endif
