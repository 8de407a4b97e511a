#include "support/links.h"

void
links_start(void)
{
}

int
links_junction(const char *target, const char *path)
{
	(void)target;
	(void)path;
	return -1;
}
