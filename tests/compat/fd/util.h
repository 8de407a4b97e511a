/* What the tests of descriptors and streams share. */
#ifndef TESTS_FD_UTIL_H
#define TESTS_FD_UTIL_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/fails.h"
#include "support/main.h"

#define NULL_WITH(call, number) do { \
		errno = 0; \
		ck_assert_ptr_null(call); \
		ck_assert_int_eq(errno, (number)); \
	} while (0)

/* A file with this text, read from its beginning. */
static inline int
file_with(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
	size_t n = strlen(text);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* All of a file, byte for byte. */
static inline void
holds(const char *name, const char *text)
{
	char buf[512] = "";
	int fd = open(name, O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(read(fd, buf, sizeof(buf) - 1), 0);
	ck_assert_str_eq(buf, text);
	ck_assert_int_eq(close(fd), 0);
}

#endif
