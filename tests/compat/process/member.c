#include "member.h"

#include <sys/wait.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>

#include "kid.h"

#define WORDS 6

int
member_try(struct member *m, const char *const *argv, int flags, pid_t group)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int err, p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, p[1], 1);
	(void)posix_spawnattr_init(&attr);
	ck_assert_int_eq(posix_spawnattr_setflags(&attr, (short)flags), 0);
	ck_assert_int_eq(posix_spawnattr_setpgroup(&attr, group), 0);
	err = posix_spawn(&m->pid, argv[0], &actions, &attr,
	    (char *const *)(uintptr_t)argv, environ);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	ck_assert_int_eq(close(p[1]), 0);
	m->out = p[0];
	if (err != 0)
		ck_assert_int_eq(close(p[0]), 0);
	return err;
}

struct member
member_start(int flags, pid_t group, const char *role, ...)
{
	const char *argv[WORDS] = { kid_self(), role };
	struct member m;
	va_list ap;
	int n = 2;

	va_start(ap, role);
	while ((argv[n] = va_arg(ap, const char *)) != NULL)
		ck_assert_int_lt(++n, WORDS);
	va_end(ap);
	ck_assert_int_eq(member_try(&m, argv, flags, group), 0);
	return m;
}

const char *
member_heard(const struct member *m)
{
	static char line[128];
	size_t n = 0;

	while (n + 1 < sizeof(line) && read(m->out, line + n, 1) == 1 &&
	    line[n] != '\n')
		n++;
	line[n] = '\0';
	return line;
}

void
member_gone(struct member *m, int signo)
{
	int status = kid_end(m->pid);

	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), signo);
	ck_assert_int_eq(close(m->out), 0);
}

void
member_end(struct member *m)
{
	ck_assert_int_eq(kill(m->pid, SIGKILL), 0);
	member_gone(m, SIGKILL);
}
