#include <sys/prctl.h>

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>

#include "fd/result.h"
#include "process/parent.h"
#include "process/thread_name.h"
#include "signal/wait.h"

static int
get_signal(int *signo)
{
	if (signo == NULL)
		return EFAULT;
	*signo = parent_signal();
	return 0;
}

/* LIM-PROC-50. */
int
prctl(int option, ...)
{
	va_list args;
	int err;

	va_start(args, option);
	switch (option) {
	case PR_SET_PDEATHSIG:
		err = parent_set_signal(va_arg(args, int));
		break;
	case PR_GET_PDEATHSIG:
		err = get_signal(va_arg(args, int *));
		break;
	case PR_SET_NAME:
		err = thread_name_set(va_arg(args, const char *));
		break;
	case PR_GET_NAME:
		err = thread_name_get(va_arg(args, char *));
		break;
	default:
		err = EINVAL;
		break;
	}
	va_end(args);
	sig_poll();
	return result(err, 0);
}
