/*
 * exec.  The program that execs is a child, so that its parent sees what a
 * parent sees: one process that goes on as another program.
 */
#include <unistd.h>

#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kid.h"
#include "support/handle.h"
#include "support/main.h"

static char text[2000];

static void
say_number(long n)
{
	char digits[32];

	(void)snprintf(digits, sizeof(digits), "%ld ", n);
	kid_say(digits);
}

static void
handler(int signo)
{
	(void)signo;
}

/* name: the function of the family that runs "args" with three words. */
static int
role_by(char *argv[])
{
	static char name[] = "NAME=value", path[40000] = "PATH=";
	/* PATH is where a DLL build has its library. */
	char *env[] = { name, path, NULL };
	char *self = (char *)(uintptr_t)kid_self();
	char *args[] = { self, (char *)(uintptr_t)"args", argv[0], argv[1],
	    NULL };
	char *get[] = { self, (char *)(uintptr_t)"env",
	    (char *)(uintptr_t)"NAME", NULL };
	const char *by = argv[2];
	int fd;

	(void)strncat(path, getenv("PATH"), sizeof(path) - sizeof("PATH="));
	if (strcmp(by, "execv") == 0)
		(void)execv(self, args);
	else if (strcmp(by, "execvp") == 0)
		(void)execvp(self, args);
	else if (strcmp(by, "execl") == 0)
		(void)execl(self, self, "args", argv[0], argv[1],
		    (char *)NULL);
	else if (strcmp(by, "execlp") == 0)
		(void)execlp(self, self, "args", argv[0], argv[1],
		    (char *)NULL);
	else if (strcmp(by, "execve") == 0)
		(void)execve(self, get, env);
	else if (strcmp(by, "execvpe") == 0)
		(void)execvpe(self, get, env);
	else if (strcmp(by, "execle") == 0)
		(void)execle(self, self, "env", "NAME", (char *)NULL, env);
	else if ((fd = open(self, O_RDONLY | O_CLOEXEC)) >= 0)
		(void)fexecve(fd, get, env);
	return errno;
}

/* Before exec: SIGTERM handled, SIGUSR2 ignored, SIGUSR1 blocked, umask 027. */
static int
role_prepare(char *argv[])
{
	mask_signal(SIG_BLOCK, SIGUSR1);
	(void)signal(SIGUSR2, SIG_IGN);
	(void)signal(SIGTERM, handler);
	(void)umask(027);
	if (mkdir("below", 0777) != 0 || chdir("below") != 0)
		return 1;
	return kid_exec(argv);
}

/* What of that the new program has. */
static int
role_prepared(char *argv[])
{
	struct sigaction usr2, term;
	sigset_t set;
	char dir[2000];

	(void)argv;
	(void)sigprocmask(SIG_BLOCK, NULL, &set);
	(void)sigaction(SIGUSR2, NULL, &usr2);
	(void)sigaction(SIGTERM, NULL, &term);
	if (getcwd(dir, sizeof(dir)) == NULL)
		return 1;
	say_number(sigismember(&set, SIGUSR1));
	say_number(sigismember(&set, SIGTERM));
	say_number(usr2.sa_handler == SIG_IGN);
	say_number(term.sa_handler == SIG_DFL);
	say_number(umask(0));
	kid_say(strlen(dir) > 5 ? dir + strlen(dir) - 5 : dir);
	return 0;
}

static void
at_exit(void)
{
	kid_say("atexit ");
}

static int
role_atexit(char *argv[])
{
	(void)atexit(at_exit);
	(void)printf("not flushed ");
	return kid_exec(argv);
}

/* Have 1 closed, say so at 3, and stay. */
static int
role_close_output(char *argv[])
{
	(void)argv;
	(void)close(1);
	if (write(3, "closed", 6) != 6)
		return 1;
	for (;;)
		(void)pause();
}

/* A child of the new program, which it does not wait for. */
static int
role_leave_child(char *argv[])
{
	char *args[] = { argv[0], (char *)(uintptr_t)"cat", NULL };
	pid_t pid;

	return posix_spawn(&pid, kid_self(), NULL, NULL, args, environ) == 0 ?
	    17 : 1;
}

