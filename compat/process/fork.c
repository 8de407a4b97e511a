#include <unistd.h>

#include <errno.h>

#include "fd/result.h"

/* LIM-PROC-11. */
pid_t
fork(void)
{
	return result(ENOSYS, 0);
}

/*
 * Its caller runs on as the child, in the same frame, and comes back a second
 * time as the parent: with what the "child" has done to the descriptors, the
 * signals and the directory.
 */
pid_t
vfork(void)
{
	return result(ENOSYS, 0);
}
