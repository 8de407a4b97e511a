#include "bench/poll.h"

#include <sys/resource.h>

const struct engine raw_engines[] = {
	{ 0 }
};

int
raw_calls(int epfd, struct calls *c)
{
	(void)epfd;
	(void)c;
	return -1;
}

void
raw_room(void)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &most) != 0)
		return;
	most.rlim_cur = most.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &most);
}
