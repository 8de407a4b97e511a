/*
 * O_APPEND: "the file offset shall be set to the end of the file prior to each
 * write and no intervening file modification operation shall occur between
 * changing the file offset and the write operation" (POSIX.1-2024, write()).
 */
#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "support/main.h"
#include "support/proc.h"

static const char *self;

static int
make(const char *name, const char *text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	return fd;
}

/* The offset is behind what was written, wherever it was before. */
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

/* pwrite(2), BUGS: O_APPEND wins over the offset, which stays. */
START_TEST(pwrite_appends_too)
{
	char ab[] = "AB", buf[16] = "";
	struct iovec iov[2] = { { ab, 1 }, { ab + 1, 1 } };
	int fd = make("pw", "abc");

	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	ck_assert_int_eq(lseek(fd, 1, SEEK_SET), 1);
	ck_assert_int_eq(pwrite(fd, "d", 1, 0), 1);
	ck_assert_int_eq(pwritev(fd, iov, 2, 1), 2);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 1);
	ck_assert_int_eq(pread(fd, buf, 16, 0), 6);
	ck_assert_str_eq(buf, "abcdAB");
	ck_assert_int_eq(fcntl(fd, F_SETFL, 0), 0);
	ck_assert_int_eq(pwrite(fd, "x", 1, 0), 1);
	ck_assert_int_eq(pread(fd, buf, 16, 0), 6);
	ck_assert_str_eq(buf, "xbcdAB");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

#define APPENDERS 4
#define LINES 2000
#define LINE 20

static int
append_lines(int fd, int id, int lines)
{
	char line[LINE];
	struct iovec iov[2];
	int i;

	(void)memset(line, '.', LINE);
	line[0] = (char)('0' + id);
	line[LINE - 1] = '\n';
	iov[0].iov_base = line;
	iov[0].iov_len = 5;
	iov[1].iov_base = line + 5;
	iov[1].iov_len = LINE - 5;
	for (i = 0; i < lines; i++)
		if ((i % 2 ? writev(fd, iov, 2) : write(fd, line, LINE)) !=
		    LINE)
			return 1;
	return 0;
}

/* With "for ever" it says so, and goes on until it is killed. */
static int
be_appender(const char *file, const char *how)
{
	int fd = open(file, O_WRONLY | O_APPEND);

	if (how[1] != '\0') {
		(void)append_lines(fd, how[0] - '0', 50);
		(void)printf("ready\n");
		(void)fflush(stdout);
		for (;;)
			if (append_lines(fd, how[0] - '0', 50) != 0)
				return 1;
	}
	if (append_lines(fd, how[0] - '0', LINES) != 0)
		return 1;
	return close(fd);
}

/* Every line whole; who wrote how many. */
static void
count_lines(const char *name, int count[APPENDERS])
{
	char line[LINE + 1], want[LINE + 1];
	int fd = open(name, O_RDONLY);
	ssize_t n;

	(void)memset(count, 0, APPENDERS * sizeof(*count));
	(void)memset(want, '.', LINE);
	want[LINE - 1] = '\n';
	while ((n = read(fd, line, LINE)) > 0) {
		ck_assert_int_eq(n, LINE);
		ck_assert(line[0] >= '0' && line[0] < '0' + APPENDERS);
		count[line[0] - '0']++;
		want[0] = line[0];
		ck_assert_mem_eq(line, want, LINE);
	}
	ck_assert_int_eq(close(fd), 0);
}

/* A child's program has a relative name: from the directory above. */
static void
start(const char *name, const char *const how[], int n, struct proc **p)
{
	char dir[1024], path[1100];
	const char *argv[] = { self, path, NULL, NULL };
	int i;

	ck_assert_ptr_nonnull(getcwd(dir, sizeof(dir)));
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	ck_assert_int_eq(chdir(".."), 0);
	for (i = 0; i < n; i++) {
		argv[2] = how[i];
		ck_assert_int_eq(proc_spawn(argv, &p[i]), 0);
	}
	ck_assert_int_eq(chdir(dir), 0);
}

