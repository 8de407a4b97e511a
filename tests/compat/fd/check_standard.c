/*
 * dup2() and freopen() on 0, 1 and 2: a process of its own for each case, which
 * says by its exit status how it went.
 */
#include <stdio.h>

#include <stdlib.h>
#include <sys/socket.h>

#include "support/proc.h"
#include "support/tmpdir.h"
#include "util.h"

static const char *self;

/* printf goes where descriptor 1 does, and comes back. */
static int
be_redirected(void)
{
	int fd = open("standard.out", O_RDWR | O_CREAT | O_TRUNC, 0644), save;
	char buf[64] = "";

	if (fd < 0 || (save = dup(1)) < 0 || dup2(fd, 1) != 1)
		return 2;
	if (printf("one %d\r\n", 1) != 7 || puts("two") < 0 ||
	    putchar('3') != '3' || fflush(stdout) != 0 ||
	    write(1, "\n", 1) != 1)
		return 3;
	if (lseek(fd, 0, SEEK_CUR) != 13 || lseek(fd, 0, SEEK_SET) != 0 ||
	    read(fd, buf, sizeof(buf)) != 13 ||
	    strcmp(buf, "one 1\r\ntwo\n3\n") != 0)
		return 4;
	if (unlink("standard.out") != 0 || close(fd) != 0)
		return 5;
	if (dup2(save, 1) != 1 || close(save) != 0)
		return 6;
	return printf("back\n") == 5 && fflush(stdout) == 0 ? 0 : 7;
}

/* A socket as standard input and output, as inetd gives it. */
static int
be_served(void)
{
	char word[16] = "", line[32];
	int sv[2], n = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv) != 0)
		return 2;
	if (dup2(sv[0], 0) != 0 || dup2(sv[0], 1) != 1 || close(sv[0]) != 0)
		return 3;
	if (printf("ping\n") != 5 || fflush(stdout) != 0 ||
	    read(sv[1], line, sizeof(line)) != 5)
		return 4;
	if (write(sv[1], "pong 42\nrest\n", 13) != 13 ||
	    scanf("%15s %d", word, &n) != 2 || n != 42 ||
	    strcmp(word, "pong") != 0)
		return 5;
	if (fgets(line, sizeof(line), stdin) == NULL ||
	    fgets(line, sizeof(line), stdin) == NULL ||
	    strcmp(line, "rest\n") != 0)
		return 6;
	if (close(sv[1]) != 0 || getchar() != EOF || !feof(stdin))
		return 7;
	return 0;
}

static int
be_reopened(void)
{
	char line[32];
	int fd = open("standard.in", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, "line\n", 5) != 5 || close(fd) != 0)
		return 2;
	if (freopen("standard.in", "r", stdin) != stdin || fileno(stdin) != 0 ||
	    fgets(line, sizeof(line), stdin) == NULL ||
	    strcmp(line, "line\n") != 0)
		return 3;
	if (freopen("standard.in", "a", stdout) != stdout ||
	    fileno(stdout) != 1 || printf("more\n") != 5 ||
	    fflush(stdout) != 0)
		return 4;
	if (fgets(line, sizeof(line), stdin) == NULL &&
	    (clearerr(stdin), fgets(line, sizeof(line), stdin)) == NULL)
		return 5;
	if (strcmp(line, "more\n") != 0)
		return 6;
	return unlink("standard.in") == 0 ? 0 : 7;
}

/* stderr is written at once and in one piece; perror() too. */
static int
be_complaining(void)
{
	char buf[64] = "";
	int p[2];

	if (pipe(p) != 0 || dup2(p[1], 2) != 2)
		return 2;
	if (fprintf(stderr, "%s %d\n", "trouble", 7) != 10 ||
	    read(p[0], buf, sizeof(buf)) != 10 ||
	    memcmp(buf, "trouble 7\n", 10) != 0)
		return 3;
	errno = ENOENT;
	perror("it");
	memset(buf, 0, sizeof(buf));
	if (read(p[0], buf, sizeof(buf)) <= 0 ||
	    strcmp(buf, "it: No such file or directory\n") != 0)
		return 4;
	return 0;
}

/* All three closed and opened anew, as a daemon does. */
static int
be_daemon(void)
{
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (close(fd) != 0)
			return 2;
	if (open("/dev/null", O_RDWR) != 0 || dup(0) != 1 || dup2(0, 2) != 2)
		return 3;
	if (printf("lost\n") != 5 || fflush(stdout) != 0 || getchar() != EOF)
		return 4;
	return open("/dev/null", O_RDONLY) > 2 ? 0 : 5;
}

/* The duplicate of standard output shares its flags. */
static int
be_sharing(void)
{
	int fd = dup(1);

	if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
	    !(fcntl(1, F_GETFL) & O_NONBLOCK))
		return 2;
	if (fcntl(1, F_SETFL, 0) != 0 || fcntl(fd, F_GETFL) & O_NONBLOCK)
		return 3;
	if (printf("a") != 1 || fflush(stdout) != 0 || write(fd, "b", 1) != 1)
		return 4;
	return printf("c\n") == 2 && close(fd) == 0 ? 0 : 5;
}

static const struct role {
	const char *name;
	int (*run)(void);
} roles[] = {
	{ "redirected", be_redirected },
	{ "served", be_served },
	{ "reopened", be_reopened },
	{ "complaining", be_complaining },
	{ "daemon", be_daemon },
	{ "sharing", be_sharing },
};

static struct proc *
start(const char *what)
{
	const char *argv[] = { self, what, NULL };
	struct proc *p;

	ck_assert_int_eq(tmpdir_spawn(argv, &p), 0);
	return p;
}

START_TEST(printf_follows_dup2_and_comes_back)
{
	struct proc *p = start("redirected");
	char line[64];

	ck_assert_int_eq(proc_readline(p, line, sizeof(line)), 4);
	ck_assert_str_eq(line, "back");
	ck_assert_int_eq(proc_wait(p), 0);
}
END_TEST

START_TEST(a_socket_can_be_standard_input_and_output)
{
	ck_assert_int_eq(proc_wait(start("served")), 0);
}
END_TEST

START_TEST(standard_streams_can_be_reopened)
{
	ck_assert_int_eq(proc_wait(start("reopened")), 0);
}
END_TEST

START_TEST(stderr_writes_at_once)
{
	ck_assert_int_eq(proc_wait(start("complaining")), 0);
}
END_TEST

START_TEST(a_daemon_can_close_all_three)
{
	ck_assert_int_eq(proc_wait(start("daemon")), 0);
}
END_TEST

START_TEST(a_duplicate_of_standard_output_shares_its_flags)
{
	struct proc *p = start("sharing");
	char line[64];

	ck_assert_int_eq(proc_readline(p, line, sizeof(line)), 3);
	ck_assert_str_eq(line, "abc");
	ck_assert_int_eq(proc_wait(p), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	unsigned int i;
	int n = 0;

	for (i = 0; argc == 2 && i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(argv[1], roles[i].name) == 0)
			return roles[i].run();
	self = argv[0];
	tests[n++] = printf_follows_dup2_and_comes_back;
	tests[n++] = a_socket_can_be_standard_input_and_output;
	tests[n++] = standard_streams_can_be_reopened;
	tests[n++] = stderr_writes_at_once;
	tests[n++] = a_daemon_can_close_all_three;
	tests[n++] = a_duplicate_of_standard_output_shares_its_flags;
	return run_cases("standard", tests, n);
}
