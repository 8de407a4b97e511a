/* pidfd, inotify, pipes and layered providers when NT refuses. */
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "compat/nt/fault_run.h"

#define REFUSED 10045u			/* WSAEOPNOTSUPP */
#define NO_MEMORY 8u			/* ERROR_NOT_ENOUGH_MEMORY */
#define LONG_MS 20000

/* What is written to the standard error meanwhile. */
static void
listen_to(int p[2], int *saved)
{
	ck_assert_int_eq(pipe(p), 0);
	ck_assert_int_ge(*saved = dup(2), 0);
	ck_assert_int_eq(dup2(p[1], 2), 2);
	ck_assert_int_eq(close(p[1]), 0);
}

static void
heard(int p[2], int saved, char *text, size_t size)
{
	ssize_t n;

	ck_assert_int_eq(dup2(saved, 2), 2);
	ck_assert_int_eq(close(saved), 0);
	ck_assert_int_ge(n = read(p[0], text, size - 1), 0);
	text[n] = '\0';
	ck_assert_int_eq(close(p[0]), 0);
}

/* A provider that hides its handles is named, once; Winsock's own here. */
START_TEST(a_provider_without_base_handles_is_named)
{
	char text[512], again[512];
	int p[2], saved, i;

	listen_to(p, &saved);
	fault_set("WSAIoctl", 0, FOR_EVER, REFUSED);
	for (i = 0; i < 3; i++)
		FAILS(socket(AF_INET, SOCK_STREAM, 0), EOPNOTSUPP);
	fault_reset();
	heard(p, saved, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "network provider \""));
	ck_assert_ptr_nonnull(strstr(text, "SIO_BASE_HANDLE"));
	ck_assert_ptr_null(strstr(text, "provider \"\""));
	ck_assert_ptr_null(strstr(text, "(unknown)"));
	ck_assert_ptr_eq(strstr(text, "libcompat:"),
	    text);
	ck_assert_ptr_null(strstr(text + 1, "libcompat:"));

	listen_to(p, &saved);
	fault_set("WSAIoctl", 0, FOR_EVER, REFUSED);
	FAILS(socket(AF_INET, SOCK_STREAM, 0), EOPNOTSUPP);
	fault_reset();
	heard(p, saved, again, sizeof(again));
	ck_assert_str_eq(again, "");
}
END_TEST

/* What adding a watch needs, refused in turn; afterwards it can be added. */
START_TEST(a_watch_that_fails_leaves_nothing)
{
	static const char *const call[] = { "ReadDirectoryChangesW",
	    "CreateThreadpoolWait", "CreateEventW" };
	struct pollfd p = { .events = POLLIN };
	unsigned int before, c, skip, failed;
	int in, fd;

	ck_assert_int_ge(in = inotify_init1(IN_NONBLOCK), 0);
	ck_assert_int_gt(inotify_add_watch(in, ".", IN_ALL_EVENTS), 0);
	ck_assert_int_eq(close(in), 0);
	before = fault_handles();
	for (c = 0; c < sizeof(call) / sizeof(call[0]); c++)
		for (skip = 0, failed = 1; failed; skip++) {
			fault_reset();
			ck_assert_int_ge(in = inotify_init1(0), 0);
			fault_set(call[c], skip, FOR_EVER, NO_MEMORY);
			errno = 0;
			failed = inotify_add_watch(in, ".", IN_ALL_EVENTS) < 0;
			if (failed)
				ck_assert_int_eq(errno, ENOMEM);
			ck_assert_uint_eq(fault_hits() > 0, failed);
			fault_reset();
			ck_assert_int_eq(inotify_add_watch(in, ".",
			    IN_ALL_EVENTS), 1);
			ck_assert_int_ge(fd = open("made", O_CREAT | O_RDWR,
			    0644), 0);
			ck_assert_int_eq(close(fd), 0);
			p.fd = in;
			ck_assert_int_eq(poll(&p, 1, LONG_MS), 1);
			ck_assert_int_eq(unlink("made"), 0);
			ck_assert_int_eq(close(in), 0);
			ck_assert_uint_ge(skip, failed ? 0 : 2);
		}
	ck_assert_uint_le(fault_handles(), before + 2);
}
END_TEST

/* A process that nobody could wait for is not opened. */
START_TEST(a_pidfd_that_fails_leaves_nothing)
{
	unsigned int before;
	int fd, i;

	ck_assert_int_ge(fd = pidfd_open(getpid(), 0), 0);
	ck_assert_int_eq(close(fd), 0);
	before = fault_handles();
	fault_set("CreateThreadpoolWait", 0, FOR_EVER, NO_MEMORY);
	for (i = 0; i < 20; i++)
		FAILS(pidfd_open(getpid(), 0), ENOMEM);
	fault_reset();
	ck_assert_uint_eq(fault_handles(), before);
	numbers_use_up(0);
	for (i = 0; i < 20; i++)
		FAILS(pidfd_open(getpid(), 0), ENOBUFS);
	fault_reset();
	numbers_free();
	ck_assert_uint_eq(fault_handles(), before);
}
END_TEST

static int
readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_ge(poll(&p, 1, 0), 0);
	return (p.revents & POLLIN) != 0;
}

/* Bytes that went in spite of the error are counted by NT alone. */
START_TEST(a_pipe_counts_again_after_a_failure)
{
	char buf[100];
	int p[2];

	memset(buf, 'x', sizeof(buf));
	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	ck_assert_int_eq(write(p[1], buf, 100), 100);
	fault_set("GetOverlappedResult", 0, 1, NO_RESOURCES);
	FAILS(read(p[0], buf, 40), ENOBUFS);
	fault_reset();
	ck_assert_int_eq(readable(p[0]), 1);
	ck_assert_int_eq(read(p[0], buf, 100), 60);
	ck_assert_int_eq(readable(p[0]), 0);
	FAILS(read(p[0], buf, 100), EAGAIN);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(read(p[0], buf, 100), 0);
	ck_assert_int_eq(close(p[0]), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
		a_provider_without_base_handles_is_named,
		a_watch_that_fails_leaves_nothing,
		a_pidfd_that_fails_leaves_nothing,
		a_pipe_counts_again_after_a_failure,
	};

	return fault_run("faults of kinds", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