START_TEST(four_processes_lose_and_tear_no_line)
{
	static const char *const how[] = { "0", "1", "2", "3" };
	struct proc *p[APPENDERS];
	int count[APPENDERS], i;

	ck_assert_int_eq(close(make("log", "")), 0);
	start("log", how, APPENDERS, p);
	for (i = 0; i < APPENDERS; i++)
		ck_assert_int_eq(proc_wait(p[i]), 0);
	count_lines("log", count);
	for (i = 0; i < APPENDERS; i++)
		ck_assert_int_eq(count[i], LINES);
}
END_TEST

/* Who is killed in the middle of an append holds nobody up. */
START_TEST(killed_appenders_stop_nobody)
{
	static const char *const how[] = { "1for ever", "2for ever",
	    "3for ever" };
	struct proc *p[3];
	char line[16];
	int count[APPENDERS], fd, i;

	ck_assert_int_eq(close(make("kill", "")), 0);
	start("kill", how, 3, p);
	fd = open("kill", O_WRONLY | O_APPEND);
	for (i = 0; i < 3; i++) {
		ck_assert_int_ge(proc_readline(p[i], line, sizeof(line)), 0);
		ck_assert_str_eq(line, "ready");
		ck_assert_int_eq(append_lines(fd, 0, 100), 0);
		proc_kill(p[i]);
		ck_assert_int_eq(proc_wait(p[i]), -1);
		ck_assert_int_eq(append_lines(fd, 0, 100), 0);
	}
	ck_assert_int_eq(close(fd), 0);
	count_lines("kill", count);
	ck_assert_int_eq(count[0], 600);
	for (i = 1; i < APPENDERS; i++)
		ck_assert_int_ge(count[i], 50);
}
END_TEST

static int failed;

static void *
appender_thread(void *arg)
{
	char id = *(char *)arg;
	int fd = open("threads", O_WRONLY | O_APPEND);

	if (append_lines(fd, id - '0', LINES) != 0 || close(fd) != 0)
		failed = 1;
	return NULL;
}

/* Each with a description of its own. */
START_TEST(four_threads_lose_and_tear_no_line)
{
	static char id[] = "0123";
	pthread_t t[APPENDERS];
	int count[APPENDERS], i;

	ck_assert_int_eq(close(make("threads", "")), 0);
	for (i = 0; i < APPENDERS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, appender_thread,
		    &id[i]), 0);
	for (i = 0; i < APPENDERS; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
	ck_assert_int_eq(failed, 0);
	count_lines("threads", count);
	for (i = 0; i < APPENDERS; i++)
		ck_assert_int_eq(count[i], LINES);
}
END_TEST

struct half {
	int fd, id;
};

static void *
half_thread(void *arg)
{
	const struct half *h = arg;

	if (append_lines(h->fd, h->id, LINES) != 0)
		failed = 1;
	return NULL;
}

/* One has it open by the name that it had, and one by the name that it got. */
START_TEST(a_log_that_was_renamed_is_one_file)
{
	struct half old = { make("old", ""), 0 }, new = { -1, 1 };
	int count[APPENDERS];
	pthread_t t;

	ck_assert_int_eq(close(old.fd), 0);
	old.fd = open("old", O_WRONLY | O_APPEND);
	ck_assert_int_eq(rename("old", "new"), 0);
	new.fd = open("new", O_WRONLY | O_APPEND);
	ck_assert_int_eq(pthread_create(&t, NULL, half_thread, &old), 0);
	(void)half_thread(&new);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(failed, 0);
	ck_assert_int_eq(close(old.fd), 0);
	ck_assert_int_eq(close(new.fd), 0);
	count_lines("new", count);
	ck_assert_int_eq(count[0], LINES);
	ck_assert_int_eq(count[1], LINES);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		append_goes_to_the_end_always,
		pwrite_appends_too,
		four_processes_lose_and_tear_no_line,
		killed_appenders_stop_nobody,
		four_threads_lose_and_tear_no_line,
		a_log_that_was_renamed_is_one_file,
	};

	if (argc == 3)
		return be_appender(argv[1], argv[2]);
	self = argv[0];
	return run_cases("append", tests, sizeof(tests) / sizeof(tests[0]));
}
