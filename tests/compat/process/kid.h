/*
 * What the tests of processes start: the test program itself, in a role, and
 * "plain", a program that knows nothing of libcompat.
 */
#ifndef TESTS_PROCESS_KID_H
#define TESTS_PROCESS_KID_H

#include <sys/types.h>

#include <spawn.h>
#include <stdlib.h>			/* environ, on NT */
#include <unistd.h>			/* and on Linux */

/**
 * kid_main(argc, argv):
 * In a child, play the role that argv names and do not come back.  Else
 * remember where the programs are.
 */
void kid_main(int argc, char *argv[]);

/**
 * kid_main_with(argc, argv, roles):
 * The same with roles of the test's own, which end with a NULL name.  Each is
 * given main's argv and returns the exit status.
 */
struct kid_role {
	const char *name;
	int (*play)(char *argv[]);
};
void kid_main_with(int argc, char *argv[], const struct kid_role *);

/* kid_roles.c: those of kid_main() itself. */
extern const struct kid_role kid_roles[];

/**
 * kid_keep_all():
 * What is open from 3 on is not for children: Check has a file of its own, at
 * a number that depends on what make left open.
 */
void kid_keep_all(void);

/** kid_say(text): all of it to descriptor 1, or die. */
void kid_say(const char *text);

/** kid_self(), kid_plain(): their absolute paths. */
const char *kid_self(void);
const char *kid_plain(void);

/**
 * kid_start(actions, role, arguments...):
 * Start this program in a role; the list ends with NULL.  Return its pid.
 */
pid_t kid_start(const posix_spawn_file_actions_t *, const char *role, ...);

/** plain_start(): the same with the plain program. */
pid_t plain_start(const posix_spawn_file_actions_t *, const char *role, ...);

/** kid_end(pid): wait for it, and return its status. */
int kid_end(pid_t);

/** kid_status(pid): the same of one that exits: what it said. */
int kid_status(pid_t);

/** kid_read(fd, buf, size): read to the end; NUL-terminated. */
ssize_t kid_read(int fd, char *buf, size_t size);

/**
 * kid_talk(out, role, arguments...):
 * kid_start() with its standard output at *out.
 */
pid_t kid_talk(int *out, const char *role, ...);

/** kid_converse(in, out, role, arguments...): and what it reads is from *in. */
pid_t kid_converse(int *in, int *out, const char *role, ...);

/**
 * kid_exec(argv):
 * For a role that goes on as another: go on in the one that argv[2] names, and
 * return errno if that is not to be.
 */
int kid_exec(char *argv[]);

/** kid_says(fd, what): what comes next is this; it may go on. */
void kid_says(int fd, const char *what);

/** kid_ended_by(pid, signo): wait for it: the signal has ended it. */
void kid_ended_by(pid_t, int signo);

/**
 * kid_output(buf, size, role, arguments...):
 * Start, read its standard output to the end, wait.  Return its status.
 */
int kid_output(char *buf, size_t size, const char *role, ...);

/* What was left of a test's descriptors: fail if there are more than before. */
int kid_open_fds(void);

#endif
