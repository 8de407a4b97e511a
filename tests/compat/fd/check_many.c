#include <unistd.h>

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "util.h"

/* POSIX, sysconf(): OPEN_MAX numbers, every one of them good, then EMFILE. */
START_TEST(every_number_can_be_used)
{
	long max = sysconf(_SC_OPEN_MAX), last;
	int fd = file_with("f", "abc"), new, opened = 0;
	struct stat st;
	char c;

	ck_assert_int_eq(getdtablesize(), (int)max);
	last = fd;
	while ((new = dup(fd)) >= 0) {
		ck_assert_int_gt(new, last);
		last = new;
		opened++;
	}
	ck_assert_int_eq(errno, EMFILE);
	ck_assert_int_eq(last, max - 1);
	ck_assert_int_ge(opened, max - 64);
	FAILS(open("f", O_RDONLY), EMFILE);
	FAILS(socket(AF_INET, SOCK_STREAM, 0), EMFILE);
	FAILS(pipe((int[2]){ 0, 0 }), EMFILE);
	FAILS(eventfd(0, 0), EMFILE);
	FAILS(epoll_create1(0), EMFILE);
	FAILS(fcntl(fd, F_DUPFD, (int)max - 10), EMFILE);
	FAILS(fcntl(fd, F_DUPFD, (int)max), EINVAL);
	FAILS(dup2(fd, (int)max), EBADF);
	ck_assert_int_eq(pread((int)last, &c, 1, 2), 1);
	ck_assert_int_eq(c, 'c');
	ck_assert_int_eq(lseek((int)last, 1, SEEK_SET), 1);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 1);
	ck_assert_int_eq(close((int)last), 0);
	ck_assert_int_eq(dup2(fd, (int)last), last);
	ck_assert_int_eq(close(fd + 700), 0);
	ck_assert_int_eq(open("f", O_RDONLY), fd + 700);
	ck_assert_int_eq(close_range((unsigned int)fd + 1, ~0U, 0), 0);
	FAILS(fstat((int)last, &st), EBADF);
	FAILS(fstat(fd + 1, &st), EBADF);
	ck_assert_int_eq(dup(fd), fd + 1);
	ck_assert_int_eq(close(fd + 1), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static int
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* close_range(2), closefrom(3). */
START_TEST(ranges_are_closed)
{
	int fd = file_with("r", ""), i;

	for (i = 1; i <= 9; i++)
		ck_assert_int_eq(dup2(fd, fd + i), fd + i);
	ck_assert_int_eq(close(fd + 4), 0);
	FAILS(close_range((unsigned int)fd + 5, (unsigned int)fd, 0), EINVAL);
	FAILS(close_range(0, 0, 64), EINVAL);
	ck_assert_int_eq(close_range((unsigned int)fd + 1,
	    (unsigned int)fd + 3, CLOSE_RANGE_CLOEXEC), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(fcntl(fd + 1, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fd + 3, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fd + 5, F_GETFD), 0);
	ck_assert_int_eq(close_range((unsigned int)fd + 2,
	    (unsigned int)fd + 6, 0), 0);
	ck_assert(is_open(fd + 1) && is_open(fd + 7));
	for (i = 2; i <= 6; i++)
		ck_assert(!is_open(fd + i));
	closefrom(fd + 1);
	for (i = 1; i <= 9; i++)
		ck_assert(!is_open(fd + i));
	ck_assert(is_open(fd) && is_open(0));
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* A stream's number is a number like the others. */
START_TEST(closefrom_takes_streams_too)
{
	int fd = file_with("s", "");
	FILE *f = fopen("s", "r");

	ck_assert_int_gt(fileno(f), fd);
	closefrom(fd + 1);
	ck_assert(!is_open(fileno(f)));
	(void)fclose(f);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* dup2() and F_DUPFD take the same numbers again and again. */
START_TEST(far_numbers_come_and_go)
{
	static const int far[] = { 300, 1023, 2047, 2048, 8191, 8192, 19000 };
	int fd = file_with("g", ""), round, i, next;

	for (round = 0; round < 20; round++)
		for (i = 0; i < 7; i++) {
			ck_assert_int_eq(dup2(fd, far[i]), far[i]);
			next = fcntl(fd, F_DUPFD, far[i]);
			ck_assert_int_eq(next, far[i] + 1);
			ck_assert_int_eq(close(far[i]), 0);
			ck_assert_int_eq(close(next), 0);
			next = dup(fd);
			ck_assert_int_eq(next, fd + 1);
			ck_assert_int_eq(close(next), 0);
		}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[5];
	int n = 0;

	tests[n++] = every_number_can_be_used;
	tests[n++] = ranges_are_closed;
	tests[n++] = closefrom_takes_streams_too;
	tests[n++] = far_numbers_come_and_go;
	return run_cases("many", tests, n);
}
