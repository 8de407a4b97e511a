#include <signal.h>

#include <errno.h>
#include <string.h>

#include "fd/result.h"
#include "process/child.h"
#include "process/group.h"
#include "signal/channel.h"
#include "signal/state.h"
#include "signal/wait.h"

/* 0 is a signal here: it only asks. */
static int
is_signal(int signo)
{
	return signo >= 0 && signo < NSIG;
}

static siginfo_t
describe(int signo, int code, union sigval value)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signo;
	info.si_code = code;
	info.si_pid = (pid_t)sig_process_self();
	info.si_value = value;
	return info;
}

int
sig_send_self(uint32_t id, int signo, int code, union sigval value)
{
	siginfo_t info;
	int err;

	if (!is_signal(signo))
		return EINVAL;
	if (signo == 0)
		return 0;
	if (signo == SIGSTOP)
		return ENOSYS;		/* LIM-SIG-4 */
	info = describe(signo, code, value);
	if ((err = sig_send(id, &info)) == 0)
		sig_poll();
	return err;
}

static int
send_other(int64_t pid, int signo, int code, union sigval value)
{
	siginfo_t info;
	int err;

	if (child_is_zombie(pid))
		return 0;		/* no other process has the number */
	if (signo == SIGKILL)
		return sig_process_kill(pid);
	if (signo == 0)
		return sig_process_exists(pid);
	if (signo == SIGSTOP) {
		err = sig_process_exists(pid);
		return err == 0 ? ENOSYS : err;	/* LIM-SIG-4 */
	}
	if (pid > UINT32_MAX)
		return ESRCH;
	info = describe(signo, code, value);
	return channel_send(pid, &info);
}

struct crowd {
	uint32_t group;			/* 0: all */
	int signo, code;
	union sigval value;
	int sent;
	int err;			/* of one that it could not be sent */
};

static int
send_member(int64_t pid, const struct membership *m, void *arg)
{
	struct crowd *c = arg;
	int err;

	if (c->group != 0 && c->group != m->group)
		return 0;
	err = send_other(pid, c->signo, c->code, c->value);
	if (err == 0)
		c->sent = 1;
	else if (err != ESRCH)
		c->err = err;
	return 0;
}

/* The caller is the last one: it may be the end of him. */
static int
send_crowd(struct crowd *c)
{
	int err;

	if ((err = group_each(send_member, c)) != 0)
		return err;
	if (c->group == group_own().group)
		return sig_send_self(0, c->signo, c->code, c->value);
	return c->sent ? 0 : c->err;
}

int
sig_send_to(int64_t pid, int signo, int code, union sigval value)
{
	struct crowd c = { .signo = signo, .code = code, .value = value,
	    .err = ESRCH };
	int err;

	if (!is_signal(signo))
		return EINVAL;
	if (pid == sig_process_self())
		return sig_send_self(0, signo, code, value);
	if (pid > 0) {
		err = send_other(pid, signo, code, value);
	} else {
		if (pid != -1)
			c.group = pid != 0 ? (uint32_t)-pid :
			    group_own().group;
		err = send_crowd(&c);
	}
	sig_poll();
	return err;
}

static const union sigval no_value;

int
kill(pid_t pid, int signo)
{
	return result(sig_send_to(pid, signo, SI_USER, no_value), 0);
}

int
killpg(pid_t group, int signo)
{
	if (group < 0)
		return result(EINVAL, 0);
	if (group == 1)
		return result(ESRCH, 0);
	return kill(-group, signo);
}

int
sigqueue(pid_t pid, int signo, union sigval value)
{
	if (pid <= 0)
		return result(ESRCH, 0);
	return result(sig_send_to(pid, signo, SI_QUEUE, value), 0);
}

void
sig_raise(int signo)
{
	(void)sig_send_self(sig_self()->id, signo, SI_KERNEL, no_value);
}

int
raise(int signo)
{
	uint32_t id = sig_self()->id;

	return result(sig_send_self(id, signo, SI_TKILL, no_value), 0);
}
