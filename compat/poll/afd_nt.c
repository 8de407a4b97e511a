#include "poll/afd.h"

#include "nt/calls_nt.h"
#include "nt/errmap.h"

#include <string.h>

#include <sys/epoll.h>

/*
 * Not in any public header; the numbers are those that NT's own select() uses.
 * Measured on Wine 8 and 10, where they work as on NT.
 */
#define IOCTL_AFD_POLL 0x00012024

struct afd_poll_info {
	LARGE_INTEGER timeout;
	ULONG count;
	ULONG exclusive;
	struct {
		HANDLE handle;
		ULONG events;
		NTSTATUS status;
	} one;
};

struct afd_kernel {
	IO_STATUS_BLOCK iosb;
	struct afd_poll_info info;
};

_Static_assert(sizeof(struct afd_kernel) <=
    sizeof(((struct afd_op *)0)->kernel), "afd_op has no room");

NTSTATUS NTAPI NtCancelIoFileEx(HANDLE, PIO_STATUS_BLOCK, PIO_STATUS_BLOCK);

static struct afd_kernel *
kernel_of(const struct afd_op *op)
{
	return (struct afd_kernel *)(uintptr_t)op->kernel;
}

/*
 * Reset and refusal are always asked for, as EPOLLERR and EPOLLHUP are; the
 * last close too, or a request would stay pending on a socket that is gone.
 */
uint32_t
afd_from_epoll(uint32_t events)
{
	uint32_t afd = AFD_RESET | AFD_REFUSED | AFD_CLOSED;

	if (events & (EPOLLIN | EPOLLRDNORM))
		afd |= AFD_IN | AFD_ACCEPT | AFD_FIN;
	if (events & EPOLLRDHUP)
		afd |= AFD_FIN;
	if (events & (EPOLLPRI | EPOLLRDBAND))
		afd |= AFD_PRI;
	if (events & (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND))
		afd |= AFD_OUT;
	return afd;
}

/* As tcp_poll() of Linux: after a reset nothing blocks, so all of it holds. */
uint32_t
afd_to_epoll(uint32_t afd)
{
	uint32_t events = 0;

	if (afd & (AFD_IN | AFD_ACCEPT))
		events |= EPOLLIN | EPOLLRDNORM;
	if (afd & AFD_PRI)
		events |= EPOLLPRI | EPOLLRDBAND;
	if (afd & AFD_OUT)
		events |= EPOLLOUT | EPOLLWRNORM;
	if (afd & AFD_FIN)
		events |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (afd & (AFD_RESET | AFD_REFUSED))
		events |= EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM |
		    EPOLLRDHUP | EPOLLERR | EPOLLHUP;
	return events;
}

int
afd_open(uintptr_t port, uintptr_t *via, int *skips)
{
	/* Anything below \Device\Afd opens; the tail is for debuggers. */
	static WCHAR path[] = L"\\Device\\Afd\\compat";
	UNICODE_STRING name;
	OBJECT_ATTRIBUTES attr;
	IO_STATUS_BLOCK iosb;
	NTSTATUS status;
	HANDLE h;
	int err;

	RtlInitUnicodeString(&name, path);
	InitializeObjectAttributes(&attr, &name, 0, NULL, NULL);
	status = nt.NtCreateFile(&h, SYNCHRONIZE, &attr, &iosb, NULL, 0,
	    FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, NULL, 0);
	/* epoll_ctl()'s ENOENT would mean something else. */
	if (status == STATUS_OBJECT_NAME_NOT_FOUND ||
	    status == STATUS_OBJECT_PATH_NOT_FOUND)
		return ENOSYS;
	if (status != STATUS_SUCCESS)
		return nt_status_errno(status);
	if (nt.CreateIoCompletionPort(h, (HANDLE)port, 0, 0) == NULL) {
		err = nt_errno(GetLastError());
		goto close_handle;
	}
	*skips = SetFileCompletionNotificationModes(h,
	    FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0;
	*via = (uintptr_t)h;
	return 0;

close_handle:
	(void)CloseHandle(h);
	return err;
}

void
afd_close(uintptr_t via)
{
	(void)CloseHandle((HANDLE)via);
}

int
afd_start(struct afd_op *op, uintptr_t via, uintptr_t sock, uint32_t asked,
    uintptr_t event, void *context)
{
	struct afd_kernel *k = kernel_of(op);
	NTSTATUS status;

	op->via = via != 0 ? via : sock;
	op->asked = asked;
	memset(k, 0, sizeof(*k));
	k->iosb.Status = STATUS_PENDING;
	k->info.timeout.QuadPart = INT64_MAX;	/* 0 would mean "at once" */
	k->info.count = 1;
	k->info.exclusive = FALSE;	/* TRUE would end other pollers' polls */
	k->info.one.handle = (HANDLE)sock;
	k->info.one.events = asked;

	status = nt.NtDeviceIoControlFile((HANDLE)op->via, (HANDLE)event, NULL,
	    context, &k->iosb, IOCTL_AFD_POLL, &k->info, sizeof(k->info),
	    &k->info, sizeof(k->info));
	if (status == STATUS_SUCCESS)
		return 0;
	if (status == STATUS_PENDING)
		return EINPROGRESS;
	k->iosb.Status = status;
	return nt_status_errno(status);
}

uint32_t
afd_result(const struct afd_op *op)
{
	const struct afd_kernel *k = kernel_of(op);

	/* Cancelled, helper handle closed, timed out: nothing was learnt. */
	if (k->iosb.Status != STATUS_SUCCESS || k->info.count == 0)
		return 0;
	return k->info.one.events;
}

int
afd_error(const struct afd_op *op)
{
	NTSTATUS status = kernel_of(op)->iosb.Status;

	switch (status) {
	case STATUS_PENDING:
	case STATUS_TIMEOUT:
	case STATUS_CANCELLED:
	case STATUS_HANDLES_CLOSED:
		return 0;
	default:
		return status >= 0 ? 0 : nt_status_errno(status);
	}
}

int
afd_is_done(const struct afd_op *op)
{
	const volatile struct afd_kernel *k = kernel_of(op);

	return k->iosb.Status != STATUS_PENDING;
}

void
afd_cancel(struct afd_op *op)
{
	IO_STATUS_BLOCK iosb;

	/* STATUS_NOT_FOUND: it completed first, which is as good. */
	(void)NtCancelIoFileEx((HANDLE)op->via, &kernel_of(op)->iosb, &iosb);
}
