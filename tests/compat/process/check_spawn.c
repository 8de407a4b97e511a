#include <spawn.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/main.h"

static posix_spawn_file_actions_t actions;
static char text[100000];

static void
begin(void)
{
	ck_assert_int_eq(posix_spawn_file_actions_init(&actions), 0);
}

static void
end(void)
{
	ck_assert_int_eq(posix_spawn_file_actions_destroy(&actions), 0);
}

static void
make_file(const char *name, const char *content)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, strlen(content)),
	    (ssize_t)strlen(content));
	ck_assert_int_eq(close(fd), 0);
}

static const char *
content(const char *name)
{
	int fd = open(name, O_RDONLY);

	ck_assert_int_ge(fd, 0);
	(void)kid_read(fd, text, sizeof(text));
	ck_assert_int_eq(close(fd), 0);
	return text;
}

static int
status_of(int pid)
{
	int status = kid_end(pid);

	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* posix_spawn(), posix_spawnp(): errors are returned. */
START_TEST(errors_are_return_values)
{
	char name[NAME_MAX + 2], *argv[] = { (char *)(uintptr_t)"x", NULL };
	pid_t pid;

	make_file("text", "no program\n");
	ck_assert_int_eq(posix_spawn(&pid, "none", NULL, NULL, argv, environ),
	    ENOENT);
	ck_assert_int_eq(posix_spawn(&pid, "none/x", NULL, NULL, argv,
	    environ), ENOENT);
	ck_assert_int_eq(posix_spawnp(&pid, "no-such-program-anywhere", NULL,
	    NULL, argv, environ), ENOENT);
	ck_assert_int_eq(posix_spawnp(&pid, "", NULL, NULL, argv, environ),
	    ENOENT);
	(void)memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(posix_spawnp(&pid, name, NULL, NULL, argv, environ),
	    ENAMETOOLONG);
	ck_assert_int_eq(mkdir("dir", 0777), 0);
	ck_assert_int_eq(posix_spawn(&pid, "./dir", NULL, NULL, argv, environ),
	    EACCES);
	ck_assert_int_eq(chmod("text", 0777), 0);
	ck_assert_int_eq(posix_spawn(&pid, "./text", NULL, NULL, argv,
	    environ), ENOEXEC);
	errno = 0;
	ck_assert_int_eq(waitpid(-1, NULL, 0), -1);
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_int_eq(rmdir("dir"), 0);
}
END_TEST

/* exec(): E2BIG, for what is too much on any system. */
START_TEST(too_many_words_are_e2big)
{
	static char word[3000000];
	char *argv[] = { word, word, NULL };
	pid_t pid;

	(void)memset(word, 'x', sizeof(word) - 1);
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), NULL, NULL, argv,
	    environ), E2BIG);
}
END_TEST

/* addopen(): at this number, with these flags, in this order. */
START_TEST(addopen_opens_in_the_child)
{
	begin();
	make_file("in", "input");
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 0, "in",
	    O_RDONLY, 0), 0);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_EXCL, 0644), 0);
	ck_assert_int_eq(status_of(kid_start(&actions, "cat", NULL)), 0);
	ck_assert_str_eq(content("out"), "input");
	end();
}
END_TEST

/* addopen(), O_CLOEXEC: closed again when the program starts. */
START_TEST(addopen_heeds_cloexec)
{
	begin();
	make_file("in", "input");
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 0, "in",
	    O_RDONLY | O_CLOEXEC, 0), 0);
	ck_assert_int_eq(status_of(kid_start(&actions, "read", "0", "5",
	    NULL)), EBADF);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, 0, 50),
	    0);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_TRUNC, 0644), 0);
	ck_assert_int_eq(status_of(kid_start(&actions, "read", "50", "5",
	    NULL)), 0);
	ck_assert_str_eq(content("out"), "input");
	end();
}
END_TEST

