#include <stdio.h>

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "util.h"

static void
pair(int sv[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
}

/* fdopen(): one descriptor, one position, closed once. */
START_TEST(a_stream_on_a_file)
{
	int fd = file_with("f", "first\nsecond\n"), again;
	FILE *f = fdopen(fd, "r+");
	char line[32];

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fileno(f), fd);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	ck_assert_str_eq(line, "first\n");
	ck_assert_int_eq(ftello(f), 6);
	ck_assert_int_eq(fseeko(f, 0, SEEK_END), 0);
	ck_assert_int_eq(fprintf(f, "%s %d\r\n\x1a", "third", 3), 10);
	ck_assert_int_eq(fflush(f), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 23);
	ck_assert_int_eq(pread(fd, line, 32, 13), 10);
	ck_assert_mem_eq(line, "third 3\r\n\x1a", 10);
	rewind(f);
	ck_assert_int_eq(fgetc(f), 'f');
	ck_assert_int_eq(fclose(f), 0);
	FAILS(fcntl(fd, F_GETFD), EBADF);
	again = open("f", O_RDONLY);
	ck_assert_int_eq(again, fd);
	ck_assert_int_eq(close(again), 0);
	holds("f", "first\nsecond\nthird 3\r\n\x1a");
}
END_TEST

/* A protocol of lines on a socket, turning without a seek as on Linux. */
START_TEST(a_stream_on_a_socket_speaks_and_listens)
{
	struct pollfd p = { .events = POLLIN };
	char buf[64];
	int sv[2], i;
	FILE *f;

	pair(sv);
	f = fdopen(sv[0], "r+");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fileno(f), sv[0]);
	p.fd = sv[0];
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(fprintf(f, "ask %d\n", i), 6);
		ck_assert_int_eq(fflush(f), 0);
		ck_assert_int_eq(read(sv[1], buf, sizeof(buf)), 6);
		ck_assert_mem_eq(buf, "ask ", 4);
		ck_assert_int_eq(poll(&p, 1, 0), 0);
		ck_assert_int_eq(write(sv[1], "answer\n", 7), 7);
		ck_assert_int_eq(poll(&p, 1, 1000), 1);
		ck_assert_ptr_nonnull(fgets(buf, sizeof(buf), f));
		ck_assert_str_eq(buf, "answer\n");
	}
	ck_assert_int_eq(write(sv[1], "a\nb\n", 4), 4);
	ck_assert_ptr_nonnull(fgets(buf, sizeof(buf), f));
	ck_assert_str_eq(buf, "a\n");
	ck_assert_ptr_nonnull(fgets(buf, sizeof(buf), f));
	ck_assert_str_eq(buf, "b\n");
	ck_assert_int_eq(close(sv[1]), 0);
	ck_assert_ptr_null(fgets(buf, sizeof(buf), f));
	ck_assert_int_ne(feof(f), 0);
	ck_assert_int_eq(ferror(f), 0);
	ck_assert_int_eq(fclose(f), 0);
	FAILS(close(sv[0]), EBADF);
}
END_TEST

/* fclose() of a socket is its end for the peer; nothing is lost before. */
START_TEST(fclose_of_a_socket_flushes_and_ends_it)
{
	char buf[16];
	int sv[2];
	FILE *f;

	pair(sv);
	f = fdopen(sv[0], "w");
	ck_assert_int_eq(fputs("last", f) >= 0, 1);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(read(sv[1], buf, sizeof(buf)), 4);
	ck_assert_int_eq(read(sv[1], buf, sizeof(buf)), 0);
	ck_assert_int_eq(close(sv[1]), 0);
}
END_TEST

/* getc(): the error is read()'s. */
START_TEST(errno_of_a_stream_is_that_of_the_descriptor)
{
	int p[2];
	FILE *r, *w;

	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	r = fdopen(p[0], "r");
	w = fdopen(p[1], "w");
	ck_assert(r != NULL && w != NULL);
	errno = 0;
	ck_assert_int_eq(fgetc(r), EOF);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_ne(ferror(r), 0);
	ck_assert_int_eq(feof(r), 0);
	clearerr(r);
	ck_assert_int_eq(fputc('x', w), 'x');
	ck_assert_int_eq(fflush(w), 0);
	ck_assert_int_eq(fgetc(r), 'x');
	ck_assert_int_eq(fclose(r), 0);
	(void)signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(fputc('x', w), 'x');
	errno = 0;
	ck_assert_int_eq(fflush(w), EOF);
	ck_assert_int_eq(errno, EPIPE);
	ck_assert_int_ne(ferror(w), 0);
	(void)fclose(w);
	(void)signal(SIGPIPE, SIG_DFL);
	FAILS(fcntl(p[1], F_GETFD), EBADF);
}
END_TEST

