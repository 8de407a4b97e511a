#include <unistd.h>

#include <errno.h>

#include "fd/fdtable.h"
#include "fd/result.h"
#include "process/child.h"
#include "process/identity.h"

pid_t
getpid(void)
{
	return process_id();
}

pid_t
getppid(void)
{
	return process_parent_now();
}

int
getpagesize(void)
{
	return (int)process_page_size();
}

long
sysconf(int name)
{
	switch (name) {
	case _SC_OPEN_MAX:
		return getdtablesize();
	case _SC_NGROUPS_MAX:
		return 65536;
	case _SC_GETGR_R_SIZE_MAX:
	case _SC_GETPW_R_SIZE_MAX:
		return 8192;
	case _SC_HOST_NAME_MAX:
		return 255;
	case _SC_CLK_TCK:
		return PROCESS_TICKS;
	case _SC_PAGESIZE:
		return process_page_size();
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return process_processors();
	default:
		return result(EINVAL, 0);
	}
}
