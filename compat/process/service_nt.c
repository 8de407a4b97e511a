/*
 * A service of NT.  The dispatcher has a thread of its own, so that main_fn
 * runs on the main thread, to which POSIX's signals go first.
 */
#include "process/service.h"

#include <signal.h>
#include <stdlib.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"
#include "process/cmdline_nt.h"
#include "signal/wait.h"

#define CHECKPOINT_MS 1000
#define PATIENCE_MS 5000		/* of the manager, for a checkpoint */

#define CONTROLS (SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | \
    SERVICE_ACCEPT_PRESHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE)

static struct {
	wchar_t *name;
	HANDLE thread;			/* the dispatcher's */
	HANDLE begun, ended;		/* events */
	DWORD error;			/* the dispatcher's */
	CRITICAL_SECTION lock;		/* of what follows */
	SERVICE_STATUS_HANDLE handle;
	SERVICE_STATUS status;
} service;

/* Lock held. */
static void
tell(DWORD state)
{
	SERVICE_STATUS *s = &service.status;

	s->dwServiceType = SERVICE_WIN32_OWN_PROCESS;
	s->dwCheckPoint = state == SERVICE_STOP_PENDING ?
	    s->dwCheckPoint + 1 : 0;
	s->dwWaitHint = state == SERVICE_STOP_PENDING ? PATIENCE_MS : 0;
	s->dwControlsAccepted = state == SERVICE_RUNNING ? CONTROLS : 0;
	s->dwCurrentState = state;
	(void)SetServiceStatus(service.handle, s);
}

static void
stop(void)
{
	EnterCriticalSection(&service.lock);
	if (service.status.dwCurrentState == SERVICE_RUNNING)
		tell(SERVICE_STOP_PENDING);
	LeaveCriticalSection(&service.lock);
	(void)sig_post(SIGTERM);
}

static DWORD WINAPI
on_control(DWORD control, DWORD type, void *data, void *arg)
{
	(void)type;
	(void)data;
	(void)arg;
	switch (control) {
	case SERVICE_CONTROL_STOP:
	case SERVICE_CONTROL_SHUTDOWN:
	case SERVICE_CONTROL_PRESHUTDOWN:
		stop();
		return NO_ERROR;
	case SERVICE_CONTROL_PARAMCHANGE:
		(void)sig_post(SIGHUP);
		return NO_ERROR;
	case SERVICE_CONTROL_INTERROGATE:
		return NO_ERROR;
	default:
		return ERROR_CALL_NOT_IMPLEMENTED;
	}
}

/* While it is about to stop, the manager hears that it still is. */
static void WINAPI
run(DWORD argc, wchar_t **argv)
{
	(void)argc;
	(void)argv;
	service.handle = RegisterServiceCtrlHandlerExW(service.name,
	    on_control, NULL);
	EnterCriticalSection(&service.lock);
	tell(SERVICE_RUNNING);
	LeaveCriticalSection(&service.lock);
	(void)SetEvent(service.begun);
	while (WaitForSingleObject(service.ended, CHECKPOINT_MS) ==
	    WAIT_TIMEOUT) {
		EnterCriticalSection(&service.lock);
		if (service.status.dwCurrentState == SERVICE_STOP_PENDING)
			tell(SERVICE_STOP_PENDING);
		LeaveCriticalSection(&service.lock);
	}
	EnterCriticalSection(&service.lock);
	tell(SERVICE_STOPPED);
	LeaveCriticalSection(&service.lock);
}

static DWORD WINAPI
dispatch(void *arg)
{
	SERVICE_TABLE_ENTRYW table[] = {
		{ service.name, run }, { NULL, NULL },
	};

	(void)arg;
	if (!nt.StartServiceCtrlDispatcherW(table))
		service.error = GetLastError();
	return 0;
}

/* It was started by somebody else, or it is the service by now. */
static int
wait_for_manager(int *is_service)
{
	HANDLE h[2] = { service.begun, service.thread };

	*is_service = WaitForMultipleObjects(2, h, FALSE, INFINITE) ==
	    WAIT_OBJECT_0;
	if (*is_service ||
	    service.error == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT)
		return 0;
	return nt_errno(service.error);
}

static void
forget(void)
{
	if (service.thread != NULL)
		(void)CloseHandle(service.thread);
	if (service.begun != NULL)
		(void)CloseHandle(service.begun);
	if (service.ended != NULL)
		(void)CloseHandle(service.ended);
	DeleteCriticalSection(&service.lock);
	free(service.name);
	service.thread = service.begun = service.ended = NULL;
}

int
service_begin(const char *name, int *is_service)
{
	int err;

	if ((err = wide_make(name, &service.name)) != 0)
		return err;
	InitializeCriticalSection(&service.lock);
	err = EAGAIN;
	if ((service.begun = nt.CreateEventW(NULL, TRUE, FALSE, NULL)) != NULL &&
	    (service.ended = nt.CreateEventW(NULL, TRUE, FALSE, NULL)) != NULL &&
	    (service.thread = nt.CreateThread(NULL, 0, dispatch, NULL, 0,
	    NULL)) != NULL)
		err = wait_for_manager(is_service);
	if (err != 0 || !*is_service)
		forget();
	return err;
}

/* The status is told, and heard, before the process ends. */
void
service_end(int status)
{
	EnterCriticalSection(&service.lock);
	if (status != 0) {
		service.status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
		service.status.dwServiceSpecificExitCode = (DWORD)status;
	}
	LeaveCriticalSection(&service.lock);
	(void)SetEvent(service.ended);
	(void)WaitForSingleObject(service.thread, PATIENCE_MS);
}
