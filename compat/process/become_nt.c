#include "process/become.h"

#include <sys/time.h>

#include "fd/fdtable.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/identity.h"
#include "process/parent.h"
#include "signal/retire.h"
#include "signal/state.h"

/*
 * How long the descriptors have to be closed, while a thread that was stopped
 * in the middle of a call may have what that takes.
 */
#define CLOSE_MS 2000

/*
 * Whoever kills this process means the heir, which ends when the job's only
 * handle goes.  The heir's own children are not in it.
 */
static int
tie(HANDLE process, HANDLE *jobp)
{
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = {
		.BasicLimitInformation.LimitFlags =
		    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
		    JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK,
	};
	HANDLE job;
	int err;

	if ((job = nt.CreateJobObjectW(NULL, NULL)) == NULL)
		return nt_errno(GetLastError());
	if (nt.SetInformationJobObject(job,
	    JobObjectExtendedLimitInformation, &limit, sizeof(limit)) &&
	    nt.AssignProcessToJobObject(job, process)) {
		*jobp = job;
		return 0;
	}
	err = nt_errno(GetLastError());
	(void)CloseHandle(job);
	return err;
}

/* Who waits for a pipe's end waits for the heir's, and not for ours. */
static DWORD WINAPI
close_all(void *arg)
{
	int fd;

	(void)arg;
	for (fd = 0; (fd = fd_next(fd)) >= 0; fd++)
		(void)fd_close(fd);
	return 0;
}

static void __attribute__((noreturn))
keep_the_door(const struct launched *l, HANDLE closer)
{
	static const struct itimerval stopped;
	struct heir heir = { .process = l->process, .pid = l->pid,
	    .is_compat = l->is_compat, .mask = sig_self()->mask };
	DWORD code = 0;

	if (l->is_compat) {
		(void)setitimer(ITIMER_REAL, &stopped, NULL);
		(void)parent_set_signal(0);
	}
	(void)setitimer(ITIMER_VIRTUAL, &stopped, NULL);
	(void)setitimer(ITIMER_PROF, &stopped, NULL);
	sig_retire();
	(void)ResumeThread(closer);
	(void)WaitForSingleObject(closer, CLOSE_MS);
	(void)ResumeThread((HANDLE)l->thread);
	sig_forward(&heir);
	(void)WaitForSingleObject((HANDLE)l->process, INFINITE);
	(void)GetExitCodeProcess((HANDLE)l->process, &code);
	process_leave(code);
}

/* A thread of which the signals know nothing cannot hand them on. */
static int
is_known(void)
{
	(void)sig_self();
	return sig_self_known() != NULL;
}

int
become(const struct launched *l)
{
	HANDLE job = NULL, closer;
	int err = EAGAIN;

	if (!is_known())
		goto end_heir;
	if ((err = tie((HANDLE)l->process, &job)) != 0)
		goto end_heir;
	closer = nt.CreateThread(NULL, 0, close_all, NULL, CREATE_SUSPENDED,
	    NULL);
	if (closer != NULL)
		keep_the_door(l, closer);
	err = EAGAIN;
	(void)CloseHandle(job);
end_heir:
	(void)TerminateProcess((HANDLE)l->process, 0);
	(void)CloseHandle((HANDLE)l->thread);
	(void)CloseHandle((HANDLE)l->process);
	return err;
}
