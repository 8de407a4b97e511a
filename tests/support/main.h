/* The frame of a Check program with one case. */
#ifndef SUPPORT_MAIN_H
#define SUPPORT_MAIN_H

#include <check.h>

/**
 * run_cases(name, tests, n):
 * Run the tests in a scratch directory.  Return main's exit status.
 */
int run_cases(const char *name, const TTest *const tests[], int n);

#endif
