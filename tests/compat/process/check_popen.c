#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/host.h"
#include "support/main.h"

#define SIZE (16u << 20)

static unsigned char
byte_at(size_t i)
{
	return (unsigned char)(i % 251);
}

/* The child that writes SIZE bytes: 0, or 1. */
static int
pour(void)
{
	static unsigned char buf[50000];
	size_t at, i, n;

	for (at = 0; at < SIZE; at += n) {
		n = SIZE - at < sizeof(buf) ? SIZE - at : sizeof(buf);
		for (i = 0; i < n; i++)
			buf[i] = byte_at(at + i);
		for (i = 0; i < n;) {
			ssize_t put = write(1, buf + i, n - i);

			if (put <= 0)
				return 1;
			i += (size_t)put;
		}
	}
	return 0;
}

/* The child that reads them: 0, 2 for a wrong byte, 3 for a wrong number. */
static int
judge(void)
{
	static unsigned char buf[50000];
	size_t at = 0;
	ssize_t i, n;

	while ((n = read(0, buf, sizeof(buf))) > 0)
		for (i = 0; i < n; i++)
			if (buf[i] != byte_at(at++))
				return 2;
	return n == 0 && at == SIZE ? 0 : 3;
}

/* This program in a role, by the shell: its name may have blanks. */
static FILE *
run(const char *role, const char *mode)
{
	char command[5000];
	FILE *f;

	(void)snprintf(command, sizeof(command), "\"%s\" %s", kid_self(),
	    role);
	errno = 0;
	f = popen(command, mode);
	ck_assert_msg(f != NULL, "%s: errno %d", command, errno);
	return f;
}

/* popen(): "r", the command's standard output. */
START_TEST(sixteen_megabytes_come_as_they_were)
{
	static unsigned char buf[30000];
	FILE *f = run("pour", "r");
	size_t at = 0, i, n;

	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		for (i = 0; i < n; i++, at++)
			if (buf[i] != byte_at(at))
				ck_abort_msg("wrong byte at %zu", at);
	ck_assert_uint_eq(at, SIZE);
	ck_assert_int_ne(feof(f), 0);
	ck_assert_int_eq(pclose(f), 0);
}
END_TEST

/* popen(): "w", the command's standard input. */
START_TEST(sixteen_megabytes_arrive_as_they_were)
{
	static unsigned char buf[30000];
	FILE *f = run("judge", "w");
	size_t at, i, n;

	for (at = 0; at < SIZE; at += n) {
		n = SIZE - at < sizeof(buf) ? SIZE - at : sizeof(buf);
		for (i = 0; i < n; i++)
			buf[i] = byte_at(at + i);
		ck_assert_uint_eq(fwrite(buf, 1, n, f), n);
	}
	ck_assert_int_eq(pclose(f), 0);
}
END_TEST