/* It is moved there by dup2(), if open() would have given another number. */
START_TEST(addopen_elsewhere_is_not_cloexec)
{
	begin();
	make_file("in", "input");
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 50, "in",
	    O_RDONLY | O_CLOEXEC, 0), 0);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), 0);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, 1, 1), 0);
	ck_assert_int_eq(status_of(kid_start(&actions, "read", "50", "5",
	    NULL)), 0);
	ck_assert_str_eq(content("out"), "input");
	end();
}
END_TEST

/* addopen(): what open() says, posix_spawn() says; nothing is started. */
START_TEST(an_action_that_fails_is_told)
{
	char *argv[] = { (char *)(uintptr_t)kid_self(), NULL };
	pid_t pid = 0;

	begin();
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 5,
	    "none/file", O_RDONLY, 0), 0);
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), &actions, NULL, argv,
	    environ), ENOENT);
	end();
	begin();
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, 77, 78),
	    0);
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), &actions, NULL, argv,
	    environ), EBADF);
	end();
	begin();
	ck_assert_int_eq(posix_spawn_file_actions_addchdir_np(&actions,
	    "none"), 0);
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), &actions, NULL, argv,
	    environ), ENOENT);
	end();
	errno = 0;
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

/* posix_spawn_file_actions_*(): EBADF. */
START_TEST(bad_numbers_are_refused)
{
	begin();
	ck_assert_int_eq(posix_spawn_file_actions_addclose(&actions, -1),
	    EBADF);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, -1, "x",
	    O_RDONLY, 0), EBADF);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, 1, -1),
	    EBADF);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, -1, 1),
	    EBADF);
	end();
}
END_TEST

/* The child's numbers from 100 on. */
static const char *
fds_of(const posix_spawn_file_actions_t *a)
{
	char *rest;
	int fd;

	ck_assert_int_eq(status_of(kid_start(a, "fds", NULL)), 0);
	(void)content("fds");
	for (rest = text, fd = 0; sscanf(rest, "%d", &fd) == 1 && fd < 100;
	    rest = strchr(rest, ' ') + 1)
		;
	return rest;
}

/* The child has what is open and not FD_CLOEXEC, after the actions. */
START_TEST(the_child_has_these_numbers_and_no_others)
{
	int fd;

	begin();
	make_file("in", "input");
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "fds",
	    O_WRONLY | O_CREAT | O_TRUNC, 0644), 0);
	fd = open("in", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(dup2(fd, 200), 200);
	ck_assert_int_eq(dup3(fd, 201, O_CLOEXEC), 201);
	ck_assert_int_eq(dup2(fd, 202), 202);
	ck_assert_str_eq(fds_of(&actions), "200 202 ");
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, fd, 2500),
	    0);
	ck_assert_int_eq(posix_spawn_file_actions_addclose(&actions, 200), 0);
	ck_assert_int_eq(posix_spawn_file_actions_addclose(&actions, 300), 0);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, 201, 201),
	    0);
	ck_assert_str_eq(fds_of(&actions), "201 202 2500 ");
	ck_assert_int_eq(posix_spawn_file_actions_addclosefrom_np(&actions,
	    202), 0);
	ck_assert_str_eq(fds_of(&actions), "201 ");
	ck_assert_int_eq(fcntl(201, F_GETFD), FD_CLOEXEC);
	for (fd = fd < 200 ? fd : 3; fd <= 202; fd = fd < 200 ? 200 : fd + 1)
		ck_assert_int_eq(close(fd), 0);
	end();
}
END_TEST

/* addchdir_np(): relative names from there, also the program's. */
START_TEST(the_directory_is_changed_in_order)
{
	char dir[4096], *last;

	begin();
	ck_assert_int_eq(mkdir("sub", 0777), 0);
	make_file("sub/in", "below");
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_TRUNC, 0644), 0);
	ck_assert_int_eq(posix_spawn_file_actions_addchdir_np(&actions, "sub"),
	    0);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 0, "in",
	    O_RDONLY, 0), 0);
	ck_assert_int_eq(status_of(kid_start(&actions, "cat", NULL)), 0);
	ck_assert_str_eq(content("out"), "below");
	ck_assert_int_eq(status_of(kid_start(&actions, "cwd", NULL)), 0);
	(void)strcpy(dir, content("out"));
	last = strrchr(dir, '/') != NULL ? strrchr(dir, '/') :
	    strrchr(dir, '\\');
	ck_assert_ptr_nonnull(last);
	ck_assert_str_eq(last + 1, "sub");
	end();
	ck_assert_int_eq(unlink("sub/in"), 0);
}
END_TEST

