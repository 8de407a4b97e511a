#include "compat/nt/between.h"

#include <stddef.h>

#include "fd/names.h"
#include "nt/calls_nt.h"

static __typeof__(&NtDeviceIoControlFile) real;
static _Thread_local struct {
	void (*what)(void *);
	void *arg;
} next;

static NTSTATUS NTAPI
request(HANDLE h, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
    IO_STATUS_BLOCK *iosb, ULONG code, PVOID in, ULONG inlen, PVOID out,
    ULONG outlen)
{
	void (*what)(void *) = next.what;

	next.what = NULL;
	if (what != NULL)
		what(next.arg);
	return real(h, event, apc, context, iosb, code, in, inlen, out,
	    outlen);
}

void
between(void (*what)(void *), void *arg)
{
	if (real == NULL) {
		real = nt.NtDeviceIoControlFile;
		nt.NtDeviceIoControlFile = request;
	}
	next.what = what;
	next.arg = arg;
}
