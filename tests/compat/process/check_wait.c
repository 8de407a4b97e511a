#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/fails.h"
#include "support/handle.h"
#include "support/main.h"

static const char *
decimal(int n)
{
	static char text[16];

	(void)snprintf(text, sizeof(text), "%d", n);
	return text;
}

/* A child that waits for ever, and is there. */
static pid_t
waiting(const char *plain)
{
	posix_spawn_file_actions_t a;
	char text[16];
	pid_t pid;
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, p[1], 1);
	pid = plain != NULL ? plain_start(&a, "wait", NULL) :
	    kid_start(&a, "wait", NULL);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(p[1]), 0);
	ck_assert_int_eq(kid_read(p[0], text, sizeof(text)), 5);
	ck_assert_str_eq(text, "ready");
	ck_assert_int_eq(close(p[0]), 0);
	return pid;
}

/* wait(), WEXITSTATUS: the low eight bits of exit's argument. */
START_TEST(exit_statuses_are_eight_bits)
{
	static const int codes[] = { 0, 1, 3, 127, 128, 137, 143, 255, 256,
	    257, -1 };
	int status;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		status = kid_end(kid_start(NULL, "exit", decimal(codes[i]),
		    NULL));
		ck_assert(WIFEXITED(status));
		ck_assert(!WIFSIGNALED(status));
		ck_assert(!WIFSTOPPED(status));
		ck_assert(!WIFCONTINUED(status));
		ck_assert_int_eq(WEXITSTATUS(status), codes[i] & 0xff);
		ck_assert_int_eq(status == 0, (codes[i] & 0xff) == 0);
	}
	status = kid_end(plain_start(NULL, "exit", "7", NULL));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
}
END_TEST

/* wait(), WTERMSIG: which signal ended it; no exit status looks so. */
START_TEST(the_signal_that_ended_it_is_told)
{
	const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGKILL, SIGUSR1,
	    SIGPIPE, SIGALRM, SIGRTMIN, SIGRTMAX };
	pid_t pid;
	int status;
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		status = kid_end(kid_start(NULL, "die", decimal(signals[i]),
		    NULL));
		ck_assert(WIFSIGNALED(status));
		ck_assert(!WIFEXITED(status));
		ck_assert_int_eq(WTERMSIG(status), signals[i]);
	}
	pid = waiting(NULL);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	status = kid_end(pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
	pid = waiting("plain");
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	status = kid_end(pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
}
END_TEST

/* waitpid(), WNOHANG: 0 while it runs. */
START_TEST(wnohang_does_not_wait)
{
	pid_t pid = waiting(NULL);
	siginfo_t info;
	int status = 4711;

	ck_assert_int_eq(waitpid(pid, &status, WNOHANG), 0);
	ck_assert_int_eq(waitpid(-1, &status, WNOHANG), 0);
	ck_assert_int_eq(status, 4711);
	info.si_pid = info.si_signo = 4711;
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG),
	    0);
	ck_assert_int_eq(info.si_pid, 0);
	ck_assert_int_eq(info.si_signo, 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert_int_eq(waitpid(pid, &status, WNOHANG), pid);
	FAILS(waitpid(pid, &status, WNOHANG), ECHILD);
}
END_TEST

