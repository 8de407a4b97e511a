/* LIM-PROC-20, LIM-PROC-21: where exec and daemon are not as elsewhere. */
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "kid.h"
#include "support/main.h"

static char text[100];

static int
role_number(char *argv[])
{
	(void)argv;
	(void)snprintf(text, sizeof(text), "%ld", (long)getpid());
	kid_say(text);
	return 0;
}

/* A lock of the process, and then the program whose words these are. */
static int
role_lock(char *argv[])
{
	if (lockf(3, F_TLOCK, 1) != 0)
		return 90;
	return kid_exec(argv);
}

static int
role_wait_for_any(char *argv[])
{
	(void)argv;
	return waitpid(-1, NULL, 0) == -1 ? errno : 0;
}

/* A child that goes on, and then the program whose words these are. */
static int
role_leave(char *argv[])
{
	char *args[] = { argv[0], (char *)(uintptr_t)"cat", NULL };
	pid_t pid;

	if (posix_spawn(&pid, kid_self(), NULL, NULL, args, environ) != 0)
		return 91;
	return kid_exec(argv);
}

/* A byte more in the file at 3, and then at 1 when the daemon is there. */
static int
role_daemon(char *argv[])
{
	(void)argv;
	if (write(3, "x", 1) != 1 || daemon(1, 1) != 0)
		return 92;
	kid_say("there");
	return 0;
}

static long
used_ms(void)
{
	struct rusage r;

	(void)getrusage(RUSAGE_SELF, &r);
	return (long)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
	    (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
}

/* Use three seconds, then go on as a program that says what it has used. */
static int
role_burn(char *argv[])
{
	volatile int n;

	while (used_ms() < 3000)
		for (n = 0; n < 1000000; n++)
			continue;
	return kid_exec(argv);
}

static int
role_used(char *argv[])
{
	(void)argv;
	return used_ms() < 3000 ? 0 : 1;
}

static const struct kid_role own[] = {
	{ "burn", role_burn }, { "used", role_used },
	{ "number", role_number },
	{ "lock", role_lock }, { "wait-for-any", role_wait_for_any },
	{ "leave", role_leave }, { "daemon", role_daemon }, { NULL, NULL },
};

START_TEST(the_program_has_a_number_of_its_own)
{
	posix_spawn_file_actions_t a;
	int p[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	pid = kid_start(&a, "exec", "number", NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[1]), 0);
	(void)kid_read(p[0], text, sizeof(text));
	ck_assert_int_eq(close(p[0]), 0);
	ck_assert_int_eq(kid_status(pid), 0);
	ck_assert_int_gt(atol(text), 0);
	ck_assert_int_ne(atol(text), pid);
}
END_TEST

/* On Linux the clock of the process goes on. */
START_TEST(processor_time_begins_anew)
{
	ck_assert_int_eq(kid_status(kid_start(NULL, "burn", "used", NULL)), 0);
}
END_TEST

START_TEST(record_locks_are_released)
{
	posix_spawn_file_actions_t a;
	int fd = open("locked", O_RDWR | O_CREAT | O_CLOEXEC, 0666), p[2];
	int status;
	pid_t pid;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 3);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	pid = kid_start(&a, "lock", "wait", NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[1]), 0);
	(void)kid_read(p[0], text, sizeof(text));
	ck_assert_str_eq(text, "ready");
	ck_assert_int_eq(lockf(fd, F_TLOCK, 1), 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	status = kid_end(pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(close(fd) | close(p[0]), 0);
}
END_TEST

START_TEST(children_are_not_the_new_programs)
{
	posix_spawn_file_actions_t a;
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[0], 0);
	ck_assert_int_eq(kid_status(kid_start(&a, "leave", "wait-for-any",
	    NULL)), ECHILD);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[0]) | close(p[1]), 0);
}
END_TEST

START_TEST(what_comes_before_daemon_is_done_twice)
{
	posix_spawn_file_actions_t a;
	int fd = open("bytes", O_RDWR | O_CREAT | O_CLOEXEC, 0666), p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 3);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	ck_assert_int_eq(kid_status(kid_start(&a, "daemon", NULL)), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[1]), 0);
	(void)kid_read(p[0], text, sizeof(text));
	ck_assert_str_eq(text, "there");
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 2);
	ck_assert_int_eq(close(fd) | close(p[0]), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[5];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = children_are_not_the_new_programs;
	tests[n++] = what_comes_before_daemon_is_done_twice;
	tests[n++] = the_program_has_a_number_of_its_own;
	tests[n++] = processor_time_begins_anew;
	tests[n++] = record_locks_are_released;
	return run_cases("exec_limit", tests, n);
}
