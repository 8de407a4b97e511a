#include "compat/poll/inside.h"

#include "nt/nt.h"

#include "compat/nt/fault.h"
#include "fd/names.h"
#include "poll/interest.h"

void
inside_begin(void)
{
}

unsigned int
inside_pending(int epfd)
{
	struct poll_counters n = { 0 };

	(void)poll_counters(epfd, &n);
	return n.pending;
}

unsigned long long
inside_calls(int epfd)
{
	struct poll_counters n = { 0 };

	(void)poll_counters(epfd, &n);
	return n.polls + n.cancels + n.waits + n.posts;
}

/* VM_COUNTERS: eleven numbers, of which the tenth is what is committed. */
unsigned long long
inside_memory(void)
{
	SIZE_T counters[11] = { 0 };

	(void)NtQueryInformationProcess(GetCurrentProcess(), 3, counters,
	    sizeof(counters), NULL);
	return counters[9];
}

int
inside_faults(int one_in)
{
	if (one_in < 0)
		return 1;
	if (one_in > 0)
		fault_reset();
	fault_random((unsigned int)one_in);
	return (int)fault_hits();
}
