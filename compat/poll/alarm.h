/*
 * The end of a wait, more exact than NT's own timeouts, which come with its
 * clock interrupts: up to 15.6 ms late.  A timer of high resolution posts a
 * packet to the port, if NT has wait completion packets; Wine has none, and
 * times a wait to the millisecond itself.
 */
#ifndef POLL_ALARM_H
#define POLL_ALARM_H

#include <stdint.h>

struct alarm;
struct epoll;

#define KEY_ALARM 3		/* of its packets; the context is the alarm */

int alarm_supported(void);

/*
 * About to wait on the instance's port until the deadline: NULL when there is
 * nothing to do.  Else the wait ends in time by a packet, or an APC.  A deadline
 * that is far off comes back as an earlier one: wait for that first, without.
 */
struct alarm *alarm_begin(struct epoll *, int64_t *deadline);

/* The wait has ended.  NULL: nothing. */
void alarm_end(struct epoll *, struct alarm *);

/* A packet was taken, perhaps by another thread than the one it is for. */
void alarm_rang(struct epoll *, void *context);

void alarms_free(struct epoll *);

#endif
