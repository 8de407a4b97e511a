#include <compat.h>

int64_t
compat_signal_grace(int *event)
{
	(void)event;
	return -1;
}

int
compat_signal_interrupts(int on)
{
	(void)on;
	return 1;
}