/* waitpid(): ECHILD, EINVAL; waitid(): EINVAL. */
START_TEST(what_is_no_child_is_echild)
{
	siginfo_t info;

	FAILS(wait(NULL), ECHILD);
	FAILS(waitpid(getpid(), NULL, 0), ECHILD);
	FAILS(waitpid(0, NULL, WNOHANG), ECHILD);
	FAILS(waitpid(-1, NULL, 0x40), EINVAL);
	FAILS(waitid(P_ALL, 0, &info, 0), EINVAL);
	FAILS(waitid(P_ALL, 0, &info, WNOHANG), EINVAL);
	FAILS(waitid((idtype_t)77, 0, &info, WEXITED), EINVAL);
	FAILS(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
}
END_TEST

/* waitid(): the siginfo_t; WNOWAIT leaves the child to be waited for. */
START_TEST(waitid_tells_in_a_siginfo)
{
	pid_t pid = kid_start(NULL, "exit", "42", NULL);
	siginfo_t info;
	int i;

	for (i = 0; i < 2; i++) {
		(void)memset(&info, 0, sizeof(info));
		ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED |
		    (i == 0 ? WNOWAIT : 0)), 0);
		ck_assert_int_eq(info.si_signo, SIGCHLD);
		ck_assert_int_eq(info.si_code, CLD_EXITED);
		ck_assert_int_eq(info.si_pid, pid);
		ck_assert_int_eq(info.si_status, 42);
	}
	FAILS(waitid(P_PID, (id_t)pid, &info, WEXITED), ECHILD);
	pid = kid_start(NULL, "die", decimal(SIGTERM), NULL);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
	ck_assert_int_eq(info.si_code, CLD_KILLED);
	ck_assert_int_eq(info.si_status, SIGTERM);
}
END_TEST

/*
 * More than any limit of NT's on what can be waited for at once (64).  Plain
 * ones: they start faster, and end no differently.
 */
START_TEST(a_hundred_children_at_once)
{
	static pid_t pids[100];
	int seen[100] = { 0 }, i, n, status;
	pid_t pid;

	for (i = 0; i < 100; i++)
		pids[i] = plain_start(NULL, "exit", decimal(i), NULL);
	for (n = 0; n < 100; n++) {
		pid = waitpid(n % 2 == 0 ? -1 : 0, &status, 0);
		ck_assert_int_gt(pid, 0);
		for (i = 0; i < 100 && pids[i] != pid; i++)
			;
		ck_assert_int_lt(i, 100);
		ck_assert_int_eq(seen[i]++, 0);
		ck_assert_int_eq(status, i << 8);
	}
	FAILS(wait(&status), ECHILD);
}
END_TEST

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *
wait_all(void *arg)
{
	int status;

	(void)arg;
	while (wait(&status) > 0) {
		(void)pthread_mutex_lock(&lock);
		sum += WEXITSTATUS(status);
		(void)pthread_mutex_unlock(&lock);
	}
	return errno == ECHILD ? NULL : &sum;
}

/* Each child is told to one waiter, and none is lost. */
START_TEST(several_threads_can_wait)
{
	pthread_t t[4];
	void *failed;
	int i;

	sum = 0;
	for (i = 1; i <= 20; i++)
		(void)kid_start(NULL, "exit", decimal(i), NULL);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, wait_all, NULL),
		    0);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(pthread_join(t[i], &failed), 0);
		ck_assert_ptr_null(failed);
	}
	ck_assert_int_eq(sum, 210);
}
END_TEST

static volatile sig_atomic_t handled, stop;

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

static void *
annoy(void *arg)
{
	pthread_t *target = arg;

	while (!stop) {
		(void)pthread_kill(*target, SIGUSR1);
		(void)usleep(1000);
	}
	return NULL;
}

/* waitpid(): EINTR without SA_RESTART. */
START_TEST(a_signal_interrupts_the_wait)
{
	pthread_t self = pthread_self(), t;
	pid_t pid = waiting(NULL);

	handled = stop = 0;
	handle_signal(SIGUSR1, on_signal, 0);
	ck_assert_int_eq(pthread_create(&t, NULL, annoy, &self), 0);
	FAILS(waitpid(pid, NULL, 0), EINTR);
	ck_assert_int_gt(handled, 0);
	stop = 1;
	ck_assert_int_eq(pthread_join(t, NULL), 0);
	handle_signal(SIGUSR1, on_signal, SA_RESTART);
	ck_assert_int_eq(pthread_kill(self, SIGUSR1), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	(void)signal(SIGUSR1, SIG_DFL);
}
END_TEST

/* <signal.h>, SIGCHLD: who, and how. */
START_TEST(sigchld_tells_of_the_end)
{
	sigset_t set, old;
	siginfo_t info;
	pid_t pid;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &set, &old), 0);
	pid = kid_start(NULL, "exit", "5", NULL);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGCHLD);
	ck_assert_int_eq(info.si_pid, pid);
	ck_assert_int_eq(info.si_code, CLD_EXITED);
	ck_assert_int_eq(info.si_status, 5);
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), pid);
	pid = kid_start(NULL, "die", decimal(SIGKILL), NULL);
	ck_assert_int_eq(sigwaitinfo(&set, &info), SIGCHLD);
	ck_assert_int_eq(info.si_code, CLD_KILLED);
	ck_assert_int_eq(info.si_status, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), pid);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
}
END_TEST

