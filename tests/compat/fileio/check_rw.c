#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "support/host.h"
#include "support/main.h"
#include "support/proc.h"

#define FAILS(call, number) do { \
		errno = 0; \
		ck_assert_int_eq((call), -1); \
		ck_assert_int_eq(errno, (number)); \
	} while (0)

static const char *self;

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

/* open(), O_APPEND: the offset is set to the end before each write. */
START_TEST(append_goes_to_the_end_always)
{
	char buf[16];
	int a = make("app", "abc"), b;

	b = open("app", O_WRONLY | O_APPEND);
	ck_assert_int_ge(b, 0);
	ck_assert_int_eq(write(a, "def", 3), 3);
	ck_assert_int_eq(write(b, "ghi", 3), 3);
	ck_assert_int_eq(lseek(b, 0, SEEK_CUR), 9);
	ck_assert_int_eq(lseek(b, 0, SEEK_SET), 0);
	ck_assert_int_eq(write(b, "j", 1), 1);
	ck_assert_int_eq(fcntl(a, F_SETFL, O_APPEND), 0);
	ck_assert_int_eq(fcntl(a, F_GETFL) & (O_APPEND | O_ACCMODE),
	    O_APPEND | O_RDWR);
	ck_assert_int_eq(write(a, "k", 1), 1);
	ck_assert_int_eq(pread(a, buf, 16, 0), 11);
	ck_assert_mem_eq(buf, "abcdefghijk", 11);
	ck_assert_int_eq(close(a), 0);
	ck_assert_int_eq(close(b), 0);
}
END_TEST

#define APPENDERS 4
#define LINES 200
#define LINE 20

static int
be_appender(const char *file, int id)
{
	char line[LINE];
	struct iovec iov[2];
	int fd = open(file, O_WRONLY | O_APPEND), i;

	(void)memset(line, '.', LINE);
	line[0] = (char)('0' + id);
	line[LINE - 1] = '\n';
	iov[0].iov_base = line;
	iov[0].iov_len = 5;
	iov[1].iov_base = line + 5;
	iov[1].iov_len = LINE - 5;
	for (i = 0; i < LINES; i++)
		if (writev(fd, iov, 2) != LINE)
			return 1;
	return close(fd);
}

/* write(): "no intervening file modification operation" with O_APPEND. */
START_TEST(appends_of_four_processes_do_not_mix)
{
	struct proc *p[APPENDERS];
	char id[4], path[64], line[LINE + 1];
	const char *argv[] = { self, "append", path, id, NULL };
	struct stat st;
	int count[APPENDERS] = { 0 }, fd = make("log", ""), i;

	ck_assert_int_eq(close(fd), 0);
	(void)snprintf(path, sizeof(path), "scratch.%ld/log", (long)getpid());
	ck_assert_int_eq(chdir(".."), 0);
	for (i = 0; i < APPENDERS; i++) {
		(void)snprintf(id, sizeof(id), "%d", i);
		ck_assert_int_eq(proc_spawn(argv, &p[i]), 0);
	}
	for (i = 0; i < APPENDERS; i++)
		ck_assert_int_eq(proc_wait(p[i]), 0);
	(void)snprintf(path, sizeof(path), "scratch.%ld", (long)getpid());
	ck_assert_int_eq(chdir(path), 0);
	ck_assert_int_eq(stat("log", &st), 0);
	ck_assert_int_eq(st.st_size, APPENDERS * LINES * LINE);
	fd = open("log", O_RDONLY);
	while (read(fd, line, LINE) == LINE) {
		ck_assert_int_eq(line[LINE - 1], '\n');
		ck_assert(line[0] >= '0' && line[0] < '0' + APPENDERS);
		count[line[0] - '0']++;
	}
	for (i = 0; i < APPENDERS; i++)
		ck_assert_int_eq(count[i], LINES);
	ck_assert_int_eq(close(fd), 0);
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
main(int argc, char *argv[])
{
	static const TTest *tests[12];
	int n = 0;

	if (argc == 4 && strcmp(argv[1], "append") == 0)
		return be_appender(argv[2], argv[3][0] - '0');
	self = argv[0];
	tests[n++] = what_is_written_is_read_back;
	tests[n++] = no_byte_is_translated;
	tests[n++] = positioned_calls_leave_the_offset;
	tests[n++] = offsets_beyond_4_gib_work;
	tests[n++] = eight_threads_pread_at_once;
	tests[n++] = append_goes_to_the_end_always;
	if (host_is_wine())
		host_skip("appends_of_four_processes_do_not_mix",
		    "Wine looks for the end first, then writes (LIM-FILE-8)");
	else
		tests[n++] = appends_of_four_processes_do_not_mix;
	tests[n++] = vectors_are_one_transfer;
	tests[n++] = access_modes_are_kept;
	tests[n++] = dev_null_is_there;
	return run_cases("rw", tests, n);
}
