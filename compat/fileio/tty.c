/* What a console is called, and whose it is: a process has one. */
#include <unistd.h>

#include <errno.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/console.h"
#include "process/group.h"
#include "signal/state.h"

static const char name[] = "/dev/tty";

static int
check(int fd)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	err = f->kind == FILE_CHAR && is_console(f->handle) ? 0 : ENOTTY;
	file_put(f);
	return err;
}

int
isatty(int fd)
{
	return result(check(fd), 1) > 0;
}

int
ttyname_r(int fd, char *buf, size_t size)
{
	int err = check(fd);

	if (err == 0 && size < sizeof(name))
		err = ERANGE;
	if (err == 0)
		(void)strcpy(buf, name);
	return err;
}

char *
ttyname(int fd)
{
	static char buf[sizeof(name)];

	return result_ptr(ttyname_r(fd, buf, sizeof(buf)), buf);
}

/* CTRL+C comes to all processes of a console: LIM-PROC-7. */
pid_t
tcgetpgrp(int fd)
{
	return result(check(fd), getpgrp());
}

/* Linux asks whether the number is in use, a process's or a group's. */
static int
refuse(pid_t group)
{
	int err = sig_process_exists(group);

	if (err == ESRCH && (err = group_check((uint32_t)group, 0)) == EPERM)
		return ESRCH;
	return err != 0 ? err : EPERM;
}

int
tcsetpgrp(int fd, pid_t group)
{
	int err = check(fd);

	if (err == 0 && group < 0)
		err = EINVAL;
	if (err == 0 && group != getpgrp())
		err = refuse(group);
	return result(err, 0);
}