/* _Exit(): no zombies when SIGCHLD is ignored; wait() waits for all. */
START_TEST(ignored_children_leave_nothing)
{
	int i;

	for (i = 0; i < 2; i++) {
		handle_signal(SIGCHLD, i == 0 ? SIG_IGN : SIG_DFL,
		    i == 0 ? 0 : SA_NOCLDWAIT);
		(void)kid_start(NULL, "exit", "1", NULL);
		(void)kid_start(NULL, "exit", "2", NULL);
		FAILS(wait(NULL), ECHILD);
	}
	(void)signal(SIGCHLD, SIG_DFL);
}
END_TEST

/* A child's children are its own. */
START_TEST(children_have_children)
{
	int status = kid_end(kid_start(NULL, "nest", "nest", "nest", "exit",
	    "33", NULL));

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 33);
	FAILS(wait(NULL), ECHILD);
}
END_TEST

/* kill(): a child that nobody has waited for is still there. */
START_TEST(the_dead_can_be_signalled)
{
	pid_t pid = kid_start(NULL, "exit", "0", NULL);
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	ck_assert_int_eq(kill(pid, 0), 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

/* wait4(), getrusage(). */
START_TEST(time_used_is_told)
{
	struct rusage usage, sum_of_all;
	pid_t pid = kid_start(NULL, "exit", "0", NULL);
	int status;

	(void)memset(&usage, 0xff, sizeof(usage));
	ck_assert_int_eq(wait4(pid, &status, 0, &usage), pid);
	ck_assert_int_ge(usage.ru_utime.tv_sec, 0);
	ck_assert_int_lt(usage.ru_utime.tv_sec, 60);
	ck_assert_int_ge(usage.ru_stime.tv_usec, 0);
	ck_assert_int_lt(usage.ru_stime.tv_usec, 1000000);
	ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &sum_of_all), 0);
	ck_assert_int_ge(sum_of_all.ru_utime.tv_sec * 1000000 +
	    sum_of_all.ru_utime.tv_usec, usage.ru_utime.tv_sec * 1000000 +
	    usage.ru_utime.tv_usec);
	ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
	FAILS(getrusage(77, &usage), EINVAL);
}
END_TEST

/* system(): the status; SIGCHLD does not reach the caller meanwhile. */
START_TEST(system_returns_the_status)
{
	int status;

	ck_assert_int_ne(system(NULL), 0);
	status = system("exit 3");
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 3);
	FAILS(wait(NULL), ECHILD);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[16];
	int n = 0;

	kid_main(argc, argv);
	tests[n++] = exit_statuses_are_eight_bits;
	tests[n++] = the_signal_that_ended_it_is_told;
	tests[n++] = wnohang_does_not_wait;
	tests[n++] = what_is_no_child_is_echild;
	tests[n++] = waitid_tells_in_a_siginfo;
	tests[n++] = a_hundred_children_at_once;
	tests[n++] = several_threads_can_wait;
	tests[n++] = a_signal_interrupts_the_wait;
	tests[n++] = sigchld_tells_of_the_end;
	tests[n++] = ignored_children_leave_nothing;
	tests[n++] = children_have_children;
	tests[n++] = the_dead_can_be_signalled;
	tests[n++] = time_used_is_told;
	tests[n++] = system_returns_the_status;
	return run_cases("wait", tests, n);
}
