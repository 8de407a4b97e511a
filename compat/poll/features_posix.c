#include <compat.h>

/* Linux has all of it. */
unsigned int
compat_features(void)
{
	return COMPAT_FINE_TIMEOUTS;
}
