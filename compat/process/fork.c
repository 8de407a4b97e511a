#include <unistd.h>

#include <errno.h>

#include "fd/result.h"

/* LIM-PROC-11. */
pid_t
fork(void)
{
	return result(ENOSYS, 0);
}
