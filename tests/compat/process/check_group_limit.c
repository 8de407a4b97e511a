/* LIM-PROC-7, LIM-SIG-2: groups and native programs.  Built for NT only. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "member.h"
#include "support/fails.h"
#include "support/main.h"

static volatile sig_atomic_t handled;

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

/* Say when SIGURG has come, which does nothing to those who do not ask. */
static int
role_urgent(char *argv[])
{
	sigset_t set;
	int signo;

	(void)argv;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGURG);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	kid_say("ready\n");
	(void)sigwait(&set, &signo);
	kid_say("urgent\n");
	return 0;
}

/* pid: say what getpgid() makes of it. */
static int
role_ask(char *argv[])
{
	errno = 0;
	if (getpgid((pid_t)atoi(argv[2])) != -1 || errno != EPERM)
		return 1;
	errno = 0;
	return getsid((pid_t)atoi(argv[2])) == -1 && errno == EPERM ? 0 : 1;
}

static const struct kid_role roles[] = {
	{ "ask", role_ask }, { "urgent", role_urgent }, { NULL, NULL },
};

/* A native program that leads a group, and is there. */
static struct member
native(void)
{
	const char *argv[] = { kid_plain(), "wait", NULL };
	struct member m;
	char c;

	ck_assert_int_eq(member_try(&m, argv, POSIX_SPAWN_SETPGROUP, 0), 0);
	ck_assert_int_eq(read(m.out, &c, 1), 1);
	return m;
}

/* Its parent knows the group, and NT ends it; nothing else reaches it. */
START_TEST(a_native_member_can_only_be_killed)
{
	struct member m = native();

	ck_assert_int_eq(getpgid(m.pid), m.pid);
	ck_assert_int_eq(getsid(m.pid), getsid(0));
	ck_assert_int_eq(kill(-m.pid, 0), 0);
	FAILS(kill(-m.pid, SIGTERM), EPERM);
	FAILS(kill(-m.pid, SIGUSR1), EPERM);
	ck_assert_int_eq(killpg(m.pid, SIGKILL), 0);
	member_gone(&m, SIGKILL);
}
END_TEST

START_TEST(others_do_not_know_a_native_members_group)
{
	struct member m = native();
	char text[16];

	(void)snprintf(text, sizeof(text), "%ld", (long)m.pid);
	ck_assert_int_eq(kid_status(kid_start(NULL, "ask", text, NULL)), 0);
	member_end(&m);
}
END_TEST

/* kill(-1): every other program of libcompat, and no native one. */
START_TEST(all_programs_of_libcompat_are_signalled)
{
	struct member plain = native(), m[2];
	int i;

	(void)signal(SIGURG, on_signal);
	handled = 0;
	m[0] = member_start(0, 0, "urgent", NULL);
	m[1] = member_start(POSIX_SPAWN_SETSID, 0, "urgent", NULL);
	for (i = 0; i < 2; i++)
		ck_assert_str_eq(member_heard(&m[i]), "ready");
	ck_assert_int_eq(kill(-1, SIGURG), 0);
	for (i = 0; i < 2; i++) {
		ck_assert_str_eq(member_heard(&m[i]), "urgent");
		ck_assert_int_eq(kid_status(m[i].pid), 0);
		ck_assert_int_eq(close(m[i].out), 0);
	}
	ck_assert_int_eq(handled, 0);
	ck_assert_int_eq(kill(plain.pid, 0), 0);
	member_end(&plain);
	(void)signal(SIGURG, SIG_DFL);
}
END_TEST

/* LIM-SIG-4. */
START_TEST(a_group_cannot_be_stopped)
{
	struct member m = native();

	FAILS(kill(-m.pid, SIGSTOP), ENOSYS);
	FAILS(kill(0, SIGSTOP), ENOSYS);
	member_end(&m);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[4];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = a_native_member_can_only_be_killed;
	tests[n++] = others_do_not_know_a_native_members_group;
	tests[n++] = all_programs_of_libcompat_are_signalled;
	tests[n++] = a_group_cannot_be_stopped;
	return run_cases("group limits", tests, n);
}
