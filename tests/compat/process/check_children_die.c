/* compat_children_die(): LIM-PROC-17 says why Linux has it not. */
#include <compat.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kid.h"
#include "support/main.h"

static char text[100];

/* on...: say so each time; then start a child that waits for 0, and stay. */
static int
role_supervise(char *argv[])
{
	char *args[] = { argv[0], (char *)(uintptr_t)"cat", NULL };
	int i;
	pid_t pid;

	for (i = 2; argv[i] != NULL; i++)
		if (compat_children_die(atoi(argv[i])) != 0)
			return errno;
	if (posix_spawn(&pid, kid_self(), NULL, NULL, args, environ) != 0)
		return 1;
	kid_say("ready");
	for (;;)
		(void)pause();
}

static const struct kid_role own[] = {
	{ "supervise", role_supervise }, { NULL, NULL },
};

static int
is_there(void)
{
	if (compat_children_die(0) == 0)
		return 1;
	ck_assert_int_eq(errno, ENOTSUP);
	(void)printf("skipped: no jobs here, LIM-PROC-17\n");
	return 0;
}

/* The supervisor is killed; is its child alive? */
static void
kill_supervisor(const char *first, const char *second, const char *echo)
{
	int in, out;
	pid_t pid = kid_converse(&in, &out, "supervise", first, second, NULL);

	kid_says(out, "ready");
	(void)signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	kid_ended_by(pid, SIGKILL);
	if (*echo == '\0')
		ck_assert_int_eq(read(out, text, 1), 0);
	else
		ck_assert_int_eq(write(in, "alive", 5), 5);
	ck_assert_int_eq(close(in), 0);
	(void)kid_read(out, text, sizeof(text));
	ck_assert_str_eq(text, echo);
	ck_assert_int_eq(close(out), 0);
}

START_TEST(they_die_with_a_supervisor_that_is_killed)
{
	if (is_there())
		kill_supervisor("1", NULL, "");
}
END_TEST

START_TEST(they_live_on_when_it_lets_them)
{
	if (is_there()) {
		kill_supervisor("0", NULL, "alive");
		kill_supervisor("1", "0", "alive");
	}
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
	    they_die_with_a_supervisor_that_is_killed,
	    they_live_on_when_it_lets_them };

	kid_main_with(argc, argv, own);
	return run_cases("children_die", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
