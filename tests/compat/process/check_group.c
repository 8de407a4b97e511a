/* Process groups and sessions. */
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kid.h"
#include "member.h"
#include "support/fails.h"
#include "support/handle.h"
#include "support/main.h"

#define NOBODY 2000000001		/* no process has this number */
#define CROWD 12

static void
say_line(const char *format, ...)
{
	char text[128];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	kid_say(text);
}

static void
say_who(void)
{
	say_line("%ld %ld %ld\n", (long)getpid(), (long)getpgrp(),
	    (long)getsid(0));
}

static void
on_signal(int signo)
{
	kid_say(signo == SIGUSR1 ? "usr1\n" : "usr2\n");
}

/* Not for ever: a test that fails leaves its children behind. */
static int __attribute__((noreturn))
stay(void)
{
	(void)alarm(60);
	for (;;)
		(void)pause();
}

static void
hear_signals(void)
{
	handle_signal(SIGUSR1, on_signal, 0);
	handle_signal(SIGUSR2, on_signal, 0);
}

/* Say who it is, and then what signals come. */
static int
role_stay(char *argv[])
{
	(void)argv;
	hear_signals();
	say_who();
	stay();
}

/* Say who it is, and end. */
static int
role_end(char *argv[])
{
	(void)argv;
	say_who();
	return 7;
}

/* pid group: setpgid, say how that was, and stay. */
static int
role_setpgid(char *argv[])
{
	int result;

	hear_signals();
	errno = 0;
	result = setpgid((pid_t)atoi(argv[2]), (pid_t)atoi(argv[3]));
	say_line("%d %d\n", result, result == 0 ? 0 : errno);
	say_who();
	stay();
}

static int
role_setsid(char *argv[])
{
	pid_t result;

	(void)argv;
	hear_signals();
	errno = 0;
	result = setsid();
	say_line("%d %d\n", result == getpid() ? 0 : (int)result,
	    result == -1 ? errno : 0);
	say_who();
	stay();
}

/* pid: which group and session is that process in? */
static int
role_ask(char *argv[])
{
	pid_t pid = (pid_t)atoi(argv[2]);

	say_line("%ld %ld\n", (long)getpgid(pid), (long)getsid(pid));
	return 0;
}

/* One more that stays: Check's assertions are for the parent. */
static void
start_another(char *self)
{
	char *argv[] = { self, (char *)(uintptr_t)"stay", NULL };
	pid_t pid;

	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) != 0)
		_exit(99);
}

static int
role_parent(char *argv[])
{
	hear_signals();
	start_another(argv[0]);
	stay();
}

/* When SIGUSR1 comes, end the own group, by 0 or by its number. */
static int
role_end_all(char *argv[])
{
	sigset_t set;
	int signo;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	start_another(argv[0]);
	(void)sigwait(&set, &signo);
	(void)kill(argv[2][0] == '0' ? 0 : -getpgrp(), SIGTERM);
	stay();
}

static const struct kid_role roles[] = {
	{ "ask", role_ask }, { "end", role_end }, { "end_all", role_end_all },
	{ "parent", role_parent }, { "setpgid", role_setpgid },
	{ "setsid", role_setsid }, { "stay", role_stay }, { NULL, NULL },
};

/* One that stays in a group: 0 for its own. */
static struct member
stay_in(pid_t group)
{
	struct member m = member_start(POSIX_SPAWN_SETPGROUP, group,
	    "stay", NULL);

	(void)member_heard(&m);
	return m;
}

static int
try_join(pid_t group, int flags)
{
	const char *argv[] = { kid_self(), "stay", NULL };
	struct member m;

	return member_try(&m, argv, POSIX_SPAWN_SETPGROUP | flags, group);
}

/* The next line of m: process, group and session. */
static void
is_in(const struct member *m, pid_t group, pid_t session)
{
	char want[64];

	(void)snprintf(want, sizeof(want), "%ld %ld %ld", (long)m->pid,
	    (long)group, (long)session);
	ck_assert_str_eq(member_heard(m), want);
	ck_assert_int_eq(getpgid(m->pid), group);
	ck_assert_int_eq(getsid(m->pid), session);
}

static const char *
decimal(pid_t n)
{
	static char text[16];

	(void)snprintf(text, sizeof(text), "%ld", (long)n);
	return text;
}

