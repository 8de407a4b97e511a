#include "nt/calls_nt.h"
#include "nt/errmap.h"

#include "process/child.h"

#define TICKS_PER_S 10000000

/* An event that is in the store may be set. */
int
child_event_take(uintptr_t *event)
{
	HANDLE h;
	int err;

	if ((err = nt_event_take(&h)) == 0) {
		(void)ResetEvent(h);
		*event = (uintptr_t)h;
	}
	return err;
}

void
child_event_set(uintptr_t event)
{
	(void)SetEvent((HANDLE)event);
}

void
child_event_give(uintptr_t event)
{
	nt_event_give((HANDLE)event);
}

static struct timeval
time_of(const FILETIME *t)
{
	uint64_t n = (uint64_t)t->dwHighDateTime << 32 | t->dwLowDateTime;

	return (struct timeval){ .tv_sec = (time_t)(n / TICKS_PER_S),
	    .tv_usec = (long)(n % TICKS_PER_S / 10) };
}

static void
usage_of(HANDLE process, struct rusage *usage)
{
	FILETIME start, end, kernel, user;
	VM_COUNTERS vm;

	*usage = (struct rusage){ .ru_maxrss = 0 };
	if (GetProcessTimes(process, &start, &end, &kernel, &user)) {
		usage->ru_utime = time_of(&user);
		usage->ru_stime = time_of(&kernel);
	}
	if (NtQueryInformationProcess(process, ProcessVmCounters, &vm,
	    sizeof(vm), NULL) == STATUS_SUCCESS) {
		usage->ru_maxrss = (long)(vm.PeakWorkingSetSize / 1024);
		usage->ru_minflt = (long)vm.PageFaultCount;
	}
}

int
process_usage(struct rusage *usage)
{
	usage_of(GetCurrentProcess(), usage);
	return 0;
}

/* The memory is the process's, as on Linux. */
void
thread_usage(struct rusage *usage)
{
	FILETIME start, end, kernel, user;

	usage_of(GetCurrentProcess(), usage);
	usage->ru_minflt = 0;
	if (!GetThreadTimes(GetCurrentThread(), &start, &end, &kernel, &user))
		return;
	usage->ru_utime = time_of(&user);
	usage->ru_stime = time_of(&kernel);
}

static void CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, void *arg, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	struct child *c = arg;
	struct rusage usage;
	DWORD code = 0;

	(void)instance;
	(void)wait;
	(void)result;
	(void)GetExitCodeProcess((HANDLE)c->process, &code);
	usage_of((HANDLE)c->process, &usage);
	child_ended(c, code, &usage);
}

/* NT's pool waits for any number of processes. */
int
child_watch_new(struct child *c)
{
	PTP_WAIT wait = nt.CreateThreadpoolWait(ended, c, NULL);

	if (wait == NULL)
		return nt_errno(GetLastError());
	c->wait = (uintptr_t)wait;
	return 0;
}

void
child_watch(struct child *c)
{
	SetThreadpoolWait((PTP_WAIT)c->wait, (HANDLE)c->process, NULL);
}

/* Its callback has run, or is the caller: NT frees the object after it. */
void
child_unwatch(struct child *c)
{
	CloseThreadpoolWait((PTP_WAIT)c->wait);
	if (c->process != 0)
		(void)CloseHandle((HANDLE)c->process);
}

int
child_handle(const struct child *c, uintptr_t *process)
{
	HANDLE h, self = GetCurrentProcess();

	if (!nt.DuplicateHandle(self, (HANDLE)c->process, self, &h, 0, FALSE,
	    DUPLICATE_SAME_ACCESS))
		return nt_errno(GetLastError());
	*process = (uintptr_t)h;
	return 0;
}
