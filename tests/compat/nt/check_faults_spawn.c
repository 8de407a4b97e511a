/* posix_spawn when NT refuses: no child, no handle, and why. */
#include <compat.h>

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compat/nt/fault_run.h"
#include "compat/process/kid.h"

#define CALLS 200
#define NO_MEMORY 8u			/* ERROR_NOT_ENOUGH_MEMORY */

/* The plain program is in the folder of the tests of processes. */
static const char *
program(int plain)
{
	static char path[4200];
	const char *name = kid_plain();

	if (!plain)
		return kid_self();
	(void)snprintf(path, sizeof(path), "%.*s../process/plain",
	    (int)(strlen(name) - strlen("plain")), name);
	return path;
}

static int
spawn(int plain, pid_t *pid)
{
	char *argv[] = { (char *)(uintptr_t)program(plain),
	    (char *)(uintptr_t)"exit", (char *)(uintptr_t)"5", NULL };

	*pid = -1;
	return posix_spawn(pid, argv[0], NULL, NULL, argv, environ);
}

static void
no_child(void)
{
	FAILS(waitpid(-1, NULL, WNOHANG), ECHILD);
}

/* It has run, and left nothing: what it was given is given back. */
static void
ends_well(pid_t pid)
{
	int status = kid_end(pid);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 5);
	no_child();
}

/* A descriptor of each kind that is handed over. */
static int
open_all(int fd[5])
{
	ck_assert_int_eq(pipe(fd), 0);
	fd[2] = open("f", O_RDWR | O_CREAT, 0644);
	fd[3] = open("/dev/null", O_RDWR);
	fd[4] = dup(fd[2]);
	ck_assert_int_ge(fd[2], 0);
	ck_assert_int_ge(fd[3], 0);
	ck_assert_int_ge(fd[4], 0);
	return 5;
}

/* Warm up: what is kept for ever is there before handles are counted. */
static unsigned int
settle(int plain)
{
	pid_t pid;
	int i;

	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(spawn(plain, &pid), 0);
		ends_well(pid);
	}
	return fault_handles();
}

/* Each call of one posix_spawn fails in turn; how many there were. */
static int
refuse_each(int plain)
{
	unsigned int handles = settle(plain);
	int err, n, refused = 0;
	pid_t pid;

	for (n = 1; n < CALLS; n++) {
		fault_nth((unsigned int)n);
		errno = 0;
		err = spawn(plain, &pid);
		ck_assert_int_eq(errno, 0);
		if (fault_hits() == 0)
			break;
		if (err != 0) {
			refused++;
			ck_assert_msg(err == ENOMEM || err == ENOBUFS ||
			    err == EAGAIN, "call %d, %s: errno %d", n,
			    fault_name(), err);
			ck_assert_int_eq(pid, -1);
			no_child();
		}
		fault_reset();
		if (err == 0)
			ends_well(pid);
		ck_assert_msg(fault_handles() <= handles,
		    "call %d: %u handles, %u before", n, fault_handles(),
		    handles);
	}
	ck_assert_int_lt(n, CALLS);
	fault_reset();
	ck_assert_int_eq(err, 0);
	ends_well(pid);
	(void)printf("%d of %d calls were refused and told\n", refused, n - 1);
	return refused;
}

START_TEST(a_spawn_that_fails_leaves_nothing)
{
	int fd[5], i, n = open_all(fd);

	ck_assert_int_ge(refuse_each(0), 15);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(close(fd[i]), 0);
}
END_TEST

START_TEST(a_plain_program_that_fails_leaves_nothing)
{
	int fd[5], i, n = open_all(fd);

	ck_assert_int_ge(refuse_each(1), 8);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(close(fd[i]), 0);
}
END_TEST

/* posix_spawn(): what fork() or exec() would say. */
START_TEST(the_error_says_what_is_missing)
{
	static const struct {
		const char *call;
		unsigned int code;
		int err;
	} faults[] = {
		{ "CreateProcessW", NO_MEMORY, ENOMEM },
		{ "CreateProcessW", DENIED, EACCES },
		{ "CreateProcessW", 193, ENOEXEC },	/* BAD_EXE_FORMAT */
		{ "CreateProcessW", 2, ENOENT },	/* FILE_NOT_FOUND */
		{ "CreateThreadpoolWait", NO_MEMORY, ENOMEM },
		{ "CreateFileMappingW", 1455, ENOMEM },	/* COMMITMENT_LIMIT */
		{ "MapViewOfFile", NO_MEMORY, ENOMEM },
		{ "InitializeProcThreadAttributeList", NO_MEMORY, ENOMEM },
		{ "UpdateProcThreadAttribute", NO_MEMORY, ENOMEM },
		{ "DuplicateHandle", NO_MEMORY, ENOMEM },
	};
	unsigned int handles = settle(0);
	pid_t pid;
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		fault_set(faults[i].call, 0, FOR_EVER, faults[i].code);
		ck_assert_msg(spawn(0, &pid) == faults[i].err, "%s %u",
		    faults[i].call, faults[i].code);
		ck_assert_int_eq(pid, -1);
		fault_reset();
		no_child();
		ck_assert_uint_le(fault_handles(), handles);
	}
}
END_TEST