/* fseek() on a pipe: ESPIPE, and what was read ahead is still there. */
START_TEST(a_failed_seek_loses_nothing)
{
	int p[2];
	FILE *r;

	ck_assert_int_eq(pipe(p), 0);
	r = fdopen(p[0], "r");
	ck_assert_int_eq(write(p[1], "abc", 3), 3);
	ck_assert_int_eq(fgetc(r), 'a');
	FAILS(fseek(r, 0, SEEK_SET), ESPIPE);
	FAILS((int)ftell(r), ESPIPE);
	ck_assert_int_eq(fflush(r), 0);
	ck_assert_int_eq(fgetc(r), 'b');
	ck_assert_int_eq(ungetc('B', r), 'B');
	ck_assert_int_eq(getc(r), 'B');
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(fgetc(r), 'c');
	ck_assert_int_eq(fgetc(r), EOF);
	ck_assert_int_ne(feof(r), 0);
	ck_assert_int_eq(fclose(r), 0);
}
END_TEST

/* fdopen(), EINVAL and EBADF; POSIX leaves the check of the mode to us. */
START_TEST(modes_must_fit_the_descriptor)
{
	int fd = file_with("m", "x"), ro = open("m", O_RDONLY);
	int wo = open("m", O_WRONLY);

	NULL_WITH(fdopen(fd, "q"), EINVAL);
	NULL_WITH(fdopen(fd, ""), EINVAL);
	NULL_WITH(fdopen(ro, "w"), EINVAL);
	NULL_WITH(fdopen(ro, "r+"), EINVAL);
	NULL_WITH(fdopen(wo, "r"), EINVAL);
	NULL_WITH(fdopen(-1, "r"), EBADF);
	NULL_WITH(fdopen(1999, "r"), EBADF);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(ro), 0);
	ck_assert_int_eq(close(wo), 0);
}
END_TEST

