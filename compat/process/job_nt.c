#include "fd/lock.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/service.h"

static struct lock job_lock;
static HANDLE job;

static int
set_limit(HANDLE h, int on)
{
	JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = { 0 };

	if (on)
		limit.BasicLimitInformation.LimitFlags =
		    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
	return nt.SetInformationJobObject(h,
	    JobObjectExtendedLimitInformation, &limit, sizeof(limit)) ? 0 :
	    nt_errno(GetLastError());
}

/* Lock held.  We are in the job, so that our children are from the start. */
static int
join(HANDLE *out)
{
	HANDLE h;
	int err = 0;

	if ((h = nt.CreateJobObjectW(NULL, NULL)) == NULL)
		return nt_errno(GetLastError());
	if (!nt.AssignProcessToJobObject(h, GetCurrentProcess())) {
		err = nt_errno(GetLastError());
		(void)CloseHandle(h);
		return err;
	}
	*out = h;
	return 0;
}

/* Nobody else has the handle: NT closes it when this process ends. */
int
job_children_die(int on)
{
	int err = 0;

	lock_write(&job_lock);
	if (job == NULL && on)
		err = join(&job);
	if (err == 0 && job != NULL)
		err = set_limit(job, on);
	unlock_write(&job_lock);
	return err;
}
