/* What runs when a process ends, and what does not. */
#include <sys/stat.h>
#include <sys/wait.h>

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/handle.h"
#include "support/main.h"

#define MANY 40

static char text[256];

static void
say_a(void)
{
	kid_say("a");
}

static void
say_b(void)
{
	kid_say("b");
}

static void
say_c(void)
{
	kid_say("c");
}

static void
enter(void)
{
	if (atexit(say_a) != 0 || atexit(say_b) != 0 || atexit(say_c) != 0 ||
	    atexit(say_a) != 0)
		kid_say("!");
}

static int __attribute__((noreturn))
role_exits(char *argv[])
{
	(void)argv;
	enter();
	exit(3);
}

/* stdio comes after the handlers. */
static int
role_returns(char *argv[])
{
	(void)argv;
	enter();
	(void)printf("text");
	return 4;
}

static void
say_d(void *arg)
{
	(void)arg;
	kid_say("d");
}

/* With words that no stream has written out, to a pipe and to a file. */
static int __attribute__((noreturn))
role_leaves(char *argv[])
{
	FILE *f = fopen("left", "w");
	pthread_key_t key;

	enter();
	if (pthread_key_create(&key, say_d) != 0 ||
	    pthread_setspecific(key, argv) != 0)
		kid_say("!");
	(void)printf("printed");
	if (f != NULL)
		(void)fprintf(f, "printed");
	if (argv[2][0] == 'C')
		_Exit(5);
	_exit(6);
}

static void
enter_c(void)
{
	kid_say("(");
	(void)at_quick_exit(say_c);
}

/* Handlers of both sorts; those of quick_exit count. */
static int __attribute__((noreturn))
role_quits(char *argv[])
{
	int i;

	(void)argv;
	if (atexit(say_a) != 0 || at_quick_exit(say_a) != 0 ||
	    at_quick_exit(say_b) != 0 || at_quick_exit(enter_c) != 0)
		kid_say("!");
	for (i = 0; i < MANY; i++)
		if (at_quick_exit(say_b) != 0)
			kid_say("!");
	(void)printf("printed");
	quick_exit(7);
}

static int
role_many(char *argv[])
{
	int i;

	(void)argv;
	for (i = 0; i < MANY; i++)
		if (atexit(say_b) != 0)
			return 1;
	return 0;
}

static int
role_killed(char *argv[])
{
	(void)argv;
	enter();
	(void)raise(SIGTERM);
	return 1;
}

static void
leave(void)
{
	_exit(9);
}

/* The last handler that was entered ends the process. */
static int
role_ends_early(char *argv[])
{
	(void)argv;
	enter();
	(void)printf("printed");
	return atexit(leave) == 0 ? 4 : 5;
}

static sigjmp_buf out;

static void
jump(int signo)
{
	siglongjmp(out, signo);
}

static int
role_jumps(char *argv[])
{
	(void)argv;
	handle_signal(SIGABRT, jump, 0);
	if (sigsetjmp(out, 1) == 0)
		abort();
	_exit(8);
}

static void
on_abort(int signo)
{
	kid_say(signo == SIGABRT ? "caught" : "!");
}

/* SIGABRT is blocked and ignored, or caught. */
static int
role_aborts(char *argv[])
{
	enter();
	if (argv[2][0] == 'c') {
		handle_signal(SIGABRT, on_abort, 0);
	} else {
		handle_signal(SIGABRT, SIG_IGN, 0);
		mask_signal(SIG_BLOCK, SIGABRT);
	}
	abort();
}

static const struct kid_role roles[] = {
	{ "aborts", role_aborts }, { "ends_early", role_ends_early },
	{ "jumps", role_jumps }, { "exits", role_exits }, { "killed", role_killed },
	{ "leaves", role_leaves }, { "many", role_many },
	{ "quits", role_quits }, { "returns", role_returns }, { NULL, NULL },
};

static int
status(int n)
{
	ck_assert(WIFEXITED(n));
	return WEXITSTATUS(n);
}

/* atexit(): "in the reverse order", each as often as it was entered. */
START_TEST(handlers_run_in_reverse_order)
{
	ck_assert_int_eq(status(kid_output(text, sizeof(text), "exits", NULL)),
	    3);
	ck_assert_str_eq(text, "acba");
	ck_assert_int_eq(status(kid_output(text, sizeof(text), "many", NULL)),
	    0);
	ck_assert_uint_eq(strlen(text), MANY);
}
END_TEST

/* exit(): one that does not return is the last. */
START_TEST(a_handler_can_be_the_end)
{
	ck_assert_int_eq(status(kid_output(text, sizeof(text), "ends_early",
	    NULL)), 9);
	ck_assert_str_eq(text, "");
}
END_TEST

/* exit(): the handlers, then the streams are flushed. */
START_TEST(streams_are_flushed_after_the_handlers)
{
	ck_assert_int_eq(status(kid_output(text, sizeof(text), "returns",
	    NULL)), 4);
	ck_assert_str_eq(text, "acbatext");
}
END_TEST

/* _Exit(), _exit(): no handlers, and "open streams shall not be flushed". */
START_TEST(leaving_at_once_runs_nothing)
{
	struct stat st;

	ck_assert_int_eq(status(kid_output(text, sizeof(text), "leaves", "C",
	    NULL)), 5);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(status(kid_output(text, sizeof(text), "leaves", "p",
	    NULL)), 6);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(stat("left", &st), 0);
	ck_assert(st.st_size == 0);
	ck_assert_int_eq(unlink("left"), 0);
}
END_TEST

/*
 * quick_exit(): at_quick_exit()'s "in the reverse order", at least 32, also
 * what one of them enters; then _Exit().
 */
START_TEST(quick_exit_runs_its_own_handlers)
{
	static char expected[MANY + 8];

	(void)memset(expected, 'b', MANY);
	(void)strcpy(expected + MANY, "(cba");
	ck_assert_int_eq(status(kid_output(text, sizeof(text), "quits", NULL)),
	    7);
	ck_assert_str_eq(text, expected);
}
END_TEST

/* kill(), default actions: "abnormal termination" runs none. */
START_TEST(a_signal_runs_no_handlers)
{
	int n = kid_output(text, sizeof(text), "killed", NULL);

	ck_assert(WIFSIGNALED(n));
	ck_assert_int_eq(WTERMSIG(n), SIGTERM);
	ck_assert_str_eq(text, "");
}
END_TEST

/* abort(): whatever becomes of SIGABRT, it ends the process. */
START_TEST(abort_cannot_be_ignored)
{
	int n = kid_output(text, sizeof(text), "aborts", "ignored", NULL);

	ck_assert(WIFSIGNALED(n));
	ck_assert_int_eq(WTERMSIG(n), SIGABRT);
	ck_assert_str_eq(text, "");
	n = kid_output(text, sizeof(text), "aborts", "caught", NULL);
	ck_assert(WIFSIGNALED(n));
	ck_assert_int_eq(WTERMSIG(n), SIGABRT);
	ck_assert_str_eq(text, "caught");
	/* Unless its handler does not return. */
	ck_assert_int_eq(status(kid_output(text, sizeof(text), "jumps", NULL)),
	    8);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[7];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = handlers_run_in_reverse_order;
	tests[n++] = a_handler_can_be_the_end;
	tests[n++] = streams_are_flushed_after_the_handlers;
	tests[n++] = leaving_at_once_runs_nothing;
	tests[n++] = quick_exit_runs_its_own_handlers;
	tests[n++] = a_signal_runs_no_handlers;
	tests[n++] = abort_cannot_be_ignored;
	return run_cases("exit", tests, n);
}
