/*
 * A static library compiled without our headers, in the same process.
 */
#include <stdio.h>

#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "foreign.h"
#include "util.h"

static int bad;

static void *
churn(void *arg)
{
	bad = foreign_churn("foreign", *(int *)arg);
	return NULL;
}

/* It opens and closes all the time; what we open stays what it is. */
START_TEST(numbers_never_collide)
{
	int rounds = 300, i, fd, d, p[2];
	char buf[8], want[16];
	struct stat st;
	pthread_t t;
	FILE *f;

	ck_assert_int_eq(pthread_create(&t, NULL, churn, &rounds), 0);
	for (i = 0; i < rounds; i++) {
		(void)snprintf(want, sizeof(want), "%07d", i);
		fd = file_with("mine", want);
		ck_assert_int_eq(pipe(p), 0);
		f = fdopen(p[1], "w");
		ck_assert_ptr_nonnull(f);
		d = dup(fd);
		ck_assert_int_ge(d, 0);
		ck_assert_int_eq(fputs(want, f) >= 0, 1);
		ck_assert_int_eq(close(fd), 0);
		ck_assert_int_eq(fclose(f), 0);
		ck_assert_int_eq(read(p[0], buf, 8), 7);
		ck_assert_mem_eq(buf, want, 7);
		ck_assert_int_eq(pread(d, buf, 8, 0), 7);
		ck_assert_mem_eq(buf, want, 7);
		ck_assert_int_eq(fstat(p[0], &st), 0);
		ck_assert(S_ISFIFO(st.st_mode));
		ck_assert_int_eq(close(d), 0);
		ck_assert_int_eq(close(p[0]), 0);
	}
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_int_eq(bad, 0);
}
END_TEST

/* Our streams work in its hands, and closing one there closes ours. */
START_TEST(streams_can_be_handed_over)
{
	FILE *f = fopen("handed", "w+");
	char buf[16];
	int fd = fileno(f), sv[2];

	ck_assert_int_eq(foreign_puts("a\n", f), 0);
	ck_assert_int_eq(fprintf(f, "b\n"), 2);
	ck_assert_int_eq(foreign_puts("c\n", f), 0);
	ck_assert_int_eq(foreign_fclose(f), 0);
	FAILS(fcntl(fd, F_GETFD), EBADF);
	holds("handed", "a\nb\nc\n");
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	f = fdopen(sv[0], "r");
	ck_assert_int_eq(write(sv[1], "line\n", 5), 5);
	ck_assert_int_eq(foreign_gets(buf, sizeof(buf), f), 0);
	ck_assert_str_eq(buf, "line\n");
	ck_assert_int_eq(close(sv[1]), 0);
	ck_assert_int_eq(foreign_gets(buf, sizeof(buf), f), -1);
	ck_assert_int_ne(feof(f), 0);
	ck_assert_int_eq(fclose(f), 0);
	FAILS(fcntl(sv[0], F_GETFD), EBADF);
}
END_TEST

/* Its write, dup, dup2 and close mean ours. */
START_TEST(descriptors_can_be_handed_over)
{
	int fd = file_with("given", ""), d, other;

	ck_assert_int_eq(foreign_write(fd, "one\n"), 4);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 4);
	d = foreign_dup(fd);
	ck_assert_int_ge(d, 0);
	ck_assert_int_ne(d, fd);
	ck_assert_int_eq(foreign_write(d, "two\n"), 4);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 8);
	ck_assert_int_eq(lseek(d, 0, SEEK_CUR), 8);
	ck_assert_int_eq(fcntl(d, F_SETFL, O_APPEND), 0);
	ck_assert(fcntl(fd, F_GETFL) & O_APPEND);
	ck_assert_int_eq(foreign_close(fd), 0);
	FAILS(fcntl(fd, F_GETFD), EBADF);
	ck_assert_int_eq(write(d, "three\n", 6), 6);
	other = file_with("other", "");
	ck_assert_int_eq(other, fd);
	ck_assert_int_eq(foreign_dup2(d, other), 0);
	ck_assert_int_eq(write(other, "four\n", 5), 5);
	ck_assert_int_eq(close(d), 0);
	ck_assert_int_eq(foreign_write(other, "five\n"), 5);
	ck_assert_int_eq(close(other), 0);
	holds("given", "one\ntwo\nthree\nfour\nfive\n");
	holds("other", "");
}
END_TEST

/* Its descriptors and streams are known to all our calls. */
START_TEST(its_descriptors_are_ours_to_use)
{
	int fd = foreign_open("its"), d;
	struct stat st;
	FILE *f;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x\r\ny\n", 5), 5);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(st.st_size, 5);
	d = dup(fd);
	ck_assert_int_eq(foreign_close(fd), 0);
	ck_assert_int_eq(lseek(d, 0, SEEK_CUR), 5);
	ck_assert_int_eq(close(d), 0);
	f = foreign_fopen("its", "rb");
	ck_assert_int_eq(fgetc(f), 'x');
	d = open("its", O_RDONLY);
	ck_assert_int_ne(d, fileno(f));
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(close(d), 0);
}
END_TEST

/* Its printf follows our dup2 onto standard output. */
START_TEST(its_output_follows_dup2)
{
	int fd = file_with("out", ""), save;

	ck_assert_int_eq(fflush(stdout), 0);
	save = dup(1);
	ck_assert_int_ge(save, 0);
	ck_assert_int_eq(dup2(fd, 1), 1);
	ck_assert_int_eq(foreign_print("theirs\n"), 0);
	ck_assert_int_eq(printf("ours\n"), 5);
	ck_assert_int_eq(fflush(stdout), 0);
	ck_assert_int_eq(foreign_write(1, "raw\n"), 4);
	ck_assert_int_eq(dup2(save, 1), 1);
	ck_assert_int_eq(close(save), 0);
	ck_assert_int_eq(close(fd), 0);
	holds("out", "theirs\nours\nraw\n");
}
END_TEST

/* write(): "EBADF: ... not a valid file descriptor open for writing". */
START_TEST(it_has_the_access_that_we_opened_with)
{
	static const char *const name[] = { "/dev/null", "/dev/zero", "mode" };
	char c;
	size_t i;
	int fd;

	ck_assert_int_eq(close(file_with("mode", "text")), 0);
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		ck_assert_int_ge(fd = open(name[i], O_RDONLY), 0);
		FAILS(foreign_write(fd, "x"), EBADF);
		ck_assert_int_eq(close(fd), 0);
		ck_assert_int_ge(fd = open(name[i], O_WRONLY), 0);
		FAILS(foreign_read(fd, &c, 1), EBADF);
		ck_assert_int_eq(close(fd), 0);
	}
	holds("mode", "text");
}
END_TEST

int
main(void)
{
	static const TTest *tests[7];
	int n = 0;

	tests[n++] = numbers_never_collide;
	tests[n++] = streams_can_be_handed_over;
	tests[n++] = descriptors_can_be_handed_over;
	tests[n++] = its_descriptors_are_ours_to_use;
	tests[n++] = its_output_follows_dup2;
	tests[n++] = it_has_the_access_that_we_opened_with;
	return run_cases("foreign", tests, n);
}
