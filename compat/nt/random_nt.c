#include "nt/random.h"

#include "nt/nt.h"

/* RtlGenRandom: cryptographically strong, and it does not fail. */
BOOLEAN NTAPI SystemFunction036(void *, ULONG);

void
nt_random(void *buf, size_t len)
{
	(void)SystemFunction036(buf, (ULONG)len);
}
