#include "compat/nt/chance.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compat/nt/fault.h"

/* Each draw is a hash of its number: the same ones in each run. */
static atomic_uint draws, hits, odds;

void
fault_random(unsigned int one_in)
{
	atomic_store(&odds, one_in);
}

int
chance_is_on(void)
{
	return atomic_load(&odds) != 0;
}

int
chance_is_for(const char *call)
{
	static const char *const names[] = { "CreateIoCompletionPort",
	    "NtCreateFile", "NtDeviceIoControlFile", "NtRemoveIoCompletionEx",
	    "NtSetIoCompletion", "WSARecv", "WSASend" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], call) == 0)
			return 1;
	return 0;
}

int
chance_strikes(void)
{
	uint32_t n, of = atomic_load(&odds);

	if (of == 0)
		return 0;
	n = (atomic_fetch_add(&draws, 1) + 1) * 0x9e3779b9u;
	n = (n ^ n >> 15) * 0x85ebca6bu;
	if ((n ^ n >> 13) % of != 0)
		return 0;
	atomic_fetch_add(&hits, 1);
	return 1;
}

unsigned int
chance_hits(void)
{
	return atomic_load(&hits);
}
