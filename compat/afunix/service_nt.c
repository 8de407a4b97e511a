#include "afunix/service_nt.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

static struct {
	INIT_ONCE once;
	int error;
	HANDLE port;
	uintptr_t via;
	int skips;	/* a poll that is ready at once sends no packet */
} service = { .once = INIT_ONCE_STATIC_INIT };

/*
 * Two kinds of packets: a poll's, with key 0 and its item, and a call's, with
 * the function as key.
 */
static DWORD WINAPI
serve(LPVOID arg)
{
	OVERLAPPED *what;
	ULONG_PTR key;
	DWORD n, code;
	int ms;

	(void)arg;
	for (;;) {
		ms = peers_expire();
		what = NULL;
		if (!GetQueuedCompletionStatus(service.port, &n, &key, &what,
		    ms < 0 ? INFINITE : (DWORD)ms) && what == NULL) {
			code = GetLastError();
			if (code != WAIT_TIMEOUT)
				return code;
		} else if (key != 0) {
			((void (*)(void *))key)(what);
		} else {
			((struct item *)what)->ready((struct item *)what);
		}
	}
}

static int
start(void)
{
	HANDLE thread;
	int err;

	service.port = nt.CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL,
	    0, 1);
	if (service.port == NULL)
		return nt_errno(GetLastError());
	err = afd_open((uintptr_t)service.port, &service.via, &service.skips);
	if (err != 0)
		goto close_port;
	thread = CreateThread(NULL, 0, serve, NULL, 0, NULL);
	if (thread == NULL) {
		err = nt_errno(GetLastError());
		goto close_afd;
	}
	(void)CloseHandle(thread);
	return 0;

close_afd:
	afd_close(service.via);
close_port:
	(void)CloseHandle(service.port);
	return err;
}

static BOOL CALLBACK
start_once(PINIT_ONCE once, PVOID arg, PVOID *context)
{
	(void)once, (void)arg, (void)context;
	/* After a failure the next listen() tries again. */
	return (service.error = start()) == 0;
}

int
service_start(void)
{
	if (InitOnceExecuteOnce(&service.once, start_once, NULL, NULL))
		return 0;
	return service.error;
}

int
service_post(void (*call)(void *), void *arg)
{
	return PostQueuedCompletionStatus(service.port, 0, (ULONG_PTR)call,
	    arg) ? 0 : nt_errno(GetLastError());
}

int
service_arm(struct item *item, uintptr_t base, uint32_t events)
{
	int err;

	err = afd_start(&item->op, service.via, base, afd_from_epoll(events),
	    0, item);
	return err == 0 && !service.skips ? EINPROGRESS : err;
}

void
service_pause(void)
{
	Sleep(10);
}