/* fdopen(), "a": O_APPEND is set in the description; "e": FD_CLOEXEC. */
START_TEST(append_is_the_description_s)
{
	int fd = file_with("a", "one"), other = dup(fd);
	FILE *f = fdopen(fd, "a");

	ck_assert_ptr_nonnull(f);
	ck_assert(fcntl(other, F_GETFL) & O_APPEND);
	ck_assert_int_eq(lseek(other, 0, SEEK_SET), 0);
	ck_assert_int_ge(fputs(" two", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	holds("a", "one two");
	ck_assert_int_eq(close(other), 0);
	f = fopen("a", "re");
	ck_assert_int_eq(fcntl(fileno(f), F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

/* POSIX: names and open streams have nothing to do with each other. */
START_TEST(the_file_of_a_stream_can_be_renamed_and_removed)
{
	FILE *f = fopen("u", "w+");
	struct stat st;

	ck_assert_int_ge(fputs("text", f), 0);
	ck_assert_int_eq(rename("u", "v"), 0);
	ck_assert_int_eq(unlink("v"), 0);
	FAILS(stat("v", &st), ENOENT);
	ck_assert_int_eq(fseeko(f, 0, SEEK_SET), 0);
	ck_assert_int_eq(fgetc(f), 't');
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

/* tmpfile(): nobody else's, for any byte. */
START_TEST(a_temporary_file_keeps_every_byte)
{
	FILE *f = tmpfile();
	struct stat st;
	int i;

	ck_assert_ptr_nonnull(f);
	for (i = 0; i < 256; i++)
		ck_assert_int_eq(fputc(i, f), i);
	ck_assert_int_eq(fflush(f), 0);
	ck_assert_int_eq(fstat(fileno(f), &st), 0);
	ck_assert_int_eq(st.st_size, 256);
	rewind(f);
	for (i = 0; i < 256; i++)
		ck_assert_int_eq(fgetc(f), i);
	ck_assert_int_eq(fgetc(f), EOF);
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

/* POSIX, fflush(): the descriptor is where the reader is. */
START_TEST(fflush_puts_the_position_of_a_reader_back)
{
	int fd = file_with("p", "abcdef");
	FILE *f = fdopen(fd, "r");

	ck_assert_int_eq(fgetc(f), 'a');
	ck_assert_int_eq(fgetc(f), 'b');
	ck_assert_int_eq(fflush(f), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 2);
	ck_assert_int_eq(fgetc(f), 'c');
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

/* getdelim(), getline(), dprintf(). */
START_TEST(lines_of_any_length)
{
	int fd = file_with("l", ""), i;
	char *line = NULL;
	size_t size = 0;
	FILE *f;

	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(dprintf(fd, "%s", "0123456789"), 10);
	ck_assert_int_eq(write(fd, "\nb\0c\nlast", 9), 9);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	f = fdopen(fd, "r");
	ck_assert_int_eq(getline(&line, &size, f), 10001);
	ck_assert_uint_gt(size, 10001);
	ck_assert_int_eq(line[10000], '\n');
	ck_assert_int_eq(getdelim(&line, &size, '\0', f), 2);
	ck_assert_mem_eq(line, "b\0", 3);
	ck_assert_int_eq(getline(&line, &size, f), 2);
	ck_assert_int_eq(getline(&line, &size, f), 4);
	ck_assert_str_eq(line, "last");
	errno = 0;
	ck_assert_int_eq(getline(&line, &size, f), -1);
	ck_assert_int_eq(errno, 0);
	FAILS((int)getline(NULL, &size, f), EINVAL);
	FAILS(dprintf(1999, "x"), EBADF);
	free(line);
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

static int
pending(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0);
}

/* setvbuf(): each kind writes when it should, and in one piece. */
START_TEST(buffers_empty_when_they_should)
{
	char buf[64];
	int p[2];
	FILE *w;

	ck_assert_int_eq(pipe(p), 0);
	w = fdopen(p[1], "w");
	ck_assert_int_eq(setvbuf(w, NULL, _IOFBF, 0), 0);
	ck_assert_int_ge(fputs("full\n", w), 0);
	ck_assert_int_eq(pending(p[0]), 0);
	ck_assert_int_eq(fflush(w), 0);
	ck_assert_int_eq(read(p[0], buf, sizeof(buf)), 5);
	ck_assert_int_eq(setvbuf(w, NULL, _IOLBF, 0), 0);
	ck_assert_int_ge(fputs("part", w), 0);
	ck_assert_int_eq(pending(p[0]), 0);
	ck_assert_int_eq(fprintf(w, " %s\n", "line"), 6);
	ck_assert_int_eq(read(p[0], buf, sizeof(buf)), 10);
	ck_assert_int_eq(fflush(w), 0);
	ck_assert_int_eq(setvbuf(w, NULL, _IONBF, 0), 0);
	ck_assert_int_eq(fprintf(w, "at once"), 7);
	ck_assert_int_eq(read(p[0], buf, sizeof(buf)), 7);
	ck_assert_int_eq(putc('!', w), '!');
	ck_assert_int_eq(read(p[0], buf, sizeof(buf)), 1);
	ck_assert_int_ne(setvbuf(w, NULL, 99, 0), 0);
	ck_assert_int_eq(fclose(w), 0);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

/* freopen(): the number stays, the old file is closed. */
START_TEST(freopen_moves_a_stream)
{
	FILE *f = fopen("one", "w"), *g;
	int fd = fileno(f);

	ck_assert_int_ge(fputs("1", f), 0);
	g = freopen("two", "w+", f);
	ck_assert_ptr_eq(g, f);
	ck_assert_int_eq(fileno(g), fd);
	ck_assert_int_ge(fputs("2", g), 0);
	ck_assert_int_eq(fflush(g), 0);
	holds("one", "1");
	holds("two", "2");
	g = freopen("one", "r", g);
	ck_assert_ptr_nonnull(g);
	ck_assert_int_eq(fgetc(g), '1');
	NULL_WITH(freopen("none/such", "r", g), ENOENT);
	FAILS(fcntl(fd, F_GETFD), EBADF);
}
END_TEST

/* freopen() without a path changes the mode. */
START_TEST(freopen_changes_the_mode)
{
	FILE *f = fopen("mode", "w");

	ck_assert_int_ge(fputs("text", f), 0);
	f = freopen(NULL, "r", f);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fgetc(f), 't');
	f = freopen(NULL, "a", f);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs("!", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	holds("mode", "text!");
}
END_TEST

/* More than the CRT has by itself. */
START_TEST(five_hundred_streams_at_once)
{
	static FILE *f[500];
	int i;

	for (i = 0; i < 500; i++) {
		f[i] = fopen("many", "a");
		ck_assert_ptr_nonnull(f[i]);
		ck_assert_int_eq(fputc('.', f[i]), '.');
	}
	for (i = 0; i < 500; i++)
		ck_assert_int_eq(fclose(f[i]), 0);
	f[0] = fopen("many", "r");
	ck_assert_int_eq(fseek(f[0], 0, SEEK_END), 0);
	ck_assert_int_eq(ftell(f[0]), 500);
	ck_assert_int_eq(fclose(f[0]), 0);
}
END_TEST

int
main(void)
{
	static const TTest *tests[16];
	int n = 0;

	tests[n++] = a_stream_on_a_file;
	tests[n++] = a_stream_on_a_socket_speaks_and_listens;
	tests[n++] = fclose_of_a_socket_flushes_and_ends_it;
	tests[n++] = errno_of_a_stream_is_that_of_the_descriptor;
	tests[n++] = a_failed_seek_loses_nothing;
	tests[n++] = modes_must_fit_the_descriptor;
	tests[n++] = append_is_the_description_s;
	tests[n++] = the_file_of_a_stream_can_be_renamed_and_removed;
	tests[n++] = a_temporary_file_keeps_every_byte;
	tests[n++] = fflush_puts_the_position_of_a_reader_back;
	tests[n++] = lines_of_any_length;
	tests[n++] = buffers_empty_when_they_should;
	tests[n++] = freopen_moves_a_stream;
	tests[n++] = freopen_changes_the_mode;
	tests[n++] = five_hundred_streams_at_once;
	return run_cases("fdopen", tests, n);
}
