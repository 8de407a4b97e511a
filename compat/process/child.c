#include "process/child.h"

#include <sys/wait.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "process/exit.h"
#include "process/pidfd.h"
#include "signal/state.h"
#include "signal/wait.h"

/* Who waits: looks again when its event is set. */
struct waiter {
	struct waiter *next;
	uintptr_t event;
};

static struct {
	struct lock lock;
	struct child *first;
	struct waiter *waiters;
	struct rusage usage;		/* of those waited for */
} children;

int
child_new(struct child **cp)
{
	int err;

	if ((*cp = calloc(1, sizeof(**cp))) == NULL)
		return ENOMEM;
	if ((err = child_watch_new(*cp)) != 0)
		free(*cp);
	return err;
}

void
child_discard(struct child *c)
{
	child_unwatch(c);
	free(c);
}

/*
 * The lock is held over both, so that the child is in the list when its end is
 * told.
 */
void
child_enter(struct child *c, const struct launched *l, struct membership of)
{
	c->process = l->process;
	c->pid = l->pid;
	c->of.group = of.group != 0 ? of.group : (uint32_t)l->pid;
	c->of.session = of.session != 0 ? of.session : (uint32_t)l->pid;
	c->is_compat = l->is_compat;
	lock_write(&children.lock);
	c->next = children.first;
	children.first = c;
	child_watch(c);
	unlock_write(&children.lock);
}

/* Lock held. */
static void
unlink_child(struct child *c)
{
	struct child **link;

	for (link = &children.first; *link != c; link = &(*link)->next)
		;
	*link = c->next;
}

static void
add_time(struct timeval *sum, const struct timeval *t)
{
	sum->tv_sec += t->tv_sec;
	sum->tv_usec += t->tv_usec;
	if (sum->tv_usec >= 1000000) {
		sum->tv_sec++;
		sum->tv_usec -= 1000000;
	}
}

/* Lock held. */
static struct child *
find(int64_t pid)
{
	struct child *c;

	for (c = children.first; c != NULL && c->pid != pid; c = c->next)
		continue;
	return c;
}

/* Lock held: c was waited for, and what it used is counted. */
static void
reap(struct child *c)
{
	struct rusage *sum = &children.usage;

	unlink_child(c);
	add_time(&sum->ru_utime, &c->usage.ru_utime);
	add_time(&sum->ru_stime, &c->usage.ru_stime);
	if (c->usage.ru_maxrss > sum->ru_maxrss)
		sum->ru_maxrss = c->usage.ru_maxrss;
	sum->ru_minflt += c->usage.ru_minflt;
}

/*
 * exit's argument counts modulo 256, in programs of libcompat.  A plain one
 * may leave 0x80070000 behind, which is no success: LIM-PROC-4.
 */
static void
set_status(struct child *c, uint32_t code)
{
	int signo = exit_signal(code);

	if (signo != 0) {
		c->value = signo;
		c->status = signo;
		return;
	}
	c->value = (int)code;
	if (!c->is_compat && code != 0 && (code & 0xff) == 0)
		code = 0xff;
	c->status = (int)(code & 0xff) << 8;
}

/* In the units of sysconf(_SC_CLK_TCK). */
static clock_t
ticks(const struct timeval *t)
{
	return (clock_t)(t->tv_sec * PROCESS_TICKS +
	    t->tv_usec / (1000000 / PROCESS_TICKS));
}

void
child_describe(const struct child_end *end, siginfo_t *info)
{
	*info = (siginfo_t){ .si_signo = SIGCHLD, .si_pid = (pid_t)end->pid,
	    .si_status = end->value,
	    .si_code = WIFEXITED(end->status) ? CLD_EXITED : CLD_KILLED,
	    .si_utime = ticks(&end->usage.ru_utime),
	    .si_stime = ticks(&end->usage.ru_stime) };
}

static struct child_end
end_of(const struct child *c)
{
	return (struct child_end){ .pid = c->pid, .status = c->status,
	    .value = c->value, .usage = c->usage };
}

static void
tell_parent(const struct child *c)
{
	struct child_end end = end_of(c);
	siginfo_t info;

	child_describe(&end, &info);
	(void)sig_send(0, &info);
}

/*
 * POSIX, _Exit: no zombies for who ignores SIGCHLD or says SA_NOCLDWAIT.  Who
 * ignores it is not even sent it, though he blocks it.
 */
static int
nobody_waits(int *ignored)
{
	const struct sigaction *act = &sig_process.action[SIGCHLD];
	int yes;

	lock_read(&sig_process.lock);
	*ignored = act->sa_handler == SIG_IGN;
	yes = *ignored || (act->sa_flags & SA_NOCLDWAIT) != 0;
	unlock_read(&sig_process.lock);
	return yes;
}

