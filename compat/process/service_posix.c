#include <compat.h>

#include <errno.h>
#include <stddef.h>

#include "fd/result.h"

int
compat_service_main(const char *name, int (*main_fn)(int, char **), int argc,
    char **argv)
{
	if (name == NULL || main_fn == NULL)
		return result(EFAULT, 0);
	return main_fn(argc, argv);
}

int
compat_children_die(int on)
{
	(void)on;
	return result(ENOTSUP, 0);
}
