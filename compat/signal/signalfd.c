#include <sys/signalfd.h>

#include <sys/epoll.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "fileio/iov.h"
#include "poll/watch.h"
#include "process/handoff.h"
#include "signal/state.h"
#include "signal/wait.h"

struct signal_file {
	struct file file;
	struct signal_file *next;
	_Atomic uint64_t mask;
};

/* All of them, so that a signal finds those that it makes readable. */
static struct signal_file *all;
static struct lock all_lock;

void
signalfd_notify(uint64_t bits)
{
	struct signal_file *s;

	lock_read(&all_lock);
	for (s = all; s != NULL; s = s->next)
		if ((s->mask & bits) != 0)
			watch_notify(&s->file, EPOLLIN);
	unlock_read(&all_lock);
}

static void
convert(const siginfo_t *info, struct signalfd_siginfo *out)
{
	memset(out, 0, sizeof(*out));
	out->ssi_signo = (uint32_t)info->si_signo;
	out->ssi_errno = info->si_errno;
	out->ssi_code = info->si_code;
	out->ssi_pid = (uint32_t)info->si_pid;
	out->ssi_uid = info->si_uid;
	out->ssi_fd = info->si_fd;
	out->ssi_tid = (uint32_t)info->si_timerid;
	out->ssi_band = (uint32_t)info->si_band;
	out->ssi_overrun = (uint32_t)info->si_overrun;
	out->ssi_status = info->si_status;
	out->ssi_utime = (uint64_t)info->si_utime;
	out->ssi_stime = (uint64_t)info->si_stime;
	out->ssi_int = info->si_value.sival_int;
	out->ssi_ptr = (uint64_t)(uintptr_t)info->si_value.sival_ptr;
	out->ssi_addr = (uint64_t)(uintptr_t)info->si_addr;
}

/* The first signal is worth waiting for, further ones are not. */
static int
take_first(struct signal_file *s, siginfo_t *info)
{
	int err;

	if ((file_flags(&s->file) & O_NONBLOCK) != 0)
		return sig_take(s->mask, SIG_NOW, info);
	do {
		err = sig_take(s->mask, -1, info);
	} while (err == EINTR && (err = sig_interrupt()) == 0);
	return err;
}

static int
signal_readv(struct file *f, const struct iovec *iov, int count, ssize_t *done)
{
	struct signal_file *s = (struct signal_file *)f;
	struct signalfd_siginfo out;
	siginfo_t info;
	size_t room = iov_total(iov, count), offset = 0;
	int err;

	if (room < sizeof(out))
		return EINVAL;
	if ((err = take_first(s, &info)) != 0)
		return err;
	do {
		convert(&info, &out);
		iov_scatter(iov, offset, &out, sizeof(out));
		offset += sizeof(out);
	} while (room - offset >= sizeof(out) &&
	    sig_take(s->mask, SIG_NOW, &info) == 0);
	*done = (ssize_t)offset;
	return 0;
}

static uint32_t
signal_poll(struct file *f)
{
	struct signal_file *s = (struct signal_file *)f;
	struct sig_thread *t = sig_self();
	uint64_t bits = sig_process.pending.bits | t->pending.bits;

	return (bits & s->mask) != 0 ? EPOLLIN : 0;
}

static void
signal_close(struct file *f)
{
	struct signal_file **link;

	lock_write(&all_lock);
	for (link = &all; &(*link)->file != f; link = &(*link)->next)
		continue;
	*link = (*link)->next;
	unlock_write(&all_lock);
	free(f);
}

/* Whoever reads it reads his own signals (signalfd(2)): the mask is all. */
static int
signal_hand(struct file *f, struct hand_record *r)
{
	uint64_t mask = ((struct signal_file *)f)->mask;

	r->type = HAND_SIGNALS;
	memcpy(r->data, &mask, sizeof(mask));
	return 0;
}

static const struct file_ops signal_ops = {
	.name = "signalfd",
	.readv = signal_readv,
	.poll = signal_poll,
	.hand = signal_hand,
	.close = signal_close,
};

static int
signal_file_new(uint64_t mask, int flags, struct file **fp)
{
	struct signal_file *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return ENOMEM;
	file_init(&s->file, FILE_SIGNALFD, &signal_ops, flags, 0);
	s->mask = mask;
	lock_write(&all_lock);
	s->next = all;
	all = s;
	unlock_write(&all_lock);
	*fp = &s->file;
	return 0;
}

int
signalfd_take(struct hand_record *r, struct file **fp)
{
	uint64_t mask;

	memcpy(&mask, r->data, sizeof(mask));
	return signal_file_new(mask & ~SIG_NEVER_BLOCKED, r->flags, fp);
}

static int
signal_new(uint64_t mask, int flags, int *fd)
{
	struct file *f;
	int err;

	if ((err = signal_file_new(mask, O_RDWR | (flags & SFD_NONBLOCK),
	    &f)) != 0)
		return err;
	err = fd_install(f, 0, (flags & SFD_CLOEXEC) != 0 ?
	    FD_CLOEXEC : 0, fd);
	if (err != 0)
		file_put(f);
	return err;
}

static int
signal_change(int fd, uint64_t mask)
{
	struct file *f;
	int err;

	if ((err = fd_get(fd, &f)) != 0)
		return err;
	if (f->kind == FILE_SIGNALFD) {
		((struct signal_file *)f)->mask = mask;
		if (signal_poll(f) != 0)
			watch_notify(f, EPOLLIN);
	} else {
		err = EINVAL;
	}
	file_put(f);
	return err;
}

int
signalfd(int fd, const sigset_t *mask, int flags)
{
	uint64_t set;
	int err;

	if (mask == NULL)
		return result(EFAULT, 0);
	set = *mask & ~SIG_NEVER_BLOCKED;
	if ((flags & ~(SFD_NONBLOCK | SFD_CLOEXEC)) != 0)
		err = EINVAL;
	else if (fd == -1)
		err = signal_new(set, flags, &fd);
	else
		err = signal_change(fd, set);
	return result(err, fd);
}
