/* Helpers of the mapping tests. */
#ifndef TESTS_MMAN_UTIL_H
#define TESTS_MMAN_UTIL_H

#include <check.h>
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include "support/fails.h"

#define PAGE 4096

#define RW (PROT_READ | PROT_WRITE)

#define NO_MAP(call, number) do {					\
	errno = 0;							\
	ck_assert_ptr_eq((call), MAP_FAILED);				\
	ck_assert_int_eq(errno, (number));				\
} while (0)

/** new_file(name, size): make a file whose byte i is (i * 7 + i / 256). */
int new_file(const char *name, size_t size);

/** pattern(i): that byte. */
unsigned char pattern(size_t i);

/** mapped(p): is the page at p mapped? */
int mapped(const void *p);

/**
 * readable(p), writable(p):
 * May the page at p be touched so?  Asked without a fault: the kernel is given
 * the address.  Only for pages that are not beyond the end of their file.
 */
int readable(const void *p);
int writable(void *p);

/** map_ok(...): mmap that must succeed. */
unsigned char *map_ok(size_t len, int prot, int flags, int fd, long long off);

#endif
