#include "support/host.h"

#include <stdio.h>

void
host_skip(const char *test, const char *reason)
{
	(void)printf("skipped: %s: %s\n", test, reason);
}