/* addfchdir_np(). */
START_TEST(the_directory_can_be_a_descriptor)
{
	int fd;

	begin();
	make_file("sub/in", "below");
	fd = open("sub", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_TRUNC, 0644), 0);
	ck_assert_int_eq(posix_spawn_file_actions_addfchdir_np(&actions, fd),
	    0);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 0, "in",
	    O_RDONLY, 0), 0);
	ck_assert_int_eq(status_of(kid_start(&actions, "cat", NULL)), 0);
	ck_assert_str_eq(content("out"), "below");
	ck_assert_int_eq(close(fd), 0);
	end();
	ck_assert_int_eq(unlink("sub/in"), 0);
	ck_assert_int_eq(rmdir("sub"), 0);
}
END_TEST

static unsigned int seed = 4711;

static unsigned int
rnd(unsigned int n)
{
	seed = seed * 1103515245U + 12345U;
	return (seed >> 16) % n;
}

/* One character in UTF-8; the awkward ones more often. */
static size_t
random_char(char *to)
{
	static const char *const hard[] = { "\"", "\\", " ", "\t", "\n", "'",
	    "*", "?", "%", "^", "&", "|", "<", ">", "(", "!", "$", "\\\"",
	    "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\r", "\x01" };
	const char *s;

	if (rnd(2) == 0) {
		s = hard[rnd(sizeof(hard) / sizeof(hard[0]))];
		(void)memcpy(to, s, strlen(s));
		return strlen(s);
	}
	to[0] = (char)(1 + rnd(0x7e));
	return 1;
}

static void
random_word(char *to)
{
	unsigned int n = rnd(24);

	while (n-- > 0)
		to += random_char(to);
	*to = '\0';
}

/* exec(): argv comes as it was given.  1,000 random words, UTF-8 as NT has. */
START_TEST(a_thousand_words_come_as_they_were)
{
	static char words[25][128], expected[20000];
	const char *w[25];
	size_t n;
	int round, i;

	for (round = 0; round < 40; round++) {
		for (n = 0, i = 0; i < 25; i++) {
			random_word(words[i]);
			w[i] = words[i];
			n += (size_t)snprintf(expected + n,
			    sizeof(expected) - n, "%zu:%s", strlen(w[i]),
			    w[i]);
		}
		ck_assert_int_eq(kid_output(text, sizeof(text), "args", w[0],
		    w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9],
		    w[10], w[11], w[12], w[13], w[14], w[15], w[16], w[17],
		    w[18], w[19], w[20], w[21], w[22], w[23], w[24], NULL), 0);
		ck_assert_str_eq(text, expected);
	}
}
END_TEST

/* exec(): envp is the child's environment. */
START_TEST(the_environment_is_the_childs)
{
	char *argv[] = { (char *)(uintptr_t)kid_self(),
	    (char *)(uintptr_t)"env", (char *)(uintptr_t)"SPAWN_TEST", NULL };
	char *envp[] = { (char *)(uintptr_t)"SPAWN_TEST=h\xc3\xbcllo=x",
	    (char *)(uintptr_t)"SPAWN_TEST=second", NULL };
	int status;
	pid_t pid;

	begin();
	ck_assert_int_eq(setenv("SPAWN_TEST", "ours", 1), 0);
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_TRUNC, 0644), 0);
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), &actions, NULL, argv,
	    envp), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(content("out"), "h\xc3\xbcllo=x");
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), &actions, NULL, argv,
	    environ), 0);
	ck_assert_int_eq(kid_end(pid), 0);
	ck_assert_str_eq(content("out"), "ours");
	end();
}
END_TEST

