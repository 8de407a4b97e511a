/* What each thread has one of, made when it is first asked for. */
#ifndef NT_PERTHREAD_H
#define NT_PERTHREAD_H

#include <stdatomic.h>
#include <stddef.h>

#include "fd/lock.h"

struct perthread {
	size_t size;
	void (*ended)(void *);		/* before it is freed; optional */
	struct lock lock;
	atomic_uint slot;		/* of NT's, plus 1 */
};

/* This thread's block, zeroed at first; NULL when there is no memory. */
void *perthread_get(struct perthread *);

#endif
