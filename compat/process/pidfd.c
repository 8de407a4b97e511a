/*
 * pidfd: a description that means a process.  Its handle keeps NT from giving
 * the number to another process.
 *
 * The end of a child is told by child.c, so that it can be waited for when the
 * descriptor is readable; for that of another process NT's pool waits.
 */
#include <sys/pidfd.h>

#include <sys/epoll.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/disk.h"
#include "nt/pool.h"
#include "poll/watch.h"
#include "process/child.h"
#include "process/pidfd.h"
#include "signal/state.h"

_Static_assert(PIDFD_NONBLOCK == O_NONBLOCK,
    "PIDFD_NONBLOCK is not O_NONBLOCK");

struct pidfd {
	struct file file;	/* its handle is the process */
	struct pidfd *next;
	int64_t pid;
	uintptr_t wait;		/* of the pool; 0 for a child */
	atomic_int ended;
};

/* All of them, so that the end of a child finds those that mean it. */
static struct pidfd *all;
static struct lock all_lock;

static void
set_ended(void *arg)
{
	struct pidfd *p = arg;

	atomic_store(&p->ended, 1);
	watch_notify(&p->file, EPOLLIN | EPOLLRDNORM);
}

void
pidfd_ended(int64_t pid)
{
	struct pidfd *p;

	lock_read(&all_lock);
	for (p = all; p != NULL; p = p->next)
		if (p->pid == pid)
			set_ended(p);
	unlock_read(&all_lock);
}

static uint32_t
pidfd_poll(struct file *f)
{
	return atomic_load(&((struct pidfd *)f)->ended) ?
	    EPOLLIN | EPOLLRDNORM : 0;
}

static void
pidfd_close(struct file *f)
{
	struct pidfd *p = (struct pidfd *)f, **link;

	lock_write(&all_lock);
	for (link = &all; *link != p; link = &(*link)->next)
		continue;
	*link = p->next;
	unlock_write(&all_lock);
	pool_wait_free(p->wait);
	if (f->handle != 0)
		handle_close(f->handle);
	free(p);
}

static const struct file_ops pidfd_ops = {
	.name = "pidfd",
	.poll = pidfd_poll,
	.close = pidfd_close,
};

static int
watch_other(struct pidfd *p)
{
	int err;

	if ((err = sig_process_exists(p->pid)) != 0 ||
	    (err = sig_process_open(p->pid, &p->file.handle)) != 0 ||
	    (err = pool_wait_new(set_ended, p, &p->wait)) != 0)
		return err;
	pool_wait_set(p->wait, p->file.handle);
	return 0;
}

/*
 * In the list first: a child that ends from here on tells, one that has ended
 * before is seen to have.
 */
static int
open_process(struct pidfd *p)
{
	int err, ended;

	lock_write(&all_lock);
	p->next = all;
	all = p;
	unlock_write(&all_lock);
	err = child_open(p->pid, &p->file.handle, &ended);
	if (err == ESRCH)
		return watch_other(p);
	if (err == 0 && ended)
		atomic_store(&p->ended, 1);
	return err;
}

int
pidfd_open(pid_t pid, unsigned int flags)
{
	struct pidfd *p;
	int err, fd = -1;

	if (pid <= 0 || (flags & ~(unsigned int)PIDFD_NONBLOCK) != 0)
		return result(EINVAL, 0);
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return result(ENOMEM, 0);
	file_init(&p->file, FILE_PIDFD, &pidfd_ops, O_RDWR | (int)flags, 0);
	p->pid = pid;
	if ((err = open_process(p)) == 0)
		err = fd_install(&p->file, 0, FD_CLOEXEC, &fd);
	if (err != 0)
		file_put(&p->file);
	return result(err, fd);
}

/* With a reference: 0 or EBADF, whatever else fd is. */
static int
pidfd_get(int fd, struct pidfd **pp)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind != FILE_PIDFD) {
		file_put(f);
		return EBADF;
	}
	*pp = (struct pidfd *)f;
	return 0;
}

int
pidfd_query(int fd, int64_t *pid, int *nonblock)
{
	struct pidfd *p;
	int err;

	if (fd < 0)
		return EINVAL;
	if ((err = pidfd_get(fd, &p)) != 0)
		return err;
	*pid = p->pid;
	*nonblock = (file_flags(&p->file) & O_NONBLOCK) != 0;
	file_put(&p->file);
	return 0;
}

static int
send_to(const struct pidfd *p, int signo, const siginfo_t *info)
{
	union sigval value = { .sival_ptr = NULL };
	int code = SI_USER;

	if (info != NULL) {
		code = info->si_code;
		value = info->si_value;
		if (info->si_signo != signo)
			return EINVAL;
		if ((code >= 0 || code == SI_TKILL) &&
		    p->pid != sig_process_self())
			return EPERM;
	}
	if (atomic_load(&p->ended) && !child_is_zombie(p->pid))
		return signo >= 0 && signo < NSIG ? ESRCH : EINVAL;
	return sig_send_to(p->pid, signo, code, value);
}

int
pidfd_send_signal(int fd, int signo, siginfo_t *info, unsigned int flags)
{
	struct pidfd *p;
	int err;

	if (flags != 0)
		return result(EINVAL, 0);
	if ((err = pidfd_get(fd, &p)) != 0)
		return result(err, 0);
	err = send_to(p, signo, info);
	file_put(&p->file);
	return result(err, 0);
}
