/* Nice values. */
#include <sys/resource.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/main.h"

static char text[100];

static void
say_priority(void)
{
	char word[32];

	errno = 0;
	(void)snprintf(word, sizeof(word), "%d %d ",
	    getpriority(PRIO_PROCESS, 0), errno);
	kid_say(word);
}

static int
role_value(char *argv[])
{
	(void)argv;
	say_priority();
	return 0;
}

/* Down by some, by none, and by more than there is; then say it once more. */
static int
role_lower(char *argv[])
{
	if (setpriority(PRIO_PROCESS, 0, 2) != 0 || nice(5) != 7 ||
	    nice(0) != 7)
		return 1;
	say_priority();
	if (setpriority(PRIO_PROCESS, 0, 100) != 0)
		return 2;
	say_priority();
	if (nice(1000000) != 19)
		return 3;
	say_priority();
	return kid_exec(argv);
}

static const struct kid_role own[] = {
	{ "value", role_value }, { "lower", role_lower }, { NULL, NULL },
};

/* POSIX, nice(), setpriority(): limits are imposed; exec: it is inherited. */
START_TEST(a_process_becomes_nicer_within_limits)
{
	int status = kid_output(text, sizeof(text), "lower", "value", NULL);

	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(text, "7 0 19 0 19 0 19 0 ");
}
END_TEST

/* POSIX, getpriority(), setpriority(): who */
START_TEST(another_process_has_a_value_of_its_own)
{
	int mine, out;
	pid_t pid = kid_talk(&out, "wait", NULL);

	kid_says(out, "ready");
	errno = 0;
	mine = getpriority(PRIO_PROCESS, 0);
	ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)pid), mine);
	ck_assert_int_eq(setpriority(PRIO_PROCESS, (id_t)pid, 15), 0);
	ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)pid), 15);
	ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)getpid()), mine);
	ck_assert_int_eq(errno, 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	kid_ended_by(pid, SIGTERM);
	ck_assert_int_eq(close(out), 0);
}
END_TEST

/* POSIX, getpriority(): ERRORS */
START_TEST(what_is_not_there_has_no_priority)
{
	FAILS(getpriority(99, 0), EINVAL);
	FAILS(setpriority(99, 0, 0), EINVAL);
	FAILS(getpriority(PRIO_PROCESS, 0x7ffffff0), ESRCH);
	FAILS(setpriority(PRIO_PROCESS, 0x7ffffff0, 0), ESRCH);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[3];
	int n = 0;

	kid_main_with(argc, argv, own);
	tests[n++] = a_process_becomes_nicer_within_limits;
	tests[n++] = another_process_has_a_value_of_its_own;
	tests[n++] = what_is_not_there_has_no_priority;
	return run_cases("priority", tests, n);
}