/* Wine's loader finds no place: the next attempt succeeds, if there is one. */
START_TEST(a_loader_that_fails_is_started_again)
{
	unsigned int handles = settle(0);
	pid_t pid;

	fault_set("CreateProcessW", 0, 4, 1359);	/* INTERNAL_ERROR */
	ck_assert_int_eq(spawn(0, &pid), 0);
	ck_assert_uint_eq(fault_hits(), 4);
	fault_reset();
	ends_well(pid);
	fault_set("CreateProcessW", 0, FOR_EVER, 1359);
	ck_assert_int_eq(spawn(0, &pid), EIO);
	fault_reset();
	no_child();
	ck_assert_uint_le(fault_handles(), handles);
}
END_TEST

/* exec: the caller goes on, and what was started for it is gone. */
START_TEST(an_exec_that_fails_changes_nothing)
{
	static const struct {
		const char *call;
		int err;
	} faults[] = {
		{ "CreateProcessW", ENOMEM },
		{ "CreateJobObjectW", ENOMEM },
		{ "SetInformationJobObject", ENOMEM },
		{ "AssignProcessToJobObject", ENOMEM },
		{ "CreateThread", EAGAIN },
	};
	char *argv[] = { (char *)(uintptr_t)program(0),
	    (char *)(uintptr_t)"exit", (char *)(uintptr_t)"5", NULL };
	int fd = open("f", O_RDWR | O_CREAT, 0644);
	unsigned int handles = settle(0);
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		fault_set(faults[i].call, 0, FOR_EVER, NO_MEMORY);
		FAILS(execv(argv[0], argv), faults[i].err);
		fault_reset();
		no_child();
		ck_assert_int_eq(write(fd, "x", 1), 1);
		ck_assert_uint_le(fault_handles(), handles);
	}
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

static int
never(int argc, char *argv[])
{
	(void)argv;
	return argc;
}

/* Nothing is half made: the next attempt finds all as before. */
START_TEST(a_job_or_a_service_that_fails_leaves_nothing)
{
	static const char *const job[] = { "CreateJobObjectW",
	    "AssignProcessToJobObject" };
	static const char *const service[] = { "CreateEventW",
	    "CreateThread" };
	unsigned int handles = settle(0);
	int i;

	for (i = 0; i < 2; i++) {
		fault_set(job[i], 0, FOR_EVER, NO_MEMORY);
		FAILS(compat_children_die(1), ENOMEM);
		fault_reset();
		fault_set(service[i], 0, FOR_EVER, NO_MEMORY);
		FAILS(compat_service_main("x", never, 5, NULL), EAGAIN);
		fault_reset();
		ck_assert_uint_le(fault_handles(), handles);
	}
}
END_TEST

/* popen(): the same, and neither stream nor descriptor. */
START_TEST(a_popen_that_fails_leaves_nothing)
{
	unsigned int handles = 0;
	int fds = kid_open_fds(), n, refused = 0;
	FILE *f = NULL;

	for (n = 0; n < 3; n++)
		ck_assert_int_eq(pclose(popen("exit 0", "w")), 0);
	handles = fault_handles();
	for (n = 1; n < CALLS; n++) {
		fault_nth((unsigned int)n);
		errno = 0;
		f = popen("exit 0", "w");
		if (fault_hits() == 0)
			break;
		if (f == NULL) {
			refused++;
			ck_assert_int_ne(errno, 0);
			no_child();
		}
		fault_reset();
		if (f != NULL)
			ck_assert_int_eq(pclose(f), 0);
		ck_assert_int_eq(kid_open_fds(), fds);
		ck_assert_msg(fault_handles() <= handles + 2,
		    "call %d: %u handles, %u before", n, fault_handles(),
		    handles);
	}
	ck_assert_int_lt(n, CALLS);
	fault_reset();
	ck_assert_int_eq(pclose(f), 0);
	(void)printf("popen: %d of %d calls were refused and told\n", refused,
	    n - 1);
	ck_assert_int_ge(refused, 8);
}
END_TEST

static volatile sig_atomic_t handled;

static void
on_signal(int signo)
{
	(void)signo;
	handled++;
}

/* kill(0): when NT does not say who there is, nobody is signalled. */
START_TEST(a_group_is_signalled_whole_or_not_at_all)
{
	unsigned int handles;
	int i;

	(void)signal(SIGUSR1, on_signal);
	handled = 0;
	fault_set("K32EnumProcesses", 0, 1, NO_MEMORY);
	FAILS(kill(0, SIGUSR1), ENOMEM);
	ck_assert_int_eq(handled, 0);
	fault_set("K32EnumProcesses", 0, 1, NO_MEMORY);
	FAILS(setpgid(0, 4711), ENOMEM);
	fault_reset();
	ck_assert_int_eq(kill(0, SIGUSR1), 0);
	ck_assert_int_eq(handled, 1);
	FAILS(setpgid(0, 4711), EPERM);
	handles = fault_handles();
	for (i = 0; i < 50; i++)
		ck_assert_int_eq(kill(0, 0), 0);
	ck_assert_uint_le(fault_handles(), handles + 2);
	(void)signal(SIGUSR1, SIG_DFL);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = { a_spawn_that_fails_leaves_nothing,
	    a_plain_program_that_fails_leaves_nothing,
	    the_error_says_what_is_missing,
	    a_loader_that_fails_is_started_again,
	    an_exec_that_fails_changes_nothing,
	    a_job_or_a_service_that_fails_leaves_nothing,
	    a_popen_that_fails_leaves_nothing,
	    a_group_is_signalled_whole_or_not_at_all };

	kid_main(argc, argv);
	return fault_run("faults_spawn", tests,
	    sizeof(tests) / sizeof(tests[0]));
}
