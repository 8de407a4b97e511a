/* system(): what becomes of the caller's signals while the command runs. */
#include <sys/wait.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/handle.h"
#include "support/main.h"

static atomic_int handled;

static void
count(int signo)
{
	(void)signo;
	handled++;
}

static int
is_blocked(int signo)
{
	sigset_t now;

	(void)sigprocmask(SIG_SETMASK, NULL, &now);
	return sigismember(&now, signo);
}

static void
(*action_of(int signo))(int)
{
	struct sigaction sa;

	(void)sigaction(signo, NULL, &sa);
	return sa.sa_handler;
}

/* What the command finds for itself, and what it sends argv[2]. */
static int
role_command(char *argv[])
{
	pid_t pid = (pid_t)atol(argv[2]);

	if (action_of(SIGINT) != SIG_DFL || action_of(SIGQUIT) != SIG_DFL ||
	    is_blocked(SIGCHLD))
		return 1;
	return kill(pid, SIGINT) == 0 && kill(pid, SIGQUIT) == 0 ? 7 : 2;
}

static const struct kid_role own[] = {
	{ "command", role_command },
	{ NULL, NULL },
};

static int
run(void)
{
	char command[5000];
	int status;

	(void)snprintf(command, sizeof(command), "\"%s\" command %ld",
	    kid_self(), (long)getpid());
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * "shall ignore the SIGINT and SIGQUIT signals, and shall block the SIGCHLD
 * signal, while waiting"; the command has them as they were.
 */
START_TEST(the_caller_is_not_interrupted)
{
	handle_signal(SIGINT, count, 0);
	handle_signal(SIGQUIT, count, 0);
	handled = 0;
	ck_assert_int_eq(run(), 7);
	ck_assert_int_eq(handled, 0);
}
END_TEST

/* And then all is as it was. */
START_TEST(actions_and_mask_come_back)
{
	handle_signal(SIGINT, count, 0);
	handle_signal(SIGQUIT, SIG_DFL, 0);
	mask_signal(SIG_BLOCK, SIGUSR1);
	ck_assert_int_eq(run(), 7);
	ck_assert(action_of(SIGINT) == count);
	ck_assert(action_of(SIGQUIT) == SIG_DFL);
	ck_assert_int_eq(is_blocked(SIGCHLD), 0);
	ck_assert_int_eq(is_blocked(SIGUSR1), 1);
	handled = 0;
	ck_assert_int_eq(raise(SIGINT), 0);
	ck_assert_int_eq(handled, 1);
	mask_signal(SIG_UNBLOCK, SIGUSR1);
}
END_TEST

static atomic_int reaped;

static void
reap(int signo)
{
	(void)signo;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
}

/* A handler that takes every child's status does not get the command's. */
START_TEST(a_reaper_leaves_the_command_alone)
{
	handle_signal(SIGCHLD, reap, 0);
	reaped = 0;
	ck_assert_int_eq(run(), 7);
	ck_assert_int_eq(reaped, 0);
	handle_signal(SIGCHLD, SIG_DFL, 0);
}
END_TEST

/* "shall not affect the termination status of any child" but its own. */
START_TEST(other_children_keep_their_status)
{
	pid_t pid = kid_start(NULL, "exit", "3", NULL);
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert_int_eq(run(), 7);
	ck_assert_int_eq(kid_status(pid), 3);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[4];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = the_caller_is_not_interrupted;
	tests[n++] = actions_and_mask_come_back;
	tests[n++] = a_reaper_leaves_the_command_alone;
	tests[n++] = other_children_keep_their_status;
	return run_cases("system", tests, n);
}
