#include "process/parent.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "fd/lock.h"
#include "fileio/disk.h"
#include "nt/pool.h"
#include "process/identity.h"
#include "signal/state.h"

/* The watch stays when it has begun: a process has one parent. */
static struct {
	struct lock lock;
	atomic_int signo;
	uintptr_t process, wait;
} parent;

/* From the parent itself, as on Linux. */
static void
parent_ended(void *arg)
{
	siginfo_t info;

	(void)arg;
	memset(&info, 0, sizeof(info));
	info.si_signo = atomic_load(&parent.signo);
	info.si_code = SI_USER;
	info.si_pid = process_parent_id();
	if (info.si_signo != 0)
		(void)sig_send(0, &info);
}

/* Lock held. */
static int
watch(void)
{
	uintptr_t process;
	int err;

	if (parent.wait != 0)
		return 0;
	if ((err = process_parent_open(&process)) != 0)
		return err;
	err = pool_wait_new(parent_ended, NULL, &parent.wait);
	if (err != 0) {
		handle_close(process);
		return err;
	}
	parent.process = process;
	pool_wait_set(parent.wait, process);
	return 0;
}

static int
set(int signo)
{
	int err, old;

	lock_write(&parent.lock);
	old = atomic_exchange(&parent.signo, signo);
	err = signo != 0 ? watch() : 0;
	if (err != 0 && err != ESRCH)
		atomic_store(&parent.signo, old);
	unlock_write(&parent.lock);
	return err;
}

int
parent_set_signal(int signo)
{
	int err;

	if (signo < 0 || signo >= NSIG)
		return EINVAL;
	if (signo == SIGSTOP)
		return ENOSYS;		/* LIM-SIG-4 */
	err = set(signo);
	return err == ESRCH ? 0 : err;
}

int
parent_signal(void)
{
	return atomic_load(&parent.signo);
}

void
parent_inherit_signal(int signo, int had_parent)
{
	if (signo != 0 && set(signo) == ESRCH && had_parent)
		parent_ended(NULL);
}