/* By its name each time: a descriptor would be closed, and end the loop. */
static void *
write_on(void *arg)
{
	int fd;

	for (;;) {
		fd = open("log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		    0666);
		if (write(fd, "x", 1) == 1)
			(void)close(fd);
	}
	return arg;
}

/* Another thread writes to a file all the time. */
static int
role_threads(char *argv[])
{
	pthread_t thread;
	struct stat st = { 0 };

	if (pthread_create(&thread, NULL, write_on, NULL) != 0)
		return 1;
	while (stat("log", &st) != 0 || st.st_size == 0)
		(void)poll(NULL, 0, 1);
	return kid_exec(argv);
}

/* The file does not grow. */
static int
role_is_quiet(char *argv[])
{
	struct stat before, after;

	(void)argv;
	if (stat("log", &before) != 0)
		return 1;
	(void)poll(NULL, 0, 100);
	return stat("log", &after) == 0 && after.st_size == before.st_size ?
	    0 : 2;
}

static int
role_parent(char *argv[])
{
	(void)argv;
	say_number(getppid());
	return 0;
}

/* What exec refuses leaves the caller as it was. */
static int
role_refused(char *argv[])
{
	static char big[200000];
	char *words[] = { argv[0], big, NULL };
	struct sigaction act;
	int fd = open("text", O_RDWR | O_CREAT | O_CLOEXEC, 0777);

	(void)signal(SIGTERM, handler);
	(void)memset(big, 'a', sizeof(big) - 1);
	if (write(fd, "no program", 10) != 10)
		return 1;
	errno = 0;
	if (execv("nothing-here", argv) != -1 || errno != ENOENT)
		return 2;
	if (execv(".", argv) != -1 || errno != EACCES)
		return 3;
	if (execv("./text", argv) != -1 ||
	    (errno != ENOEXEC && errno != ETXTBSY))
		return 4;
	if (execv(argv[0], words) != -1 || errno != E2BIG)
		return 5;
	if (words[0] != argv[0] || words[1] != big || words[2] != NULL ||
	    strlen(big) != sizeof(big) - 1)
		return 10;
	big[300] = '\0';
	if (execv(big, argv) != -1 || errno != ENAMETOOLONG)
		return 11;
	if (execvp("", argv) != -1 || errno != ENOENT)
		return 6;
	if (execve("text/below", argv, environ) != -1 || errno != ENOTDIR)
		return 7;
	if (fexecve(1000, argv, environ) != -1 || errno != EBADF)
		return 8;
	if (sigaction(SIGTERM, NULL, &act) != 0 ||
	    act.sa_handler != handler || lseek(fd, 0, SEEK_CUR) != 10 ||
	    close(fd) != 0)
		return 9;
	return 0;
}

static const struct kid_role own[] = {
	{ "by", role_by },
	{ "prepare", role_prepare },
	{ "prepared", role_prepared },
	{ "atexit", role_atexit },
	{ "close-output", role_close_output },
	{ "leave-child", role_leave_child },
	{ "threads", role_threads },
	{ "is-quiet", role_is_quiet },
	{ "parent", role_parent },
	{ "refused", role_refused },
	{ NULL, NULL },
};

static int
exits(int status)
{
	ck_assert_msg(WIFEXITED(status), "status %#x", (unsigned int)status);
	return WEXITSTATUS(status);
}

/* POSIX, exec: the words, and the environment of those with an e. */
START_TEST(each_of_the_family_runs_the_program)
{
	static const char *const words[] = { "execv", "execvp", "execl",
	    "execlp" };
	static const char *const env[] = { "execve", "execvpe", "execle",
	    "fexecve" };
	char want[5000];
	size_t i;

	(void)snprintf(want, sizeof(want), "%zu:%s2:by", strlen(kid_self()),
	    kid_self());
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(exits(kid_output(text, sizeof(text), "by",
		    words[i], NULL)), 0);
		ck_assert_str_eq(text, want);
		ck_assert_int_eq(exits(kid_output(text, sizeof(text), "by",
		    env[i], NULL)), 0);
		ck_assert_str_eq(text, "value");
	}
}
END_TEST

