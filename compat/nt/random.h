/* Random bytes. */
#ifndef NT_RANDOM_H
#define NT_RANDOM_H

#include <stddef.h>

void nt_random(void *buf, size_t len);

#endif
