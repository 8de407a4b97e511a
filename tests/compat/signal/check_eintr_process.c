/* Signals that meet calls that wait for children and for locks. */
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../process/kid.h"
#include "eintr.h"

static int fds[2], mine, other;
static pid_t pid;
static FILE *command;
static char text[4200];

/* --- children --- */

static int __attribute__((noreturn))
linger(char *argv[])
{
	(void)argv;
	for (;;)
		(void)pause();
}

static const struct kid_role roles[] = { { "linger", linger }, { NULL, NULL } };

static void
start_child(void)
{
	pid = kid_start(NULL, "linger", NULL);
}

static void
end_child(void)
{
	eintr_must(kill(pid, SIGKILL) == 0);
}

/* Ended or not, by this call or not. */
static void
reap_child(void)
{
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}

static long
call_wait(void)
{
	int status;

	return wait(&status);
}

static long
call_waitpid(void)
{
	return waitpid(pid, NULL, 0);
}

static long
call_waitid(void)
{
	siginfo_t info;

	return waitid(P_PID, (id_t)pid, &info, WEXITED);
}

static long
call_wait3(void)
{
	struct rusage usage;

	return wait3(NULL, 0, &usage);
}

static long
call_wait4(void)
{
	struct rusage usage;

	return wait4(pid, NULL, 0, &usage);
}

/* A command that ends when the pipe does. */
static void
open_command_pipe(void)
{
	eintr_must(pipe(fds) == 0);
	eintr_must(fcntl(fds[1], F_SETFD, FD_CLOEXEC) == 0);
	(void)snprintf(text, sizeof(text), "\"%s\" cat %d", kid_self(),
	    fds[0]);
}

static void
start_command(void)
{
	open_command_pipe();
	eintr_must((command = popen(text, "w")) != NULL);
}

static void
end_command(void)
{
	eintr_must(close(fds[1]) == 0);
}

static void
close_command_pipe(void)
{
	eintr_must(close(fds[0]) == 0);
}

static long
call_system(void)
{
	return system(text) == 0 ? 0 : -1;
}

static long
call_pclose(void)
{
	return pclose(command) == 0 ? 0 : -1;
}

/* --- locks --- */

static void
open_file(void)
{
	eintr_must((mine = open("file", O_CREAT | O_RDWR, 0600)) >= 0);
	eintr_must((other = open("file", O_RDWR)) >= 0);
}

static void
close_file(void)
{
	eintr_must(close(mine) == 0);
	eintr_must(close(other) == 0);
}

static void
hold_flock(void)
{
	open_file();
	eintr_must(flock(other, LOCK_EX) == 0);
}

static void
release_flock(void)
{
	eintr_must(flock(other, LOCK_UN) == 0);
}

static int
record(int fd, int command_, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET,
	    .l_len = 10 };

	return fcntl(fd, command_, &lock);
}

/* Its owner is the open file, not the process: it excludes us too. */
static void
hold_record(void)
{
	open_file();
	eintr_must(record(other, F_OFD_SETLK, F_WRLCK) == 0);
}

static void
release_record(void)
{
	eintr_must(record(other, F_OFD_SETLK, F_UNLCK) == 0);
}

static long
call_flock(void)
{
	return flock(mine, LOCK_EX);
}

static long
call_flock_shared(void)
{
	return flock(mine, LOCK_SH);
}

static long
call_setlkw(void)
{
	return record(mine, F_SETLKW, F_WRLCK);
}

static long
call_ofd_setlkw(void)
{
	return record(mine, F_OFD_SETLKW, F_RDLCK);
}

static long
call_lockf(void)
{
	return lockf(mine, F_LOCK, 5);
}

/* signal(7); system() and pclose() go on by themselves. */
static const struct eintr_call calls[] = {
	{ "wait", EINTR_RESTARTS, start_child, call_wait, end_child,
	    reap_child },
	{ "waitpid", EINTR_RESTARTS, start_child, call_waitpid, end_child,
	    reap_child },
	{ "waitid", EINTR_RESTARTS, start_child, call_waitid, end_child,
	    reap_child },
	{ "wait3", EINTR_RESTARTS, start_child, call_wait3, end_child,
	    reap_child },
	{ "wait4", EINTR_RESTARTS, start_child, call_wait4, end_child,
	    reap_child },
	{ "system", EINTR_GOES_ON, open_command_pipe, call_system, end_command,
	    close_command_pipe },
	{ "pclose", EINTR_GOES_ON, start_command, call_pclose, end_command,
	    close_command_pipe },
	{ "flock", EINTR_RESTARTS, hold_flock, call_flock, release_flock,
	    close_file },
	{ "flock, shared", EINTR_RESTARTS, hold_flock, call_flock_shared,
	    release_flock, close_file },
	{ "F_SETLKW", EINTR_RESTARTS, hold_record, call_setlkw, release_record,
	    close_file },
	{ "F_OFD_SETLKW", EINTR_RESTARTS, hold_record, call_ofd_setlkw,
	    release_record, close_file },
	{ "lockf", EINTR_RESTARTS, hold_record, call_lockf, release_record,
	    close_file },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

int
main(int argc, char *argv[])
{
	kid_main_with(argc, argv, roles);
	return eintr_main("eintr_process", calls, CALLS, NULL, 0);
}