/* posix_spawn(): the group and the session are the caller's. */
START_TEST(a_child_is_in_its_parents_group)
{
	struct member m = member_start(0, 0, "stay", NULL);

	ck_assert_int_eq(getpgid(0), getpgrp());
	ck_assert_int_eq(getpgid(getpid()), getpgrp());
	ck_assert_int_eq(getsid(getpid()), getsid(0));
	is_in(&m, getpgrp(), getsid(0));
	member_end(&m);
	FAILS(getpgid(m.pid), ESRCH);
	FAILS(getsid(m.pid), ESRCH);
}
END_TEST

/* POSIX_SPAWN_SETPGROUP: 0 is a new one, else an existing one. */
START_TEST(a_child_can_lead_a_group_and_others_join_it)
{
	struct member leader = member_start(POSIX_SPAWN_SETPGROUP, 0, "stay",
	    NULL), two, three;

	is_in(&leader, leader.pid, getsid(0));
	two = member_start(POSIX_SPAWN_SETPGROUP, leader.pid, "stay", NULL);
	is_in(&two, leader.pid, getsid(0));
	member_end(&leader);
	three = member_start(POSIX_SPAWN_SETPGROUP, leader.pid, "stay", NULL);
	is_in(&three, leader.pid, getsid(0));
	member_end(&two);
	member_end(&three);
	ck_assert_int_eq(try_join(leader.pid, 0), EPERM);
}
END_TEST

/* POSIX_SPAWN_SETSID; setpgid(), EPERM: the group is in another session. */
START_TEST(a_child_can_lead_a_session)
{
	struct member m = member_start(POSIX_SPAWN_SETSID, 0, "stay", NULL);

	is_in(&m, m.pid, m.pid);
	ck_assert_int_eq(try_join(m.pid, 0), EPERM);
	ck_assert_int_eq(try_join(0, POSIX_SPAWN_SETSID), EPERM);
	ck_assert_int_eq(try_join(NOBODY, 0), EPERM);
	ck_assert_int_eq(try_join(-5, 0), EINVAL);
	FAILS(setpgid(m.pid, 0), EPERM);
	member_end(&m);
}
END_TEST

/* setpgid(): EACCES, the child has exec'd; EINVAL; ESRCH, no child. */
START_TEST(who_has_execed_is_left_alone)
{
	struct member m = stay_in(0);

	FAILS(setpgid(m.pid, m.pid), EACCES);
	FAILS(setpgid(m.pid, 0), EACCES);
	FAILS(setpgid(m.pid, getpgrp()), EACCES);
	FAILS(setpgid(m.pid, -1), EINVAL);
	FAILS(setpgid(0, -1), EINVAL);
	FAILS(setpgid(NOBODY, 0), ESRCH);
	FAILS(setpgid(-5, 0), EINVAL);
	FAILS(setpgid(-5, 5), ESRCH);
	FAILS(getpgid(NOBODY), ESRCH);
	FAILS(getpgid(-5), ESRCH);
	FAILS(getsid(NOBODY), ESRCH);
	FAILS(getsid(-5), ESRCH);
	member_end(&m);
	FAILS(setpgid(m.pid, 0), ESRCH);
}
END_TEST

/* setpgid(0, ...): into a group of its own, another one, none. */
START_TEST(a_process_moves_itself)
{
	struct member leader = stay_in(0), m;
	char want[16];
	int status;

	m = member_start(0, 0, "setpgid", "0", "0", NULL);
	ck_assert_str_eq(member_heard(&m), "0 0");
	is_in(&m, m.pid, getsid(0));
	ck_assert_int_eq(waitpid(0, &status, WNOHANG), -1);
	ck_assert_int_eq(waitpid(-m.pid, &status, WNOHANG), 0);
	member_end(&m);
	m = member_start(0, 0, "setpgid", "0", decimal(leader.pid), NULL);
	ck_assert_str_eq(member_heard(&m), "0 0");
	is_in(&m, leader.pid, getsid(0));
	member_end(&m);
	m = member_start(0, 0, "setpgid", "0", decimal(NOBODY), NULL);
	(void)snprintf(want, sizeof(want), "-1 %d", EPERM);
	ck_assert_str_eq(member_heard(&m), want);
	is_in(&m, getpgrp(), getsid(0));
	member_end(&m);
	member_end(&leader);
}
END_TEST

