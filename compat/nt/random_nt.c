#include "nt/random.h"

#include <stdlib.h>

#include "nt/nt.h"

/* RtlGenRandom: cryptographically strong. */
BOOLEAN NTAPI SystemFunction036(void *, ULONG);

void
nt_random(void *buf, size_t len)
{
	/* It is not known to fail; but what is guessed easily is no secret. */
	if (!SystemFunction036(buf, (ULONG)len))
		abort();
}
