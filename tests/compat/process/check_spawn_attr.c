/* posix_spawn(): its objects, and what a child begins with. */
#include <spawn.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kid.h"
#include "support/handle.h"
#include "support/main.h"

static char text[200];

/* Timers that run, signals that are pending. */
static int
role_begun(char *argv[])
{
	static const int all[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	struct itimerval now;
	sigset_t set;
	int timers = 0, pending = 0, signo;
	size_t i;

	(void)argv;
	for (i = 0; i < 3; i++)
		timers += getitimer(all[i], &now) != 0 ||
		    now.it_value.tv_sec != 0 || now.it_value.tv_usec != 0;
	(void)sigpending(&set);
	for (signo = 1; signo < NSIG; signo++)
		pending += sigismember(&set, signo) == 1;
	(void)snprintf(text, sizeof(text), "%d timers, %d pending, %u left",
	    timers, pending, alarm(0));
	kid_say(text);
	return 0;
}

/* Change what children inherit, and start one. */
static int
role_prepare(char *argv[])
{
	char *words[] = { argv[0], (char *)(uintptr_t)"prepared", NULL };
	int status = 1;
	pid_t pid;

	(void)umask(027);
	if (setpriority(PRIO_PROCESS, 0, 19) != 0 ||
	    mkdir("below", 0777) != 0 || chdir("below") != 0 ||
	    posix_spawn(&pid, argv[0], NULL, NULL, words, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		return 1;
	return WEXITSTATUS(status);
}

static int
role_prepared(char *argv[])
{
	char dir[2000];

	(void)argv;
	if (getcwd(dir, sizeof(dir)) == NULL || strlen(dir) < 5)
		return 2;
	(void)snprintf(text, sizeof(text), "%o %d %s", (unsigned int)umask(0),
	    getpriority(PRIO_PROCESS, 0), dir + strlen(dir) - 5);
	kid_say(text);
	return 0;
}

/* At 7, what the parent has locked. */
static int
role_lock(char *argv[])
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
	    .l_len = 10 };

	(void)argv;
	if (fcntl(7, F_SETLK, &l) == 0)
		return 1;
	return errno == EAGAIN || errno == EACCES ? 0 : 2;
}

static const struct kid_role roles[] = {
	{ "begun", role_begun }, { "prepare", role_prepare },
	{ "prepared", role_prepared }, { "lock", role_lock }, { NULL, NULL },
};

/* As after fork(): no alarm, no interval timer, nothing pending. */
START_TEST(a_child_has_no_timers_and_nothing_pending)
{
	struct itimerval late = { .it_value = { 1000, 0 } };
	sigset_t old;

	ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &old), 0);
	handle_signal(SIGUSR1, SIG_DFL, 0);
	mask_signal(SIG_BLOCK, SIGUSR1);
	mask_signal(SIG_BLOCK, SIGUSR2);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR2), 0);
	(void)alarm(1000);
	ck_assert_int_eq(setitimer(ITIMER_VIRTUAL, &late, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_PROF, &late, NULL), 0);
	ck_assert_int_eq(kid_output(text, sizeof(text), "begun", NULL), 0);
	ck_assert_str_eq(text, "0 timers, 0 pending, 0 left");
	ck_assert_uint_gt(alarm(0), 900);
	late.it_value.tv_sec = 0;
	ck_assert_int_eq(setitimer(ITIMER_VIRTUAL, &late, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_PROF, &late, NULL), 0);
	handle_signal(SIGUSR1, SIG_IGN, 0);
	handle_signal(SIGUSR2, SIG_IGN, 0);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	handle_signal(SIGUSR1, SIG_DFL, 0);
	handle_signal(SIGUSR2, SIG_DFL, 0);
}
END_TEST

/* All other attributes are the caller's. */
START_TEST(a_child_has_its_parents_umask_nice_value_and_directory)
{
	ck_assert_int_eq(kid_output(text, sizeof(text), "prepare", NULL), 0);
	ck_assert_str_eq(text, "27 19 below");
	ck_assert_int_eq(rmdir("below"), 0);
}
END_TEST

/* "the child process shall not inherit any file locks". */
START_TEST(a_child_has_none_of_its_parents_locks)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
	    .l_len = 10 };
	posix_spawn_file_actions_t a;
	int fd = open("locked", O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_SETLK, &l), 0);
	(void)posix_spawn_file_actions_init(&a);
	(void)posix_spawn_file_actions_adddup2(&a, fd, 7);
	ck_assert_int_eq(kid_status(kid_start(&a, "lock", NULL)), 0);
	(void)posix_spawn_file_actions_destroy(&a);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(unlink("locked"), 0);
}
END_TEST

