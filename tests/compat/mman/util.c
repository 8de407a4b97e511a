#include "compat/mman/util.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

unsigned char
pattern(size_t i)
{
	return (unsigned char)(i * 7 + i / 256);
}

int
new_file(const char *name, size_t size)
{
	unsigned char *buf = malloc(size + 1);
	size_t i;
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert(fd >= 0 && buf != NULL);
	for (i = 0; i < size; i++)
		buf[i] = pattern(i);
	ck_assert_int_eq(write(fd, buf, size), (ssize_t)size);
	free(buf);
	return fd;
}

int
mapped(const void *p)
{
	void *page = (void *)((uintptr_t)p & ~(uintptr_t)(PAGE - 1));
	int saved = errno, ok = msync(page, PAGE, MS_ASYNC) == 0;

	if (!ok)
		ck_assert_int_eq(errno, ENOMEM);
	errno = saved;
	return ok;
}

static int
probe_file(void)
{
	int fd = open("probe", O_RDWR | O_CREAT, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, "p", 1, 0), 1);
	return fd;
}

int
readable(const void *p)
{
	int fd = probe_file();
	ssize_t n = pwrite(fd, p, 1, 0);

	if (n < 0)
		ck_assert_int_eq(errno, EFAULT);
	(void)close(fd);
	return n == 1;
}

/* What is written is the byte that is there, if it can be known. */
int
writable(void *p)
{
	int fd = probe_file();
	ssize_t n;

	n = pwrite(fd, p, 1, 0);
	if (n == 1)
		n = pread(fd, p, 1, 0);
	if (n < 0)
		ck_assert_int_eq(errno, EFAULT);
	(void)close(fd);
	return n == 1;
}

unsigned char *
map_ok(size_t len, int prot, int flags, int fd, long long off)
{
	void *p = mmap(NULL, len, prot, flags, fd, (off_t)off);

	ck_assert_msg(p != MAP_FAILED, "mmap: errno %d", errno);
	return p;
}
