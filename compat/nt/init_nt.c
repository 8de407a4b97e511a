#include "nt/init.h"

#include <fcntl.h>
#include <io.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fd/result.h"
#include "nt/errmap.h"
#include "nt/nt.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static int winsock_error;

/*
 * Binary mode for the streams that exist and for those that fopen() will make:
 * POSIX has no text mode, and the CRT's would turn \n into \r\n and end input
 * at ^Z.
 */
static BOOL CALLBACK
start(INIT_ONCE *o, void *arg, void **ctx)
{
	WSADATA data;
	int fd, saved = errno;

	(void)o;
	(void)arg;
	(void)ctx;
	for (fd = 0; fd <= 2; fd++)
		(void)_setmode(fd, _O_BINARY);
	_fmode = _O_BINARY;
	winsock_error = nt_errno((uint32_t)WSAStartup(MAKEWORD(2, 2), &data));
	errno_restore(saved);
	return TRUE;
}

void
nt_init(void)
{
	(void)InitOnceExecuteOnce(&once, start, NULL, NULL);
}

int
nt_winsock_error(void)
{
	nt_init();
	return winsock_error;
}

/*
 * In a DLL constructors run under the loader's lock, where Winsock must not be
 * started: there the first descriptor does it.
 */
#ifndef DLL_EXPORT
static void __attribute__((constructor))
init(void)
{
	nt_init();
}
#endif
