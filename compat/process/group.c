#include <unistd.h>

#include <errno.h>

#include "fd/lock.h"
#include "fd/result.h"
#include "process/child.h"
#include "process/group.h"
#include "process/handoff.h"
#include "process/identity.h"
#include "signal/channel.h"
#include "signal/wait.h"

static struct {
	struct lock lock;		/* for who changes it */
	_Atomic uint64_t word;		/* the session above the group */
	int64_t parent;			/* a libcompat's process, or 0 */
} own;

static void
own_set(struct membership m)
{
	own.word = (uint64_t)m.session << 32 | m.group;
}

struct membership
group_own(void)
{
	uint64_t word = own.word;

	return (struct membership){ .group = (uint32_t)word,
	    .session = (uint32_t)(word >> 32) };
}

/*
 * A native program that starts us is to us what a shell is that has job
 * control: it leads the session, and gives each program a group of its own.
 */
void
group_init(void)
{
	const struct handoff *h = startup_handoff();
	uint32_t self = (uint32_t)process_id();
	struct membership m = { .group = self };
	uint32_t parent;

	if (h == NULL) {
		parent = (uint32_t)process_parent_id();
		/* Wine's, of what Linux started. */
		m.session = parent != 0 ? parent : PROCESS_NOBODY;
	} else {
		own.parent = h->pid;
		m.group = h->group != 0 ? h->group : self;
		m.session = h->session != 0 ? h->session : self;
	}
	own_set(m);
}

/* Lock held. */
static void
move_to(struct membership m)
{
	own_set(m);
	if (own.parent != 0)
		channel_tell(own.parent, &m);
}

static int
move_self(uint32_t group)
{
	struct membership m = group_own();
	uint32_t self = (uint32_t)process_id();
	int err;

	if (m.session == self)
		return EPERM;
	if (group == m.group)
		return 0;
	if (group != self && (err = group_check(group, m.session)) != 0)
		return err;
	m.group = group;
	move_to(m);
	return 0;
}

/* Whatever posix_spawn has started has exec'd. */
static int
move_child(int64_t pid)
{
	struct membership m;

	if (child_membership(pid, &m) != 0)
		return ESRCH;
	return m.session == group_own().session ? EACCES : EPERM;
}

static int
group_set(int64_t pid, int64_t group)
{
	int64_t self = process_id();
	int err;

	if (group < 0 || (group == 0 && pid < 0))
		return EINVAL;
	if (pid != 0 && pid != self)
		return move_child(pid);
	lock_write(&own.lock);
	err = move_self((uint32_t)(group != 0 ? group : self));
	unlock_write(&own.lock);
	return err;
}

int
setpgid(pid_t pid, pid_t group)
{
	int err = group_set(pid, group);

	sig_poll();
	return result(err, 0);
}

int
setpgrp(void)
{
	return setpgid(0, 0);
}

/* A group of that number is in the old session, whoever its members are. */
static int
session_new(void)
{
	uint32_t self = (uint32_t)process_id();
	struct membership m = group_own();
	int err;

	if (m.group == self || m.session == self)
		return EPERM;
	if ((err = group_check(self, m.session)) == 0)
		return EPERM;
	if (err != EPERM)
		return err;
	move_to((struct membership){ .group = self, .session = self });
	return 0;
}

pid_t
setsid(void)
{
	int err;

	lock_write(&own.lock);
	err = session_new();
	unlock_write(&own.lock);
	sig_poll();
	return result(err, process_id());
}

pid_t
getpgrp(void)
{
	return (pid_t)group_own().group;
}

pid_t
getpgid(pid_t pid)
{
	struct membership m = { 0 };
	int err = group_find(pid, &m);

	return result(err, (pid_t)m.group);
}

pid_t
getsid(pid_t pid)
{
	struct membership m = { 0 };
	int err = group_find(pid, &m);

	return result(err, (pid_t)m.session);
}
