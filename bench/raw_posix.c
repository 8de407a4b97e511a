#include "bench/raw.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fd, out;
static char buf[4096];

static int
sys_pread(int n)
{
	while (n-- > 0)
		if (syscall(SYS_pread64, fd, buf, 64, (off_t)n % 64 * 64) != 64)
			return -1;
	return 0;
}

static int
sys_write(int n)
{
	if (lseek(out, 0, SEEK_SET) != 0)
		return -1;
	while (n-- > 0)
		if (syscall(SYS_write, out, buf, 64) != 64)
			return -1;
	return 0;
}

static int
sys_open(int n)
{
	long got;

	while (n-- > 0)
		if ((got = syscall(SYS_openat, AT_FDCWD, "data", O_RDONLY)) < 0 ||
		    syscall(SYS_close, (int)got) != 0)
			return -1;
	return 0;
}

const struct raw_op raw_ops[] = {
	{ "pread", "syscall", sys_pread, 0 },
	{ "pread, 8 threads", "syscall", sys_pread, 0 },
	{ "write", "syscall", sys_write, 0 },
	{ "open+close", "syscall", sys_open, 0 },
	{ 0 }
};

int
raw_begin(void)
{
	fd = open("data", O_RDWR);
	out = open("raw.out", O_RDWR | O_CREAT | O_TRUNC, 0644);
	return fd < 0 || out < 0 ? -1 : 0;
}

void
raw_end(void)
{
	(void)close(fd);
	(void)close(out);
}

int
count_begin(void)
{
	return -1;
}

unsigned long long
count_calls(void)
{
	return 0;
}
