/* Signals that meet blocking calls on pipes and on the event descriptors. */
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "eintr.h"

#define BIG (1 << 20)

static int fds[2];
static FILE *stream;
static char big[BIG];

/* Full: not one more byte. */
static void
fill(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	eintr_must(fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0);
	while (write(fd, big, 4096) > 0)
		continue;
	while (write(fd, big, 1) > 0)
		continue;
	eintr_must(fcntl(fd, F_SETFL, flags) == 0);
}

static void
open_pipe(void)
{
	eintr_must(pipe(fds) == 0);
}

static void
open_full_pipe(void)
{
	open_pipe();
	fill(fds[1]);
}

static void
open_stream(void)
{
	open_pipe();
	eintr_must((stream = fdopen(fds[0], "r")) != NULL);
}

static void
close_both(void)
{
	eintr_must(close(fds[0]) == 0);
	eintr_must(close(fds[1]) == 0);
}

static void
close_one(void)
{
	eintr_must(close(fds[0]) == 0);
}

static void
close_stream(void)
{
	clearerr(stream);		/* of the EINTR */
	eintr_must(fclose(stream) == 0);
	eintr_must(close(fds[1]) == 0);
}

static void
put_line(void)
{
	eintr_must(write(fds[1], "line\n", 5) == 5);
}

/* Room for whatever waits: all but what the writer adds meanwhile. */
static void
take(void)
{
	eintr_must(read(fds[0], big, 65536) > 0);
}

static long
call_read(void)
{
	return read(fds[0], big, 8);
}

static long
call_readv(void)
{
	struct iovec iov[2] = { { big, 3 }, { big + 3, 5 } };

	return readv(fds[0], iov, 2);
}

static long
call_write(void)
{
	return write(fds[1], big, 16);
}

static long
call_writev(void)
{
	struct iovec iov[2] = { { big, 3 }, { big + 3, 5 } };

	return writev(fds[1], iov, 2);
}

static long
call_dprintf(void)
{
	return dprintf(fds[1], "%d", 4711);
}

static long
call_sendfile(void)
{
	int fd = open("some", O_CREAT | O_RDWR, 0600), err;
	ssize_t n;

	eintr_must(fd >= 0 && ftruncate(fd, 16) == 0);
	n = sendfile(fds[1], fd, NULL, 16);
	err = errno;
	eintr_must(close(fd) == 0 && unlink("some") == 0);
	errno = err;
	return n;
}

static long
call_fgets(void)
{
	return fgets(big, 100, stream) == NULL ? -1 : 0;
}

static long
call_fgetc(void)
{
	return fgetc(stream) == EOF ? -1 : 0;
}

static long
call_fread(void)
{
	return fread(big, 1, 5, stream) == 5 ? 0 : -1;
}

static long
call_getline(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n = getline(&line, &size, stream);

	free(line);
	return n;
}

static void
open_counter(void)
{
	eintr_must((fds[0] = eventfd(0, 0)) >= 0);
}

static void
open_full_counter(void)
{
	open_counter();
	eintr_must(eventfd_write(fds[0], UINT64_MAX - 1) == 0);
}

static long
call_eventfd_read(void)
{
	eventfd_t value;

	return eventfd_read(fds[0], &value);
}

static long
call_eventfd_write(void)
{
	return eventfd_write(fds[0], 1);
}

static long
call_write_counter(void)
{
	static const uint64_t two = 2;

	return write(fds[0], &two, sizeof(two));
}

static void
count(void)
{
	eintr_must(eventfd_write(fds[0], 1) == 0);
}

static void
take_count(void)
{
	eventfd_t value;

	eintr_must(eventfd_read(fds[0], &value) == 0);
}

static void
open_timer(void)
{
	eintr_must((fds[0] = timerfd_create(CLOCK_MONOTONIC, 0)) >= 0);
}

static void
start_timer(void)
{
	static const struct itimerspec soon = { { 0, 0 }, { 0, 1 } };

	eintr_must(timerfd_settime(fds[0], 0, &soon, NULL) == 0);
}

static void
open_signalfd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	eintr_must(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	eintr_must((fds[0] = signalfd(-1, &set, 0)) >= 0);
}

static void
send_urgent(void)
{
	eintr_must(kill(getpid(), SIGURG) == 0);
}

static long
call_read_info(void)
{
	return read(fds[0], big, sizeof(struct signalfd_siginfo));
}

static void
open_watch(void)
{
	eintr_must((fds[0] = inotify_init()) >= 0);
	eintr_must(inotify_add_watch(fds[0], ".", IN_CREATE) >= 0);
}

static long
call_read_event(void)
{
	return read(fds[0], big, 4096);
}

