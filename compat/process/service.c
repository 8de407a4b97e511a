#include <compat.h>

#include <errno.h>
#include <stddef.h>

#include "fd/result.h"
#include "process/service.h"

int
compat_service_main(const char *name, int (*main_fn)(int, char **), int argc,
    char **argv)
{
	int err, is_service, status;

	if (name == NULL || main_fn == NULL)
		return result(EFAULT, 0);
	if ((err = service_begin(name, &is_service)) != 0)
		return result(err, 0);
	status = main_fn(argc, argv);
	if (is_service)
		service_end(status);
	return status;
}

int
compat_children_die(int on)
{
	return result(job_children_die(on), 0);
}
