#include "compat/fileio/kinds.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/main.h"

int kind_fds[KINDS], kind_other;

static const char *const kinds[] = { "no descriptor", "read-only", "write-only",
	"both ways", "append", "directory", "pipe, reading", "pipe, writing",
	"socket", "epoll" };

static void
open_all(void)
{
	int p[2];

	kind_fds[NONE] = -1;
	kind_other = open("other", O_RDWR | O_CREAT, 0644);
	ck_assert_int_eq(write(kind_other, "12345678", 8), 8);
	ck_assert_int_ge(kind_fds[RW] = open("file", O_RDWR | O_CREAT, 0644),
	    0);
	ck_assert_int_eq(write(kind_fds[RW], "12345678", 8), 8);
	ck_assert_int_ge(kind_fds[RO] = open("file", O_RDONLY), 0);
	ck_assert_int_ge(kind_fds[WO] = open("file", O_WRONLY), 0);
	ck_assert_int_ge(kind_fds[APP] = open("file", O_WRONLY | O_APPEND), 0);
	ck_assert_int_ge(kind_fds[DIRECTORY] = open(".", O_RDONLY), 0);
	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	kind_fds[PIPE_R] = p[0];
	kind_fds[PIPE_W] = p[1];
	ck_assert_int_ge(kind_fds[SOCKET] = socket(AF_INET, SOCK_STREAM, 0),
	    0);
	ck_assert_int_ge(kind_fds[EPOLL] = epoll_create1(0), 0);
}

static int
is_right(const struct kind_row *row, int kind)
{
	long got;

	if (kind_fds[PIPE_R] == kind_fds[kind])
		ck_assert_int_eq(write(kind_fds[PIPE_W], "wxyz", 4), 4);
	(void)lseek(kind_other, 0, SEEK_SET);
	if (row->want[kind] == ANY)
		return 1;
	errno = 0;
	got = row->call(kind_fds[kind]);
	if (got == -1 ? errno == row->want[kind] :
	    row->want[kind] == OK && errno == 0)
		return 1;
	(void)printf("%s, %s: %ld, %s; not %s\n", row->name, kinds[kind], got,
	    strerror(errno), strerror(row->want[kind]));
	return 0;
}

void
kinds_check(const struct kind_row *rows, size_t n)
{
	int kind, wrong = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	open_all();
	for (; n > 0; n--, rows++)
		for (kind = 0; kind < KINDS; kind++)
			wrong += !is_right(rows, kind);
	ck_assert_int_eq(wrong, 0);
	for (kind = RO; kind < KINDS; kind++)
		ck_assert_int_eq(close(kind_fds[kind]), 0);
	ck_assert_int_eq(close(kind_other), 0);
	ck_assert_int_eq(unlink("file"), 0);
	ck_assert_int_eq(unlink("other"), 0);
}