/* posix_spawnp(): PATH. */
START_TEST(a_program_is_found_in_path)
{
	char dir[4096], *argv[] = { (char *)(uintptr_t)"plain",
	    (char *)(uintptr_t)"exit", (char *)(uintptr_t)"7", NULL };
	char *old = strdup(getenv("PATH"));
	pid_t pid;

	(void)snprintf(dir, sizeof(dir), "%s", kid_plain());
	dir[strlen(dir) - strlen("/plain")] = '\0';
	ck_assert_int_eq(setenv("PATH", dir, 1), 0);
	ck_assert_int_eq(posix_spawnp(&pid, "plain", NULL, NULL, argv,
	    environ), 0);
	ck_assert_int_eq(status_of(pid), 7);
	ck_assert_int_eq(setenv("PATH", old, 1), 0);
	free(old);
}
END_TEST

static int
signals_with(const posix_spawnattr_t *attr)
{
	char *argv[] = { (char *)(uintptr_t)kid_self(),
	    (char *)(uintptr_t)"signals", NULL };
	pid_t pid;

	ck_assert_int_eq(posix_spawn(&pid, kid_self(), &actions, attr, argv,
	    environ), 0);
	ck_assert_int_eq(kid_end(pid), 0);
	return atoi(content("out"));
}

/* The mask and what is ignored are the caller's, or the attributes'. */
START_TEST(signals_are_inherited_or_set)
{
	posix_spawnattr_t attr;
	sigset_t set, old;
	short flags;

	begin();
	ck_assert_int_eq(posix_spawn_file_actions_addopen(&actions, 1, "out",
	    O_WRONLY | O_CREAT | O_TRUNC, 0644), 0);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	(void)signal(SIGUSR2, SIG_IGN);
	ck_assert_int_eq(signals_with(NULL), 101);
	ck_assert_int_eq(posix_spawnattr_init(&attr), 0);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR2);
	ck_assert_int_eq(posix_spawnattr_setsigmask(&attr, &set), 0);
	ck_assert_int_eq(posix_spawnattr_setsigdefault(&attr, &set), 0);
	ck_assert_int_eq(signals_with(&attr), 101);
	ck_assert_int_eq(posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_RESETIDS), 0);
	ck_assert_int_eq(signals_with(&attr), 11);
	ck_assert_int_eq(posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP), 0);
	ck_assert_int_eq(signals_with(&attr), 100);
	ck_assert_int_eq(posix_spawnattr_getflags(&attr, &flags), 0);
	ck_assert_int_eq(flags, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	ck_assert_int_eq(posix_spawnattr_setflags(&attr, 0x4000), EINVAL);
	ck_assert_int_eq(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID),
	    0);
	ck_assert_int_eq(signals_with(&attr), 101);
	ck_assert_int_eq(posix_spawnattr_destroy(&attr), 0);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	(void)signal(SIGUSR2, SIG_DFL);
	end();
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[17];
	int n = 0;

	kid_main(argc, argv);
	tests[n++] = errors_are_return_values;
	tests[n++] = too_many_words_are_e2big;
	tests[n++] = addopen_opens_in_the_child;
	tests[n++] = addopen_heeds_cloexec;
	tests[n++] = addopen_elsewhere_is_not_cloexec;
	tests[n++] = an_action_that_fails_is_told;
	tests[n++] = bad_numbers_are_refused;
	tests[n++] = the_child_has_these_numbers_and_no_others;
	tests[n++] = the_directory_is_changed_in_order;
	tests[n++] = the_directory_can_be_a_descriptor;
	tests[n++] = a_thousand_words_come_as_they_were;
	tests[n++] = the_environment_is_the_childs;
	tests[n++] = a_program_is_found_in_path;
	tests[n++] = signals_are_inherited_or_set;
	return run_cases("spawn", tests, n);
}