/* pclose(): the termination status of the command language interpreter. */
START_TEST(pclose_returns_the_exit_status)
{
	static const char *const modes[] = { "r", "w" };
	char command[16];
	int i, code, status;

	for (i = 0; i < 2; i++)
		for (code = 0; code < 256; code += 85) {
			(void)snprintf(command, sizeof(command), "exit %d",
			    code);
			status = pclose(popen(command, modes[i]));
			ck_assert(WIFEXITED(status));
			ck_assert_int_eq(WEXITSTATUS(status), code);
		}
	ck_assert_int_eq(wait(NULL), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

/* pclose(): no other child's status. */
START_TEST(other_children_keep_their_status)
{
	pid_t pid = kid_start(NULL, "exit", "3", NULL);
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert_int_eq(WEXITSTATUS(pclose(popen("exit 5", "r"))), 5);
	ck_assert_int_eq(kid_status(pid), 3);
}
END_TEST

/* pclose(), ECHILD: somebody else has waited for it. */
START_TEST(a_status_that_was_taken_is_echild)
{
	FILE *f = popen("exit 7", "r");
	int status;

	ck_assert_ptr_ne(f, NULL);
	ck_assert_int_gt(wait(&status), 0);
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	errno = 0;
	ck_assert_int_eq(pclose(f), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

/* popen(), EINVAL: the mode argument is invalid. */
START_TEST(other_modes_are_einval)
{
	static const char *const modes[] = { "", "e", "rw", "wr", "r+", "w+",
	    "a", "rb", "x", "R", " r" };
	int before = kid_open_fds();
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		errno = 0;
		ck_assert_ptr_eq(popen("exit 0", modes[i]), NULL);
		ck_assert_int_eq(errno, EINVAL);
	}
	ck_assert_int_eq(kid_open_fds(), before);
	ck_assert_int_eq(wait(NULL), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

/* popen(): FD_CLOEXEC is set if mode has an e, and is not if it has none. */
START_TEST(e_closes_it_in_programs)
{
	static const struct {
		const char *mode;
		int flags;
	} want[] = { { "r", 0 }, { "w", 0 }, { "re", FD_CLOEXEC },
	    { "we", FD_CLOEXEC }, { "er", FD_CLOEXEC } };
	FILE *f;
	size_t i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		f = popen("exit 0", want[i].mode);
		ck_assert_ptr_ne(f, NULL);
		ck_assert_int_eq(fcntl(fileno(f), F_GETFD), want[i].flags);
		ck_assert_int_eq(pclose(f), 0);
	}
}
END_TEST

/* What a command has open. */
static void
descriptors(char *text, int size)
{
	FILE *f = run("fds", "r");

	ck_assert_ptr_ne(fgets(text, size, f), NULL);
	ck_assert_int_eq(strncmp(text, "0 1 2 ", 6), 0);
	ck_assert_int_eq(pclose(f), 0);
}

/* popen(): streams of earlier calls are closed in the new child. */
START_TEST(earlier_streams_are_closed_in_later_children)
{
	FILE *f[4];
	char before[256], text[256];
	int i;

	descriptors(before, sizeof(before));
	for (i = 0; i < 4; i++)
		f[i] = run("cat", i % 2 == 0 ? "w" : "we");
	descriptors(text, sizeof(text));
	ck_assert_str_eq(text, before);
	/* Each would wait for ever, if a later one had it too. */
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pclose(f[i]), 0);
}
END_TEST

/* Many at once, each with its own end, in another order. */
START_TEST(eight_at_once_keep_apart)
{
	FILE *f[8];
	char command[32], text[64];
	int i, status;

	for (i = 0; i < 8; i++) {
		(void)snprintf(command, sizeof(command), "args number-%d", i);
		f[i] = run(command, "r");
	}
	for (i = 7; i >= 0; i--) {
		(void)snprintf(command, sizeof(command), "8:number-%d", i);
		ck_assert_ptr_ne(fgets(text, sizeof(text), f[i]), NULL);
		ck_assert_str_eq(text, command);
		status = pclose(f[i]);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

/* What the command did not take is told, unless it says more itself. */
START_TEST(unwritten_data_is_not_lost_in_silence)
{
	static const char *const commands[] = { "exit 0", "exit 3" };
	int code, status;
	FILE *f;

	(void)signal(SIGPIPE, SIG_IGN);
	for (code = 0; code < 2; code++) {
		f = popen(commands[code], "w");
		ck_assert_ptr_ne(f, NULL);
		while (write(fileno(f), "x", 1) == 1)
			;
		ck_assert_int_eq(errno, EPIPE);
		ck_assert_int_ge(fputs("lost", f), 0);
		errno = 0;
		status = pclose(f);
		if (code == 0) {
			ck_assert_int_eq(status, -1);
			ck_assert_int_eq(errno, EPIPE);
		} else {
			ck_assert_int_eq(WEXITSTATUS(status), 3);
		}
	}
}
END_TEST

START_TEST(streams_leave_nothing_behind)
{
	int i, before = 0, fds = kid_open_fds();

	for (i = 0; i < 60; i++) {
		if (i == 20)
			before = host_handles();
		ck_assert_int_eq(pclose(popen("exit 0",
		    i % 2 == 0 ? "r" : "w")), 0);
	}
	ck_assert_int_le(host_handles(), before + 5);
	ck_assert_int_eq(kid_open_fds(), fds);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[16];
	int n = 0;

	if (argc > 1 && strcmp(argv[1], "pour") == 0)
		return pour();
	if (argc > 1 && strcmp(argv[1], "judge") == 0)
		return judge();
	kid_main(argc, argv);
	tests[n++] = sixteen_megabytes_come_as_they_were;
	tests[n++] = sixteen_megabytes_arrive_as_they_were;
	tests[n++] = pclose_returns_the_exit_status;
	tests[n++] = other_children_keep_their_status;
	tests[n++] = a_status_that_was_taken_is_echild;
	tests[n++] = other_modes_are_einval;
	tests[n++] = e_closes_it_in_programs;
	tests[n++] = earlier_streams_are_closed_in_later_children;
	tests[n++] = eight_at_once_keep_apart;
	tests[n++] = unwritten_data_is_not_lost_in_silence;
	tests[n++] = streams_leave_nothing_behind;
	return run_cases("popen", tests, n);
}
