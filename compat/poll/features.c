#include <compat.h>

#include "poll/alarm.h"

unsigned int
compat_features(void)
{
	return alarm_supported() ? COMPAT_FINE_TIMEOUTS : 0;
}
