#include <unistd.h>

void
swab(const void *__restrict__ from, void *__restrict__ to, ssize_t len)
{
	const unsigned char *f = from;
	unsigned char *t = to, first;

	for (; len >= 2; len -= 2, f += 2, t += 2) {
		first = f[0];
		t[0] = f[1];
		t[1] = first;
	}
}