static void
make_file(void)
{
	int fd = open("new", O_CREAT | O_RDWR, 0600);

	eintr_must(fd >= 0 && close(fd) == 0);
}

static void
close_watch(void)
{
	close_one();
	(void)unlink("new");
}

/* signal(7): the reads and writes of slow devices restart. */
static const struct eintr_call calls[] = {
	{ "read of a pipe", EINTR_RESTARTS, open_pipe, call_read, put_line,
	    close_both },
	{ "readv of a pipe", EINTR_RESTARTS, open_pipe, call_readv, put_line,
	    close_both },
	{ "write to a full pipe", EINTR_RESTARTS, open_full_pipe, call_write,
	    take, close_both },
	{ "writev to a full pipe", EINTR_RESTARTS, open_full_pipe,
	    call_writev, take, close_both },
	{ "dprintf to a full pipe", EINTR_RESTARTS, open_full_pipe,
	    call_dprintf, take, close_both },
	{ "sendfile to a full pipe", EINTR_RESTARTS, open_full_pipe,
	    call_sendfile, take, close_both },
	{ "fgets of a pipe", EINTR_RESTARTS, open_stream, call_fgets, put_line,
	    close_stream },
	{ "fgetc of a pipe", EINTR_RESTARTS, open_stream, call_fgetc, put_line,
	    close_stream },
	{ "fread of a pipe", EINTR_RESTARTS, open_stream, call_fread, put_line,
	    close_stream },
	{ "getline of a pipe", EINTR_RESTARTS, open_stream, call_getline,
	    put_line, close_stream },
	{ "read of an eventfd", EINTR_RESTARTS, open_counter, call_read, count,
	    close_one },
	{ "eventfd_read", EINTR_RESTARTS, open_counter, call_eventfd_read,
	    count, close_one },
	{ "write to a full eventfd", EINTR_RESTARTS, open_full_counter,
	    call_write_counter, take_count, close_one },
	{ "eventfd_write", EINTR_RESTARTS, open_full_counter,
	    call_eventfd_write, take_count, close_one },
	{ "read of a timerfd", EINTR_RESTARTS, open_timer, call_read,
	    start_timer, close_one },
	{ "read of a signalfd", EINTR_RESTARTS, open_signalfd, call_read_info,
	    send_urgent, close_one },
	{ "read of an inotify", EINTR_RESTARTS, open_watch, call_read_event,
	    make_file, close_watch },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

static size_t
in_pipe(void)
{
	size_t total = 0;
	ssize_t n;

	eintr_must(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
	while ((n = read(fds[0], big, BIG)) > 0)
		total += (size_t)n;
	return total;
}

static long
call_write_big(void)
{
	return write(fds[1], big, BIG);
}

static long
call_writev_big(void)
{
	struct iovec iov[2] = { { big, BIG / 2 }, { big, BIG / 2 } };

	return writev(fds[1], iov, 2);
}

static long
call_sendfile_big(void)
{
	int fd = open("big", O_CREAT | O_RDWR, 0600);
	ssize_t n;
	off_t from = 0;

	eintr_must(fd >= 0 && ftruncate(fd, BIG) == 0);
	n = sendfile(fds[1], fd, &from, BIG);
	eintr_must(n == -1 || n == from);
	eintr_must(close(fd) == 0 && unlink("big") == 0);
	return n;
}

/*
 * XSH write(): "interrupted by a signal after it successfully writes some
 * data, it shall return the number of bytes written".
 */
static void
part_is_told(const char *name, long (*call)(void))
{
	static const int flags[] = { 0, SA_RESTART };
	struct eintr_call part = { name, EINTR_ENDS, open_pipe, call, NULL,
	    NULL };
	size_t i;
	long n;

	for (i = 0; i < 2; i++) {
		n = eintr_part(&part, flags[i]);
		ck_assert_int_gt(n, 0);
		ck_assert_int_lt(n, BIG);
		ck_assert_uint_eq(in_pipe(), (size_t)n);
		close_both();
	}
}

START_TEST(a_write_tells_how_much_it_wrote)
{
	part_is_told("write", call_write_big);
	part_is_told("writev", call_writev_big);
}
END_TEST

/* sendfile(2): "may write fewer bytes than requested". */
START_TEST(a_sendfile_tells_how_much_it_sent)
{
	part_is_told("sendfile", call_sendfile_big);
}
END_TEST

int
main(void)
{
	const TTest *more[2];

	more[0] = a_write_tells_how_much_it_wrote;
	more[1] = a_sendfile_tells_how_much_it_sent;
	return eintr_main("eintr_fd", calls, CALLS, more, 2);
}
