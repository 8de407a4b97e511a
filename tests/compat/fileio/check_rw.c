#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "support/fails.h"
#include "support/main.h"

static int
make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	return fd;
}

/* POSIX.1-2024 read(), write(): the offset advances; 0 at the end. */
START_TEST(what_is_written_is_read_back)
{
	char buf[16];
	int fd = make("a", "hello");

	errno = 77;
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 5);
	ck_assert_int_eq(read(fd, buf, sizeof(buf)), 0);
	ck_assert_int_eq(lseek(fd, 1, SEEK_SET), 1);
	ck_assert_int_eq(read(fd, buf, 3), 3);
	ck_assert_mem_eq(buf, "ell", 3);
	ck_assert_int_eq(lseek(fd, -1, SEEK_END), 4);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(errno, 77);	/* success leaves errno alone */
	FAILS(close(fd), EBADF);
}
END_TEST

/* No text mode: every byte arrives as it was. */
START_TEST(no_byte_is_translated)
{
	char out[256], in[300];
	int fd, i;

	for (i = 0; i < 256; i++)
		out[i] = (char)i;
	fd = open("bytes", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_eq(write(fd, out, 256), 256);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	ck_assert_int_eq(read(fd, in, sizeof(in)), 256);
	ck_assert_mem_eq(in, out, 256);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* POSIX pread(), pwrite(): the file offset does not change. */
START_TEST(positioned_calls_leave_the_offset)
{
	char buf[8];
	int fd = make("p", "0123456789");

	ck_assert_int_eq(lseek(fd, 2, SEEK_SET), 2);
	ck_assert_int_eq(pread(fd, buf, 3, 6), 3);
	ck_assert_mem_eq(buf, "678", 3);
	ck_assert_int_eq(pwrite(fd, "xy", 2, 8), 2);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 2);
	ck_assert_int_eq(pread(fd, buf, 8, 100), 0);
	ck_assert_int_eq(read(fd, buf, 8), 8);
	ck_assert_mem_eq(buf, "234567xy", 8);
	FAILS(pread(fd, buf, 1, -1), EINVAL);
	FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
	FAILS(lseek(fd, 0, 99), EINVAL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* lseek(): beyond the end is allowed; a write there leaves a hole of zeros. */
START_TEST(offsets_beyond_4_gib_work)
{
	off_t far = (off_t)5 << 30;
	struct stat st;
	char c;
	int fd = make("big", "");

	ck_assert_int_eq(pwrite(fd, "z", 1, far), 1);
	ck_assert(fstat(fd, &st) == 0 && st.st_size == far + 1);
	ck_assert_int_eq(pread(fd, &c, 1, far), 1);
	ck_assert_int_eq(c, 'z');
	ck_assert(lseek(fd, 0, SEEK_END) == far + 1);
	ck_assert_int_eq(ftruncate(fd, 3), 0);
	ck_assert(fstat(fd, &st) == 0 && st.st_size == 3);
	ck_assert_int_eq(pread(fd, &c, 1, 0), 1);
	ck_assert_int_eq(c, 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

#define THREADS 8
#define ROUNDS 200
static int shared_fd;
static int bad;

static void *
reader(void *arg)
{
	uint32_t block[16], want = (uint32_t)(uintptr_t)arg;
	int i, j;

	for (i = 0; i < ROUNDS; i++) {
		if (pwrite(shared_fd, &want, 4, (off_t)want * 4096) != 4)
			bad = 1;
		if (pread(shared_fd, block, 64, (off_t)want * 4096) < 4)
			bad = 1;
		for (j = 0; j < 1; j++)
			if (block[j] != want)
				bad = 1;
	}
	return NULL;
}

/* Positioned calls of many threads on one description do not meet. */
START_TEST(eight_threads_pread_at_once)
{
	pthread_t t[THREADS];
	uintptr_t i;

	shared_fd = make("threads", "");
	bad = 0;
	ck_assert_int_eq(lseek(shared_fd, 7, SEEK_SET), 7);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, reader,
		    (void *)i), 0);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_int_eq(bad, 0);
	ck_assert_int_eq(lseek(shared_fd, 0, SEEK_CUR), 7);
	ck_assert_int_eq(close(shared_fd), 0);
}
END_TEST

/* readv(), writev(): as if the buffers were one. */
START_TEST(vectors_are_one_transfer)
{
	char a[3], b[4], text[] = "abcdefg";
	struct iovec w[3] = { { text, 2 }, { NULL, 0 }, { text + 2, 5 } };
	struct iovec r[2] = { { a, 3 }, { b, 4 } };
	volatile int bad_count = -1;
	int fd = make("v", "");

	ck_assert_int_eq(writev(fd, w, 3), 7);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	ck_assert_int_eq(readv(fd, r, 2), 7);
	ck_assert_mem_eq(a, "abc", 3);
	ck_assert_mem_eq(b, "defg", 4);
	ck_assert_int_eq(preadv(fd, r, 2, 5), 2);
	ck_assert_mem_eq(a, "fg", 2);
	ck_assert_int_eq(pwritev(fd, w, 3, 1), 7);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 7);
	FAILS(readv(fd, r, bad_count), EINVAL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* <limits.h>, IOV_MAX; readv(2): EINVAL for more. */
START_TEST(a_vector_is_as_long_as_linux_lets_it)
{
	static struct iovec iov[1025];
	static char in[1025], out[1025];
	volatile int zero = 0;
	int fd = make("iov", ""), i;

	for (i = 0; i < 1025; i++) {
		out[i] = (char)('a' + i % 26);
		iov[i] = (struct iovec){ out + i, 1 };
	}
	FAILS(writev(fd, iov, 1025), EINVAL);
	FAILS(pwritev(fd, iov, 1025, 0), EINVAL);
	ck_assert_int_eq(writev(fd, iov, 1024), 1024);
	for (i = 0; i < 1025; i++)
		iov[i].iov_base = in + i;
	FAILS(preadv(fd, iov, 1025, 0), EINVAL);
	ck_assert_int_eq(preadv(fd, iov, 1024, 0), 1024);
	ck_assert_mem_eq(in, out, 1024);
	ck_assert_int_eq(preadv(fd, iov, zero, 0), 0);
	ck_assert_int_eq(readv(fd, iov, zero), 0);
	ck_assert_int_eq(writev(fd, iov, zero), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Of any size; here by way of several transfers of NT's. */
START_TEST(a_big_vector_keeps_its_order)
{
	static char out[300000], in[300000];
	struct iovec w[3] = { { out, 100000 }, { out + 100000, 1 },
	    { out + 100001, 199999 } };
	struct iovec r[4] = { { in, 5000 }, { in + 5000, 1000 },
	    { in + 6000, 90000 }, { in + 96000, 204000 } };
	size_t i;
	int fd = make("order", "");

	for (i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 7 + i / 256);
	ck_assert_int_eq(writev(fd, w, 3), 300000);
	ck_assert_int_eq(preadv(fd, r, 4, 0), 300000);
	ck_assert_mem_eq(in, out, sizeof(out));
	(void)memset(in, 0, sizeof(in));
	ck_assert_int_eq(preadv(fd, r, 2, 1000), 6000);
	ck_assert_mem_eq(in, out + 1000, 6000);
	ck_assert_int_eq(preadv(fd, r, 3, 299000), 1000);
	ck_assert_mem_eq(in, out + 299000, 1000);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* read(2): 0x7ffff000 bytes at most, and a short count at the end. */
START_TEST(a_length_beyond_2_gib_is_no_error)
{
	size_t size = ((size_t)5 << 29) + 4096;
	char *big = malloc(size);
	int fd = make("long", "0123456789");

	ck_assert_ptr_nonnull(big);
	ck_assert_int_eq(pread(fd, big, size, 2), 8);
	ck_assert_mem_eq(big, "23456789", 8);
	ck_assert_int_eq(read(fd, big, size), 0);
	ck_assert_int_eq(lseek(fd, 7, SEEK_SET), 7);
	ck_assert_int_eq(read(fd, big, size), 3);
	ck_assert_mem_eq(big, "789", 3);
	free(big);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/*
 * write(), EFBIG: beyond what a file can have; EINVAL, as on Linux, where the
 * end is no offset any more.
 */
START_TEST(the_last_offset_holds_nothing)
{
	char c = 'x';
	struct iovec iov = { &c, 1 };
	struct stat st;
	int fd = make("last", "abc");

	FAILS(pwrite(fd, &c, 1, INT64_MAX), EINVAL);
	FAILS(pread(fd, &c, 1, INT64_MAX), EINVAL);
	FAILS(pwrite(fd, &c, 1, INT64_MAX - 1), EFBIG);
	FAILS(pwritev(fd, &iov, 1, INT64_MAX - 1), EFBIG);
	FAILS(pwrite(fd, &c, 1, (off_t)1 << 60), EFBIG);
	FAILS(ftruncate(fd, (off_t)1 << 60), EFBIG);
	FAILS(truncate("last", INT64_MAX), EFBIG);
	ck_assert_int_eq(pread(fd, &c, 1, INT64_MAX - 1), 0);
	ck_assert_int_eq(pwrite(fd, &c, 0, INT64_MAX), 0);
	ck_assert(fstat(fd, &st) == 0 && st.st_size == 3);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 3);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* preadv2(2): offset -1 is the file offset; unknown flags EOPNOTSUPP. */
START_TEST(flags_of_preadv2_are_checked)
{
	char buf[4] = "wxyz";
	struct iovec iov = { buf, 4 };
	int fd = make("two", "");

	ck_assert_int_eq(pwritev2(fd, &iov, 1, -1, 0), 4);
	ck_assert_int_eq(pwritev2(fd, &iov, 1, 2, RWF_DSYNC), 4);
	ck_assert_int_eq(pwritev2(fd, &iov, 1, -1, RWF_SYNC), 4);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 8);
	ck_assert_int_eq(preadv2(fd, &iov, 1, 1, 0), 4);
	ck_assert_mem_eq(buf, "xwxw", 4);
	FAILS(preadv2(fd, &iov, 1, 0, 0x4000), EOPNOTSUPP);
	FAILS(pwritev2(fd, &iov, 1, 0, 0x4000), EOPNOTSUPP);
	FAILS(preadv2(fd, &iov, 1, -2, 0), EINVAL);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* What a stream has open is served too: its handle is a synchronous one. */
START_TEST(the_crt_s_handles_do_the_same)
{
	char buf[16] = "";
	FILE *stream = fopen("crt", "w+");
	int fd;

	ck_assert_ptr_nonnull(stream);
	fd = fileno(stream);
	ck_assert_int_eq(write(fd, "abcdef", 6), 6);
	ck_assert_int_eq(pwrite(fd, "XY", 2, 1), 2);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 6);
	ck_assert_int_eq(pread(fd, buf, 3, 0), 3);
	ck_assert_str_eq(buf, "aXY");
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 6);
	ck_assert_int_eq(lseek(fd, 4, SEEK_SET), 4);
	ck_assert_int_eq(read(fd, buf, 16), 2);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	ck_assert_int_eq(write(fd, "gh", 2), 2);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 8);
	ck_assert_int_eq(pwrite(fd, "i", 1, 0), 1);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 8);
	ck_assert_int_eq(pread(fd, buf, 16, 0), 9);
	ck_assert_str_eq(buf, "aXYdefghi");
	ck_assert_int_eq(fclose(stream), 0);
}
END_TEST

/* read(), write(): EBADF for the wrong direction, EISDIR for a directory. */
START_TEST(access_modes_are_kept)
{
	char c = 0;
	int fd = make("mode", "x");

	ck_assert_int_eq(close(fd), 0);
	fd = open("mode", O_RDONLY);
	FAILS(write(fd, &c, 1), EBADF);
	FAILS(ftruncate(fd, 0), EINVAL);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	ck_assert_int_eq(fsync(fd), 0);
	ck_assert_int_eq(close(fd), 0);
	fd = open("mode", O_WRONLY);
	FAILS(read(fd, &c, 1), EBADF);
	ck_assert_int_eq(fsync(fd), 0);
	ck_assert_int_eq(fdatasync(fd), 0);
	ck_assert_int_eq(close(fd), 0);
	fd = open(".", O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
	FAILS(read(fd, &c, 1), EISDIR);
	ck_assert_int_eq(fsync(fd), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* The null device: writes vanish, reads end. */
START_TEST(dev_null_is_there)
{
	struct stat st;
	char c;
	int fd = open("/dev/null", O_RDWR);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "abc", 3), 3);
	ck_assert_int_eq(read(fd, &c, 1), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
	ck_assert_int_eq(isatty(fd), 0);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		what_is_written_is_read_back,
		no_byte_is_translated,
		positioned_calls_leave_the_offset,
		offsets_beyond_4_gib_work,
		eight_threads_pread_at_once,
		vectors_are_one_transfer,
		a_vector_is_as_long_as_linux_lets_it,
		a_big_vector_keeps_its_order,
		a_length_beyond_2_gib_is_no_error,
		the_last_offset_holds_nothing,
		flags_of_preadv2_are_checked,
		the_crt_s_handles_do_the_same,
		access_modes_are_kept,
		dev_null_is_there,
	};

	return run_cases("rw", tests, sizeof(tests) / sizeof(tests[0]));
}
