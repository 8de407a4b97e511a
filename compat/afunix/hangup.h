/* Learning that the peer of a connection was closed, or killed. */
#ifndef AFUNIX_HANGUP_H
#define AFUNIX_HANGUP_H

#include <stdint.h>

struct hangup;

/*
 * Have fn called once, on the service's thread or here, when the TCP
 * connection base is at its end, or something came that nobody may send.
 */
int hangup_watch(uintptr_t base, void (*fn)(void *), void *arg,
    struct hangup **);

/* fn does not run any more when this returns.  NULL: nothing. */
void hangup_end(struct hangup *);

#endif