/*
 * SIGCHLD is sent before anybody can have seen the end, so that who has waited
 * for the child finds it pending; and under the lock, so that its handler
 * finds the child.
 */
void
child_ended(struct child *c, uint32_t code, const struct rusage *usage)
{
	struct waiter *w;
	int ignored, gone = nobody_waits(&ignored);

	lock_write(&children.lock);
	set_status(c, code);
	c->usage = *usage;
	c->ended = 1;
	pidfd_ended(c->pid);
	if (!ignored)
		tell_parent(c);
	if (gone)
		unlink_child(c);
	for (w = children.waiters; w != NULL; w = w->next)
		child_event_set(w->event);
	unlock_write(&children.lock);
	if (gone) {
		child_unwatch(c);
		free(c);
	}
}

static int
matches(const struct child *c, const struct child_query *q)
{
	if (q->pid > 0)
		return c->pid == q->pid;
	return q->any || c->of.group == q->group;
}

/* Lock held: 0 with *cp, EAGAIN (none has ended) or ECHILD. */
static int
look(const struct child_query *q, struct child **cp)
{
	struct child *c;
	int err = ECHILD;

	for (c = children.first; c != NULL; c = c->next) {
		if (!matches(c, q))
			continue;
		if (c->ended && q->alive)
			continue;
		if (c->ended) {
			*cp = c;
			return 0;
		}
		err = EAGAIN;
	}
	return err;
}

/* Lock held; *gone is for the caller to free without it. */
static void
take(const struct child_query *q, struct child *c, struct child_end *end,
    struct child **gone)
{
	*end = end_of(c);
	if (q->keep)
		return;
	reap(c);
	*gone = c;
}

static void
waiter_remove(struct waiter *w)
{
	struct waiter **link;

	lock_write(&children.lock);
	for (link = &children.waiters; *link != w; link = &(*link)->next)
		;
	*link = w->next;
	unlock_write(&children.lock);
}

/* EAGAIN: something has ended, look again. */
static int
wait_once(const struct child_query *q, struct waiter *w,
    struct child_end *end, struct child **gone)
{
	struct child *c;
	int err;

	lock_write(&children.lock);
	if ((err = look(q, &c)) == 0)
		take(q, c, end, gone);
	if (err != EAGAIN || q->nohang) {
		unlock_write(&children.lock);
		return err == EAGAIN ? 0 : err;
	}
	w->next = children.waiters;
	children.waiters = w;
	unlock_write(&children.lock);
	err = sig_wait(w->event, -1);
	waiter_remove(w);
	if (err == EINTR)
		err = sig_interrupt();
	return err == 0 ? EAGAIN : err;
}

int
child_wait(const struct child_query *q, struct child_end *end)
{
	struct child *gone = NULL;
	struct waiter w;
	int err;

	*end = (struct child_end){ 0 };
	sig_poll();
	do {
		if ((err = child_event_take(&w.event)) != 0)
			return err;
		err = wait_once(q, &w, end, &gone);
		child_event_give(w.event);
	} while (err == EAGAIN);
	if (gone != NULL) {
		child_unwatch(gone);
		free(gone);
	}
	return err;
}

int
child_open(int64_t pid, uintptr_t *process, int *ended)
{
	struct child *c;
	int err = ESRCH;

	lock_read(&children.lock);
	if ((c = find(pid)) != NULL) {
		*ended = c->ended;
		err = child_handle(c, process);
	}
	unlock_read(&children.lock);
	return err;
}

int
child_membership(int64_t pid, struct membership *of)
{
	struct child *c;

	lock_read(&children.lock);
	if ((c = find(pid)) != NULL)
		*of = c->of;
	unlock_read(&children.lock);
	return c != NULL ? 0 : ESRCH;
}

void
child_moved(int64_t pid, struct membership of)
{
	struct child *c;

	lock_write(&children.lock);
	if ((c = find(pid)) != NULL)
		c->of = of;
	unlock_write(&children.lock);
}

int
child_list(int64_t **pids, size_t *n)
{
	struct child *c;
	size_t count = 0;

	lock_read(&children.lock);
	for (c = children.first; c != NULL; c = c->next)
		count++;
	if ((*pids = calloc(count + 1, sizeof(**pids))) != NULL)
		for (c = children.first, *n = 0; c != NULL; c = c->next)
			(*pids)[(*n)++] = c->pid;
	unlock_read(&children.lock);
	return *pids != NULL ? 0 : ENOMEM;
}

int
child_is_zombie(int64_t pid)
{
	struct child_query q = { .pid = pid };
	struct child *c;
	int yes;

	lock_read(&children.lock);
	yes = look(&q, &c) == 0;
	unlock_read(&children.lock);
	return yes;
}

void
child_usage(struct rusage *usage)
{
	lock_read(&children.lock);
	*usage = children.usage;
	unlock_read(&children.lock);
}
