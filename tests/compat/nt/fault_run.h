/* The frame of a Check program that injects faults. */
#ifndef TESTS_FAULT_RUN_H
#define TESTS_FAULT_RUN_H

#include <check.h>

#include "compat/nt/fault.h"
#include "support/fails.h"

/**
 * fault_run(name, tests, n):
 * As run_cases(), with a fault_reset() around each test.
 */
int fault_run(const char *name, const TTest *const tests[], int n);

/**
 * fault_settles_at(handles):
 * Wait until the process has no more handles than that; 0: it keeps more.  A
 * call closes its own before it returns, the library's threads theirs soon.
 */
int fault_settles_at(unsigned int handles);

/**
 * numbers_use_up(leave), numbers_free():
 * Let no placeholder be made any more, and take those that wait but for the
 * lowest few; give them back.  fault_reset() comes in between.
 */
void numbers_use_up(int leave);
void numbers_free(void);

#endif