static void
is_refused(struct member m)
{
	char want[16];

	(void)snprintf(want, sizeof(want), "-1 %d", EPERM);
	ck_assert_str_eq(member_heard(&m), want);
	member_end(&m);
}

/* setsid(): a new session and group; EPERM for who leads a group. */
START_TEST(who_leads_no_group_can_lead_a_session)
{
	struct member m = member_start(0, 0, "setsid", NULL);

	ck_assert_str_eq(member_heard(&m), "0 0");
	is_in(&m, m.pid, m.pid);
	member_end(&m);
	is_refused(member_start(POSIX_SPAWN_SETPGROUP, 0, "setsid", NULL));
	is_refused(member_start(POSIX_SPAWN_SETSID, 0, "setsid", NULL));
	is_refused(member_start(POSIX_SPAWN_SETSID, 0, "setpgid", "0",
	    "0", NULL));
}
END_TEST

/* getpgid(), getsid(): any process's. */
START_TEST(others_can_be_asked)
{
	struct member leader = stay_in(0), m;
	char want[64];

	m = member_start(POSIX_SPAWN_SETSID, 0, "ask",
	    decimal(leader.pid), NULL);
	(void)snprintf(want, sizeof(want), "%ld %ld", (long)leader.pid,
	    (long)getsid(0));
	ck_assert_str_eq(member_heard(&m), want);
	ck_assert_int_eq(kid_status(m.pid), 0);
	ck_assert_int_eq(close(m.out), 0);
	m = member_start(POSIX_SPAWN_SETSID, 0, "ask", decimal(getpid()),
	    NULL);
	(void)snprintf(want, sizeof(want), "%ld %ld", (long)getpgrp(),
	    (long)getsid(0));
	ck_assert_str_eq(member_heard(&m), want);
	ck_assert_int_eq(kid_status(m.pid), 0);
	ck_assert_int_eq(close(m.out), 0);
	member_end(&leader);
}
END_TEST

/* kill(-group): all members, children of children too, and nobody else. */
START_TEST(a_signal_to_a_group_reaches_its_members)
{
	struct member m[CROWD], other = stay_in(0);
	struct member top = member_start(POSIX_SPAWN_SETPGROUP, 0,
	    "parent", NULL);
	pid_t below;
	int i;

	below = (pid_t)atoi(member_heard(&top));
	ck_assert_int_ne(below, top.pid);
	for (i = 0; i < CROWD; i++)
		m[i] = stay_in(top.pid);
	ck_assert_int_eq(kill(-top.pid, SIGUSR1), 0);
	for (i = 0; i < CROWD; i++)
		ck_assert_str_eq(member_heard(&m[i]), "usr1");
	ck_assert_str_eq(member_heard(&top), "usr1");
	ck_assert_str_eq(member_heard(&top), "usr1");
	ck_assert_int_eq(killpg(top.pid, SIGUSR2), 0);
	ck_assert_str_eq(member_heard(&top), "usr2");
	ck_assert_str_eq(member_heard(&top), "usr2");
	ck_assert_int_eq(kill(other.pid, SIGUSR2), 0);
	ck_assert_str_eq(member_heard(&other), "usr2");
	ck_assert_int_eq(killpg(top.pid, SIGKILL), 0);
	for (i = 0; i < CROWD; i++)
		member_gone(&m[i], SIGKILL);
	ck_assert_str_eq(member_heard(&top), "");
	member_gone(&top, SIGKILL);
	member_end(&other);
}
END_TEST

/* kill(0), kill(-own group): the caller is a member. */
START_TEST(a_process_can_end_its_group)
{
	static const char *const ways[] = { "0", "-" };
	struct member m, other;
	int i;

	for (i = 0; i < 2; i++) {
		m = member_start(POSIX_SPAWN_SETPGROUP, 0, "end_all", ways[i],
		    NULL);
		ck_assert_str_ne(member_heard(&m), "");
		other = stay_in(m.pid);
		ck_assert_int_eq(kill(m.pid, SIGUSR1), 0);
		member_gone(&other, SIGTERM);
		ck_assert_str_eq(member_heard(&m), "");
		member_gone(&m, SIGTERM);
	}
}
END_TEST

