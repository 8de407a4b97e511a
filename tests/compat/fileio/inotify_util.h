/* What the tests of inotify share: a directory "d" and an instance. */
#ifndef TESTS_INOTIFY_UTIL_H
#define TESTS_INOTIFY_UTIL_H

#include <sys/inotify.h>

#include <check.h>
#include <stdint.h>

#include "support/fails.h"

#define LONG_MS 20000
#define NAMES (IN_CREATE | IN_DELETE | IN_MOVE)

/** The instance, O_NONBLOCK, and what was read from it last. */
extern int in;
extern char *const buf;
#define BUF_SIZE 65536

/** make(path, data): write data, unless it is NULL, into a file. */
void make(const char *path, const char *data);

/** watch(path, mask): the watch, which must be one. */
int watch(const char *path, uint32_t mask);

/** next(): the next event, which has to come. */
const struct inotify_event *next(void);

/** again(n): there are n bytes in buf. */
void again(size_t n);

/** expect(wd, mask, name): the next event is that one; its cookie. */
uint32_t expect(int wd, uint32_t mask, const char *name);

/** expect_none(): there is no other. */
void expect_none(void);

/** run(tests, n): each with an instance of its own; main's exit status. */
int run(const TTest *const tests[], int n);

#endif
