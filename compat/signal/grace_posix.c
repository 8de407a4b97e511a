#include <compat.h>

int64_t
compat_signal_grace(int *event)
{
	(void)event;
	return -1;
}
