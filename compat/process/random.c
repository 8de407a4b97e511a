/* random(3): xorshift64*, whose low bits are the weak ones. */
#include <stdlib.h>

#include <stdint.h>

#include "fd/lock.h"

static struct lock random_lock;
#define FIRST UINT64_C(0x9e3779b97f4a7c15)

static uint64_t state = FIRST;		/* seed 1 */

long
random(void)
{
	uint64_t x;

	lock_write(&random_lock);
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	x = state * UINT64_C(0x2545f4914f6cdd1d);
	unlock_write(&random_lock);
	return (long)(x >> 33);
}

/* The state must not be 0, nor near that of the next seed. */
void
srandom(unsigned int seed)
{
	lock_write(&random_lock);
	state = FIRST * ((uint64_t)(seed ^ 1) << 1 | 1);
	unlock_write(&random_lock);
}
