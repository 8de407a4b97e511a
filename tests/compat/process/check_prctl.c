/* prctl(): the signal for the parent's end, and the name of a thread. */
#include <sys/prctl.h>

#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/handle.h"
#include "support/main.h"

static char text[100];

/* kid_start(), for a role. */
static pid_t
start(char *role, char *next)
{
	char *words[] = { (char *)kid_self(), role, next, NULL };
	pid_t pid;

	if (posix_spawn(&pid, kid_self(), NULL, NULL, words, environ) != 0)
		_exit(1);
	return pid;
}

/* Start argv[2] in its role, and be its parent until somebody kills us. */
static int __attribute__((noreturn))
role_parent(char *argv[])
{
	(void)alarm(50);
	(void)start(argv[2], argv[3]);
	for (;;)
		(void)pause();
}

static pid_t parent;

static void
ask_for(int signo)
{
	mask_signal(SIG_BLOCK, SIGTERM);
	parent = getppid();
	if (prctl(PR_SET_PDEATHSIG, signo) != 0)
		_exit(1);
}

/* Does SIGTERM come within a time?  Nobody else sends it. */
static int
comes(siginfo_t *info, int s)
{
	struct timespec limit = { s, s == 0 ? 50000000 : 0 };
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	return sigtimedwait(&set, info, &limit) == SIGTERM;
}

static void
await_its_end(void)
{
	int i;

	for (i = 0; getppid() == parent && i < 30000; i++)
		(void)poll(NULL, 0, 1);
}

static int
role_mourn(char *argv[])
{
	siginfo_t info;

	(void)argv;
	ask_for(SIGTERM);
	kid_say("ready");
	if (!comes(&info, 30))
		return 1;
	kid_say(info.si_pid == parent && info.si_code == SI_USER &&
	    getppid() != parent ? "told" : "told badly");
	return 0;
}

static int
role_forget(char *argv[])
{
	siginfo_t info;

	(void)argv;
	ask_for(SIGTERM);
	ask_for(0);
	kid_say("ready");
	await_its_end();
	kid_say(comes(&info, 0) ? "told" : "not told");
	return 0;
}

/* Ask when it is too late. */
static int
role_late(char *argv[])
{
	siginfo_t info;

	(void)argv;
	mask_signal(SIG_BLOCK, SIGTERM);
	parent = getppid();
	kid_say("ready");
	await_its_end();
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
		return 1;
	kid_say(comes(&info, 0) ? "told" : "not told");
	return 0;
}

static int __attribute__((noreturn))
role_fall(char *argv[])
{
	(void)argv;
	ask_for(SIGKILL);
	kid_say("ready");
	for (;;)
		(void)pause();
}

static int
signal_now(void)
{
	int signo = -1;

	return prctl(PR_GET_PDEATHSIG, &signo) == 0 ? signo : -1;
}

static int
role_tell(char *argv[])
{
	(void)argv;
	return signal_now();
}

