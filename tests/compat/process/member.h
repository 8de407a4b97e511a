/* Children in groups and sessions, and what they say. */
#ifndef TESTS_PROCESS_MEMBER_H
#define TESTS_PROCESS_MEMBER_H

#include <sys/types.h>

struct member {
	pid_t pid;
	int out;			/* its standard output comes here */
};

/**
 * member_try(m, argv, flags, group):
 * posix_spawn() of argv[0], with these attributes and a pipe at its standard
 * output.  Return what that returned.
 */
int member_try(struct member *, const char *const *argv, int flags,
    pid_t group);

/**
 * member_start(flags, group, role, arguments...):
 * The same of this program, which must succeed; the list ends with NULL.
 */
struct member member_start(int flags, pid_t group, const char *role, ...);

/** member_heard(m): what it says next, as far as a newline. */
const char *member_heard(const struct member *);

/** member_gone(m, signo): wait for it; that signal has ended it. */
void member_gone(struct member *, int signo);

/** member_end(m): SIGKILL ends it. */
void member_end(struct member *);

#endif
