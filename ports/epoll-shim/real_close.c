/*
 * Stands for epoll-shim's test/real_close.c, which looks close() up in glibc
 * by dlopen() to get past epoll-shim's own.  Here there is one close().
 */
#include <unistd.h>

int real_close_for_test(int);

int
real_close_for_test(int fd)
{
	return close(fd);
}