static int
role_ask_and_start(char *argv[])
{
	static char tell[] = "tell";
	int status;

	(void)argv;
	ask_for(SIGTERM);
	return waitpid(start(tell, NULL), &status, 0) > 0 &&
	    WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static int
role_ask_and_exec(char *argv[])
{
	ask_for(SIGTERM);
	return kid_exec(argv);
}

/* What exec was to keep: the mask, and who is to tell us, once. */
static int
role_mourn_on(char *argv[])
{
	siginfo_t info;

	(void)argv;
	kid_say("ready");
	kid_say(comes(&info, 30) ? "told" : "not told");
	kid_say(comes(&info, 0) ? " again" : "");
	return 0;
}

/* Linux: a program's first thread has the name of its file. */
static int
role_name(char *argv[])
{
	const char *self = kid_self(), *p;
	char name[16], want[16];

	(void)argv;
	for (p = self; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			self = p + 1;
	(void)snprintf(want, sizeof(want), "%.15s", self);
	return prctl(PR_GET_NAME, name) == 0 && strcmp(name, want) == 0 ? 0 : 1;
}

static const struct kid_role own[] = {
	{ "parent", role_parent },
	{ "mourn", role_mourn },
	{ "forget", role_forget },
	{ "late", role_late },
	{ "fall", role_fall },
	{ "tell", role_tell },
	{ "ask-and-start", role_ask_and_start },
	{ "ask-and-exec", role_ask_and_exec },
	{ "mourn-on", role_mourn_on },
	{ "name", role_name },
	{ NULL, NULL },
};

/* What a child in the role says, whose parent is killed when it is ready. */
static const char *
last_words(const char *role, const char *next)
{
	pid_t pid;
	int out;

	pid = kid_talk(&out, "parent", role, next, NULL);
	kid_says(out, "ready");
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	kid_ended_by(pid, SIGKILL);
	ck_assert_int_ge(kid_read(out, text, sizeof(text)), 0);
	ck_assert_int_eq(close(out), 0);
	return text;
}

/* prctl(2): the signal is from the parent, which is none any more. */
START_TEST(the_parents_end_is_told)
{
	ck_assert_str_eq(last_words("mourn", NULL), "told");
}
END_TEST

/* And its action is taken: here both are gone, else nothing would end. */
START_TEST(the_parents_end_can_end_the_child)
{
	ck_assert_str_eq(last_words("fall", NULL), "");
}
END_TEST

/* 0 clears it; "the parent has already ended": nothing comes. */
START_TEST(nothing_comes_unasked_or_too_late)
{
	ck_assert_str_eq(last_words("forget", NULL), "not told");
	ck_assert_str_eq(last_words("late", NULL), "not told");
}
END_TEST

/* "cleared for the child of a fork""preserved across execve". */
START_TEST(children_do_not_inherit_it_and_programs_keep_it)
{
	ck_assert_int_eq(signal_now(), 0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "ask-and-start", NULL)),
	    0);
	ck_assert_int_eq(kid_status(kid_start(NULL, "ask-and-exec", "tell",
	    NULL)), SIGTERM);
	ck_assert_str_eq(last_words("ask-and-exec", "mourn-on"),
	    "told");
}
END_TEST

/* EINVAL, EFAULT; and what was set stays. */
START_TEST(bad_arguments_are_refused)
{
	ck_assert_int_eq(prctl(PR_SET_PDEATHSIG, SIGUSR1), 0);
	FAILS(prctl(PR_SET_PDEATHSIG, -1), EINVAL);
	FAILS(prctl(PR_SET_PDEATHSIG, 1000), EINVAL);
	FAILS(prctl(PR_GET_PDEATHSIG, NULL), EFAULT);
#ifndef __SANITIZE_ADDRESS__	/* its own prctl() reads the name */
	FAILS(prctl(PR_SET_NAME, NULL), EFAULT);
#endif
	FAILS(prctl(PR_GET_NAME, NULL), EFAULT);
	FAILS(prctl(9999, 1), EINVAL);
	errno = 7;
	ck_assert_int_eq(signal_now(), SIGUSR1);
	ck_assert_int_eq(prctl(PR_SET_PDEATHSIG, 0), 0);
	ck_assert_int_eq(errno, 7);
	ck_assert_int_eq(signal_now(), 0);
}
END_TEST

static void *
rename_thread(void *arg)
{
	char *name = arg;

	(void)prctl(PR_SET_NAME, "another");
	(void)prctl(PR_GET_NAME, name);
	return NULL;
}

/* PR_SET_NAME: 15 bytes, and of the calling thread. */
START_TEST(a_thread_has_a_name)
{
	char name[16], its[16];
	pthread_t t;

	ck_assert_int_eq(kid_status(kid_start(NULL, "name", NULL)), 0);
	ck_assert_int_eq(prctl(PR_SET_NAME, "worker"), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, rename_thread, its), 0);
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	ck_assert_str_eq(its, "another");
	ck_assert_int_eq(prctl(PR_GET_NAME, name), 0);
	ck_assert_str_eq(name, "worker");
	ck_assert_int_eq(prctl(PR_SET_NAME, "fifteen bytes, and more"), 0);
	ck_assert_int_eq(prctl(PR_GET_NAME, name), 0);
	ck_assert_str_eq(name, "fifteen bytes, ");
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[6];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = the_parents_end_is_told;
	tests[n++] = the_parents_end_can_end_the_child;
	tests[n++] = nothing_comes_unasked_or_too_late;
	tests[n++] = children_do_not_inherit_it_and_programs_keep_it;
	tests[n++] = bad_arguments_are_refused;
	tests[n++] = a_thread_has_a_name;
	return run_cases("prctl", tests, n);
}