/* posix_spawnattr_init(), and each pair of get and set. */
START_TEST(attributes_have_defaults_and_keep_what_is_set)
{
	posix_spawnattr_t attr;
	sigset_t usr1, set;
	pid_t group = 77;
	short flags = 77;
	int i, signo;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(posix_spawnattr_init(&attr), 0);
		ck_assert_int_eq(posix_spawnattr_getflags(&attr, &flags), 0);
		ck_assert_int_eq(flags, 0);
		ck_assert_int_eq(posix_spawnattr_getpgroup(&attr, &group), 0);
		ck_assert_int_eq(group, 0);
		sigfillset(&set);
		ck_assert_int_eq(posix_spawnattr_getsigdefault(&attr, &set),
		    0);
		for (signo = 1; signo < NSIG; signo++)
			ck_assert_int_eq(sigismember(&set, signo), 0);
		ck_assert_int_eq(posix_spawnattr_setflags(&attr,
		    POSIX_SPAWN_SETSIGMASK), 0);
		ck_assert_int_eq(posix_spawnattr_setpgroup(&attr, 4711), 0);
		ck_assert_int_eq(posix_spawnattr_setsigdefault(&attr, &usr1),
		    0);
		ck_assert_int_eq(posix_spawnattr_setsigmask(&attr, &usr1), 0);
		ck_assert_int_eq(posix_spawnattr_getflags(&attr, &flags), 0);
		ck_assert_int_eq(flags, POSIX_SPAWN_SETSIGMASK);
		ck_assert_int_eq(posix_spawnattr_getpgroup(&attr, &group), 0);
		ck_assert_int_eq(group, 4711);
		ck_assert_int_eq(posix_spawnattr_getsigdefault(&attr, &set),
		    0);
		ck_assert_int_eq(sigismember(&set, SIGUSR1), 1);
		ck_assert_int_eq(sigismember(&set, SIGUSR2), 0);
		sigfillset(&set);
		ck_assert_int_eq(posix_spawnattr_getsigmask(&attr, &set), 0);
		ck_assert_int_eq(sigismember(&set, SIGUSR1), 1);
		ck_assert_int_eq(sigismember(&set, SIGUSR2), 0);
		ck_assert_int_eq(posix_spawnattr_destroy(&attr), 0);
	}
}
END_TEST

/* What becomes of the object later does not concern who was started. */
START_TEST(attributes_count_when_the_child_is_made)
{
	char *argv[] = { (char *)(uintptr_t)kid_self(),
	    (char *)(uintptr_t)"wait", NULL };
	posix_spawnattr_t attr;
	pid_t pid;

	ck_assert_int_eq(posix_spawnattr_init(&attr), 0);
	ck_assert_int_eq(posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETPGROUP), 0);
	ck_assert_int_eq(posix_spawn(&pid, kid_self(), NULL, &attr, argv,
	    environ), 0);
	ck_assert_int_eq(posix_spawnattr_setpgroup(&attr, getpgrp()), 0);
	ck_assert_int_eq(posix_spawnattr_destroy(&attr), 0);
	ck_assert_int_eq(getpgid(pid), pid);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	kid_ended_by(pid, SIGKILL);
}
END_TEST

/* A null pid: the number is not told. */
START_TEST(the_childs_number_need_not_be_told)
{
	char *argv[] = { (char *)(uintptr_t)kid_self(),
	    (char *)(uintptr_t)"exit", (char *)(uintptr_t)"9", NULL };
	int status = 0;

	ck_assert_int_eq(posix_spawn(NULL, kid_self(), NULL, NULL, argv,
	    environ), 0);
	ck_assert_int_gt(wait(&status), 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 9);
	ck_assert_int_eq(posix_spawnp(NULL, kid_self(), NULL, NULL, argv,
	    environ), 0);
	ck_assert_int_gt(wait(&status), 0);
	ck_assert_int_eq(WEXITSTATUS(status), 9);
}
END_TEST

static int
make(const char *name, const char *what)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, what, strlen(what)), (ssize_t)strlen(what));
	return fd;
}

/* addopen(): the path is copied; what was open at the number is closed. */
START_TEST(addopen_copies_its_path)
{
	posix_spawn_file_actions_t a;
	char path[] = "right";
	int i, fd = make("right", "right");

	ck_assert_int_eq(close(fd), 0);
	fd = make("wrong", "wrong");
	for (i = 0; i < 2; i++) {
		(void)strcpy(path, "right");
		ck_assert_int_eq(posix_spawn_file_actions_init(&a), 0);
		ck_assert_int_eq(posix_spawn_file_actions_adddup2(&a, fd, 7),
		    0);
		ck_assert_int_eq(posix_spawn_file_actions_addopen(&a, 7, path,
		    O_RDONLY, 0), 0);
		(void)strcpy(path, "wrong");
		ck_assert_int_eq(posix_spawn_file_actions_addopen(&a, 1, "out",
		    O_WRONLY | O_CREAT | O_TRUNC, 0666), 0);
		ck_assert_int_eq(kid_status(kid_start(&a, "read", "7", "5",
		    NULL)), 0);
		ck_assert_int_eq(posix_spawn_file_actions_destroy(&a), 0);
	}
	ck_assert_int_eq(close(fd), 0);
	fd = open("out", O_RDONLY);
	ck_assert_int_eq(kid_read(fd, text, sizeof(text)), 5);
	ck_assert_str_eq(text, "right");
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	static const TTest *tests[8];
	int n = 0;

	kid_main_with(argc, argv, roles);
	tests[n++] = a_child_has_no_timers_and_nothing_pending;
	tests[n++] = a_child_has_its_parents_umask_nice_value_and_directory;
	tests[n++] = a_child_has_none_of_its_parents_locks;
	tests[n++] = attributes_have_defaults_and_keep_what_is_set;
	tests[n++] = attributes_count_when_the_child_is_made;
	tests[n++] = the_childs_number_need_not_be_told;
	tests[n++] = addopen_copies_its_path;
	return run_cases("spawn attributes", tests, n);
}
