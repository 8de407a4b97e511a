#include "nt/init.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>

#include "fd/crt.h"
#include "fd/result.h"
#include "nt/nt.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

/*
 * POSIX has no text mode; the CRT's would turn \n into \r\n, and end input at
 * ^Z.
 */
static BOOL CALLBACK
set_binary(INIT_ONCE *o, void *arg, void **ctx)
{
	int fd, saved = errno;

	(void)o;
	(void)arg;
	(void)ctx;
	for (fd = 0; fd <= 2; fd++)
		(void)_setmode(fd, _O_BINARY);
	_fmode = _O_BINARY;
	crt_init();
	errno_restore(saved);
	return TRUE;
}

void
nt_init(void)
{
	(void)InitOnceExecuteOnce(&once, set_binary, NULL, NULL);
}

static void __attribute__((constructor))
init(void)
{
	nt_init();
}
