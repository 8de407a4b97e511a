#include "support/host.h"

int
host_is_wine(void)
{
	return 0;
}