/* POSIX, exec: RETURN VALUE, ERRORS. */
START_TEST(what_is_refused_changes_nothing)
{
	ck_assert_int_eq(exits(kid_output(text, sizeof(text), "refused",
	    NULL)), 0);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(the_parent_sees_the_exit_status)
{
	ck_assert_int_eq(kid_status(kid_start(NULL, "exec", "exit", "37",
	    NULL)), 37);
	ck_assert_int_eq(kid_status(kid_start(NULL, "exec", "exec", "exec",
	    "exit", "38", NULL)), 38);
	ck_assert_int_eq(kid_status(kid_start(NULL, "exec-plain", "exit",
	    "39", NULL)), 39);
}
END_TEST

START_TEST(the_parent_sees_the_signal_that_ended_it)
{
	kid_ended_by(kid_start(NULL, "exec", "die", "15", NULL), SIGTERM);
	kid_ended_by(kid_start(NULL, "exec", "exec", "die", "1", NULL), SIGHUP);
}
END_TEST

/* POSIX, exec: descriptors stay open, but for those with FD_CLOEXEC. */
START_TEST(descriptors_go_along)
{
	posix_spawn_file_actions_t a;
	int out, p[2], fd = open("data", O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	kid_keep_all();
	ck_assert_int_eq(write(fd, "abcdef", 6), 6);
	ck_assert_int_eq(lseek(fd, 2, SEEK_SET), 2);
	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 7);
	ck_assert_int_eq(kid_status(kid_start(&a, "exec", "fds", NULL)), 0);
	kid_says(out = p[0], "0 1 2 7 ");
	ck_assert_int_eq(kid_status(kid_start(&a, "exec", "read", "7", "2",
	    NULL)), 0);
	kid_says(out, "cd");
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 4);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[0]) | close(p[1]) | close(fd), 0);
}
END_TEST

/* The old program keeps none: the end of the new one's is the end. */
START_TEST(nobody_else_has_its_descriptors)
{
	posix_spawn_file_actions_t a;
	int out[2], word[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(word, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	(void)posix_spawn_file_actions_adddup2(&a, word[1], 3);
	pid = kid_start(&a, "exec", "close-output", NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(out[1]) | close(word[1]), 0);
	kid_says(word[0], "closed");
	ck_assert_int_eq(read(out[0], text, 1), 0);
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	kid_ended_by(pid, SIGTERM);
	ck_assert_int_eq(read(word[0], text, 1), 0);
	ck_assert_int_eq(close(out[0]) | close(word[0]), 0);
}
END_TEST

/*
 * POSIX, exec: mask, ignored signals, umask and directory are inherited;
 * signals that are caught get the default action.
 */
START_TEST(what_a_process_has_stays)
{
	char want[64];

	ck_assert_int_eq(exits(kid_output(text, sizeof(text), "prepare",
	    "prepared", NULL)), 0);
	(void)snprintf(want, sizeof(want), "1 0 1 1 %d below", 027);
	ck_assert_str_eq(text, want);
	ck_assert_int_eq(rmdir("below"), 0);
}
END_TEST

/* POSIX, exec: "the parent process ID" is inherited. */
START_TEST(the_parent_stays)
{
	ck_assert_int_eq(exits(kid_output(text, sizeof(text), "exec",
	    "parent", NULL)), 0);
	ck_assert_int_eq(atol(text), getpid());
	ck_assert_int_eq(exits(kid_output(text, sizeof(text), "exec", "exec",
	    "parent", NULL)), 0);
	ck_assert_int_eq(atol(text), getpid());
}
END_TEST

/* POSIX, exec: no atexit() functions, and streams are not flushed. */
START_TEST(nothing_of_the_old_program_is_run)
{
	ck_assert_int_eq(exits(kid_output(text, sizeof(text), "atexit",
	    "exit", "3", NULL)), 3);
	ck_assert_str_eq(text, "");
}
END_TEST

/* POSIX, exec: other threads end. */
START_TEST(other_threads_stop)
{
	ck_assert_int_eq(kid_status(kid_start(NULL, "threads", "is-quiet",
	    NULL)), 0);
	ck_assert_int_eq(unlink("log"), 0);
}
END_TEST

/* Children of the new program do not end with it. */
START_TEST(its_children_outlive_it)
{
	posix_spawn_file_actions_t a;
	int in[2], out[2];

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, in[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, out[1], 1);
	ck_assert_int_eq(kid_status(kid_start(&a, "exec", "leave-child",
	    NULL)), 17);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(in[0]) | close(out[1]), 0);
	ck_assert_int_eq(write(in[1], "alive", 5), 5);
	kid_says(out[0], "alive");
	ck_assert_int_eq(close(in[1]), 0);
	ck_assert_int_eq(read(out[0], text, 1), 0);
	ck_assert_int_eq(close(out[0]), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[11];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = each_of_the_family_runs_the_program;
	tests[n++] = what_is_refused_changes_nothing;
	tests[n++] = the_parent_sees_the_exit_status;
	tests[n++] = the_parent_sees_the_signal_that_ended_it;
	tests[n++] = descriptors_go_along;
	tests[n++] = nobody_else_has_its_descriptors;
	tests[n++] = what_a_process_has_stays;
	tests[n++] = the_parent_stays;
	tests[n++] = nothing_of_the_old_program_is_run;
	tests[n++] = other_threads_stop;
	tests[n++] = its_children_outlive_it;
	return run_cases("exec", tests, n);
}
