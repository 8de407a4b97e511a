#include <spawn.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "port.h"
#include "support/fails.h"
#include "support/main.h"

static char text[1000];

static int
file_with(const char *words)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0666);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, words, strlen(words)),
	    (ssize_t)strlen(words));
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static const char *
whole(void)
{
	int fd = open("file", O_RDONLY);

	ck_assert_int_ge(fd, 0);
	(void)kid_read(fd, text, sizeof(text));
	ck_assert_int_eq(close(fd), 0);
	return text;
}

static const char *
decimal(int n)
{
	static char digits[4][16];
	static int next;

	next = (next + 1) % 4;
	(void)snprintf(digits[next], sizeof(digits[next]), "%d", n);
	return digits[next];
}

/* fork(): the offset is one, whoever moves it. */
START_TEST(the_offset_is_shared_both_ways)
{
	int fd = file_with("abcdefgh");
	char c[3] = "";

	ck_assert_int_eq(read(fd, c, 2), 2);
	ck_assert_int_eq(kid_output(text, sizeof(text), "read", decimal(fd),
	    "3", NULL), 0);
	ck_assert_str_eq(text, "cde");
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 5);
	ck_assert_int_eq(kid_status(kid_start(NULL, "write", decimal(fd), "XY",
	    NULL)), 0);
	ck_assert_int_eq(write(fd, "Z", 1), 1);
	ck_assert_str_eq(whole(), "abcdeXYZ");
	ck_assert_int_eq(kid_output(text, sizeof(text), "seek", decimal(fd),
	    "-6", decimal(SEEK_CUR), NULL), 0);
	ck_assert_str_eq(text, "2");
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 2);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* fcntl(), F_SETFL: status flags belong to the description. */
START_TEST(status_flags_are_shared_both_ways)
{
	int fd = file_with("abc"), p[2];

	ck_assert_int_eq(kid_output(text, sizeof(text), "flags", decimal(fd),
	    decimal(O_APPEND), "0", NULL), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & O_APPEND, O_APPEND);
	ck_assert_int_eq(write(fd, "d", 1), 1);
	ck_assert_str_eq(whole(), "abcd");
	ck_assert_int_eq(fcntl(fd, F_SETFL, 0), 0);
	ck_assert_int_eq(kid_output(text, sizeof(text), "flags", decimal(fd),
	    NULL), 0);
	(void)snprintf(text + 100, 100, "%d ", O_RDWR);
	ck_assert_str_eq(text, text + 100);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(kid_output(text, sizeof(text), "flags", decimal(p[0]),
	    decimal(O_NONBLOCK), "0", NULL), 0);
	ck_assert_int_eq(fcntl(p[0], F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	FAILS(read(p[0], text, 1), EAGAIN);
	ck_assert_int_eq(fcntl(p[1], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* A plain program moves the offset of what it was given, too. */
START_TEST(a_plain_program_goes_on_where_we_were)
{
	posix_spawn_file_actions_t a;
	int fd = file_with("abcdefgh"), out;
	char c[4] = "";

	out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0666);
	ck_assert_int_eq(read(fd, c, 2), 2);
	ck_assert_int_eq(write(out, "<", 1), 1);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 0);
	(void)posix_spawn_file_actions_adddup2(&a, out, 1);
	ck_assert_int_eq(kid_status(plain_start(&a, "read", "3", NULL)), 0);
	ck_assert_int_eq(kid_status(plain_start(&a, "read", "1", NULL)), 0);
	ck_assert_int_eq(write(out, ">", 1), 1);
	ck_assert_int_eq(read(fd, c, 3), 2);
	ck_assert_str_eq(c, "gh");
	ck_assert_int_eq(close(out), 0);
	out = open("out", O_RDONLY);
	(void)kid_read(out, text, sizeof(text));
	ck_assert_str_eq(text, "<cdef>");
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(close(out), 0);
}
END_TEST

/* Other numbers, too: at 50 for its own runtime; O_APPEND appends. */
START_TEST(a_plain_program_gets_other_numbers)
{
	posix_spawn_file_actions_t a;
	int fd = file_with("abc");

	ck_assert_int_eq(fcntl(fd, F_SETFL, O_APPEND), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 50);
	ck_assert_int_eq(kid_status(plain_start(&a, "write", "50", "d\n",
	    NULL)), 0);
	ck_assert_str_eq(whole(), "abcd\n");
	ck_assert_int_eq(kid_status(plain_start(&a, "closed", "51", NULL)), 0);
	ck_assert_int_eq(kid_status(plain_start(&a, "closed", "50", NULL)), 1);
	ck_assert_int_eq(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
	ck_assert_int_eq(kid_status(plain_start(NULL, "closed", decimal(fd),
	    NULL)), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* Both ends in one child, one end in another: bytes, and the end. */
START_TEST(a_pipe_ends_when_its_last_writer_is_gone)
{
	posix_spawn_file_actions_t a;
	int p[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 50);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	pid = kid_start(&a, "wait", NULL);
	ck_assert_int_eq(kid_status(kid_start(&a, "write", "50", "abc", NULL)),
	    0);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	(void)kid_read(p[0], text, sizeof(text));
	ck_assert_int_eq(strlen(text) == 3 || strlen(text) == 8, 1);
	(void)kid_end(pid);
	ck_assert_int_eq(close(p[0]), 0);
	(void)posix_spawn_file_actions_destroy(&a);
}
END_TEST

/* write(), EPIPE: when the last reader is killed, also for who waits. */
START_TEST(a_killed_reader_breaks_the_pipe)
{
	static char block[200000];
	posix_spawn_file_actions_t a;
	int p[2], ready[2];
	pid_t pid;
	char c[8];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, ready[1], 1);
	pid = kid_start(&a, "wait", NULL);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(read(ready[0], c, 5), 5);
	ck_assert_int_eq(write(p[1], block, 100), 100);
	/* It ends itself only after this; we are most likely blocked then. */
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	if (write(p[1], block, sizeof(block)) == -1)
		ck_assert_int_eq(errno, EPIPE);
	FAILS(write(p[1], block, 1), EPIPE);
	(void)kid_end(pid);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(close(ready[0]), 0);
	ck_assert_int_eq(close(ready[1]), 0);
}
END_TEST

/* pipe(7): 64 KiB, whoever fills it; room when someone else has read. */
START_TEST(the_capacity_is_shared)
{
	struct pollfd w;
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_eq(kid_output(text, sizeof(text), "fill", decimal(p[1]),
	    NULL), 0);
	ck_assert_str_eq(text, "65536 1");
	w = (struct pollfd){ .fd = p[1], .events = POLLOUT };
	ck_assert_int_eq(poll(&w, 1, 0), 0);
	FAILS(write(p[1], "x", 1), EAGAIN);
	ck_assert_int_eq(kid_status(kid_start(NULL, "drain", decimal(p[0]),
	    "65536", NULL)), 0);
	ck_assert_int_eq(poll(&w, 1, 10000), 1);
	ck_assert_int_eq(w.revents, POLLOUT);
	ck_assert_int_eq(kid_output(text, sizeof(text), "fill", decimal(p[1]),
	    NULL), 0);
	ck_assert_str_eq(text, "65536 1");
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
}
END_TEST

/* A child's poll is woken by what we do, and ours by what it does. */
START_TEST(poll_sees_what_another_process_does)
{
	posix_spawn_file_actions_t a;
	struct pollfd r;
	int p[2], out[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[0], 50);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	pid = kid_start(&a, "poll", "50", decimal(POLLIN), "20000", NULL);
	ck_assert_int_eq(close(out[1]), 0);
	r = (struct pollfd){ .fd = out[0], .events = POLLIN };
	ck_assert_int_eq(poll(&r, 1, 100), 0);
	ck_assert_int_eq(write(p[1], "x", 1), 1);
	ck_assert_int_eq(poll(&r, 1, 20000), 1);
	ck_assert_int_ne(r.revents & POLLIN, 0);
	(void)kid_read(out[0], text, sizeof(text));
	ck_assert_str_eq(text, "in ");
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(poll(&r, 1, 20000), 1);
	ck_assert_int_eq(r.revents, POLLHUP);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(close(out[0]), 0);
}
END_TEST

/* write(): no more than PIPE_BUF bytes, from several processes: in one. */
START_TEST(short_writes_do_not_mix)
{
	static char block[1024];
	posix_spawn_file_actions_t a;
	pid_t pid[4];
	int p[2], i, n = 0;
	ssize_t got;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 50);
	for (i = 0; i < 4; i++)
		pid[i] = kid_start(&a, "records", "50", "300",
		    i == 0 ? "a" : i == 1 ? "b" : i == 2 ? "c" : "d", NULL);
	ck_assert_int_eq(close(p[1]), 0);
	while ((got = kid_read(p[0], block, 2)) > 0) {
		ck_assert_int_eq(read(p[0], block + 1, 1023), 1023);
		for (i = 1; i < 1024; i++)
			ck_assert_int_eq(block[i], block[0]);
		n++;
	}
	ck_assert_int_eq(n, 1200);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(kid_status(pid[i]), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

/* A socket that we accepted is the child's, and so is a listener. */
START_TEST(sockets_are_inherited)
{
	struct sockaddr_in in;
	socklen_t len = sizeof(in);
	int l = socket(AF_INET, SOCK_STREAM, 0), c;
	pid_t pid;

	(void)memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(l, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(listen(l, 5), 0);
	ck_assert_int_eq(getsockname(l, (struct sockaddr *)&in, &len), 0);
	pid = kid_start(NULL, "accept", decimal(l), NULL);
	c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(c, (struct sockaddr *)&in, sizeof(in)), 0);
	(void)kid_read(c, text, sizeof(text));
	ck_assert_str_eq(text, "hello");
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(close(c), 0);
	ck_assert_int_eq(close(l), 0);
}
END_TEST

/* FD_CLOEXEC: a child that lives on does not keep a port. */
START_TEST(a_port_is_free_when_its_owner_closes_it)
{
	struct sockaddr_in in;
	posix_spawn_file_actions_t a;
	int p[2], l;
	pid_t pid;

	ck_assert_int_ge(l = port_listen(0, &in), 0);
	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	pid = kid_start(&a, "wait", NULL);
	ck_assert_int_eq(close(p[1]), 0);
	(void)kid_read(p[0], text, sizeof(text));
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_ge(l = port_listen(ntohs(in.sin_port), &in), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	(void)kid_end(pid);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(l), 0);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

#define BULK (16 * 1024 * 1024)

static void *
pour(void *arg)
{
	static unsigned char block[50021];
	int fd = *(int *)arg;
	size_t left, n, i;
	unsigned int x = 1;

	for (left = BULK; left > 0; left -= n) {
		n = left < sizeof(block) ? left : sizeof(block);
		for (i = 0; i < n; i++)
			block[i] = (unsigned char)((x = x * 69069 + 1) >> 24);
		if (write(fd, block, n) != (ssize_t)n)
			return arg;
	}
	return close(fd) == 0 ? NULL : arg;
}

static void
through(int plain)
{
	static unsigned char block[30011];
	posix_spawn_file_actions_t a;
	unsigned int x = 1;
	size_t total = 0;
	int in[2], out[2];
	pthread_t t;
	void *failed;
	ssize_t n, i;
	pid_t pid;

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, in[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	pid = plain ? plain_start(&a, "cat", NULL) : kid_start(&a, "cat",
	    "0", "1", NULL);
	ck_assert_int_eq(close(in[0]), 0);
	ck_assert_int_eq(close(out[1]), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, pour, &in[1]), 0);
	while ((n = read(out[0], block, sizeof(block))) > 0) {
		for (i = 0; i < n; i++)
			if (block[i] !=
			    (unsigned char)((x = x * 69069 + 1) >> 24))
				ck_abort_msg("byte %zu is wrong",
				    total + (size_t)i);
		total += (size_t)n;
	}
	ck_assert_int_eq(n, 0);
	ck_assert_uint_eq(total, BULK);
	ck_assert_int_eq(pthread_join(t, &failed), 0);
	ck_assert_ptr_null(failed);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_eq(close(out[0]), 0);
	(void)posix_spawn_file_actions_destroy(&a);
}

/* 16 MiB to a program and back: by one of ours, by one of the system's. */
START_TEST(a_child_copies_a_pipe)
{
	through(0);
}
END_TEST

START_TEST(a_plain_program_copies_a_pipe)
{
	through(1);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[16];
	int n = 0;

	kid_main(argc, argv);
	(void)signal(SIGPIPE, SIG_IGN);
	tests[n++] = the_offset_is_shared_both_ways;
	tests[n++] = status_flags_are_shared_both_ways;
	tests[n++] = a_plain_program_goes_on_where_we_were;
	tests[n++] = a_plain_program_gets_other_numbers;
	tests[n++] = a_pipe_ends_when_its_last_writer_is_gone;
	tests[n++] = a_killed_reader_breaks_the_pipe;
	tests[n++] = the_capacity_is_shared;
	tests[n++] = poll_sees_what_another_process_does;
	tests[n++] = short_writes_do_not_mix;
	tests[n++] = sockets_are_inherited;
	tests[n++] = a_port_is_free_when_its_owner_closes_it;
	tests[n++] = a_child_copies_a_pipe;
	tests[n++] = a_plain_program_copies_a_pipe;
	return run_cases("inherit", tests, n);
}