/* kill(): ESRCH for a group without members; one that has ended counts. */
START_TEST(a_group_lasts_as_long_as_its_members)
{
	struct member m = member_start(POSIX_SPAWN_SETPGROUP, 0, "end", NULL);
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PGID, (id_t)m.pid, &info,
	    WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(getpgid(m.pid), m.pid);
	ck_assert_int_eq(kill(-m.pid, 0), 0);
	ck_assert_int_eq(kill(-m.pid, SIGTERM), 0);
	ck_assert_int_eq(kid_status(m.pid), 7);
	ck_assert_int_eq(close(m.out), 0);
	FAILS(kill(-m.pid, 0), ESRCH);
	FAILS(kill(-m.pid, SIGTERM), ESRCH);
	FAILS(killpg(m.pid, SIGKILL), ESRCH);
	FAILS(kill(-NOBODY, 0), ESRCH);
}
END_TEST

/* kill(-1): there is somebody to send it to. */
START_TEST(all_processes_can_be_asked_for)
{
	struct member m = stay_in(0);

	ck_assert_int_eq(kill(-1, 0), 0);
	FAILS(kill(-1, NSIG), EINVAL);
	member_end(&m);
}
END_TEST

/* exec: group and session are inherited. */
START_TEST(a_program_keeps_its_group_and_session)
{
	struct member m = member_start(POSIX_SPAWN_SETSID, 0, "exec", "end",
	    NULL);
	long group = 0, session = 0;

	ck_assert_int_eq(sscanf(member_heard(&m), "%*d %ld %ld", &group,
	    &session), 2);
	ck_assert_int_eq(group, m.pid);
	ck_assert_int_eq(session, m.pid);
	ck_assert_int_eq(kid_status(m.pid), 7);
	ck_assert_int_eq(close(m.out), 0);
}
END_TEST

/* waitpid(0), waitpid(-group), P_PGID. */
START_TEST(children_are_waited_for_by_group)
{
	struct member ours = member_start(0, 0, "end", NULL), lead, member;
	siginfo_t info;
	int status;

	lead = member_start(POSIX_SPAWN_SETPGROUP, 0, "stay", NULL);
	member = member_start(POSIX_SPAWN_SETPGROUP, lead.pid, "end", NULL);
	ck_assert_int_eq(waitpid(-lead.pid, &status, 0), member.pid);
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	ck_assert_int_eq(waitpid(-lead.pid, &status, WNOHANG), 0);
	ck_assert_int_eq(waitpid(0, &status, 0), ours.pid);
	FAILS(waitpid(0, &status, WNOHANG), ECHILD);
	FAILS(waitpid(-getpgrp(), &status, 0), ECHILD);
	FAILS(waitid(P_PGID, (id_t)getpgrp(), &info, WEXITED), ECHILD);
	FAILS(waitpid(-NOBODY, &status, 0), ECHILD);
	ck_assert_int_eq(kill(lead.pid, SIGKILL), 0);
	ck_assert_int_eq(waitid(P_PGID, (id_t)lead.pid, &info, WEXITED), 0);
	ck_assert_int_eq(info.si_pid, lead.pid);
	ck_assert_int_eq(info.si_code, CLD_KILLED);
	ck_assert_int_eq(close(ours.out), 0);
	ck_assert_int_eq(close(member.out), 0);
	ck_assert_int_eq(close(lead.out), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[16];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = a_child_is_in_its_parents_group;
	tests[n++] = a_child_can_lead_a_group_and_others_join_it;
	tests[n++] = a_child_can_lead_a_session;
	tests[n++] = who_has_execed_is_left_alone;
	tests[n++] = a_process_moves_itself;
	tests[n++] = who_leads_no_group_can_lead_a_session;
	tests[n++] = others_can_be_asked;
	tests[n++] = a_signal_to_a_group_reaches_its_members;
	tests[n++] = a_process_can_end_its_group;
	tests[n++] = a_group_lasts_as_long_as_its_members;
	tests[n++] = all_processes_can_be_asked_for;
	tests[n++] = a_program_keeps_its_group_and_session;
	tests[n++] = children_are_waited_for_by_group;
	return run_cases("groups", tests, n);
}
