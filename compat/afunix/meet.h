/*
 * How the two ends of a connection over NT's own AF_UNIX find their lane.
 *
 * The client makes it under a random id, and gives its socket a name that has
 * the id before it connects: a node in the directory for temporary files, for
 * that moment only.  The server is told the name when it accepts.  Neither
 * program sees it.
 */
#ifndef AFUNIX_MEET_H
#define AFUNIX_MEET_H

#include <stdint.h>

#include "afunix/lane.h"

#define MEET_PREFIX "/tmp/compat-lane-"

struct meet {
	struct lane *lane;	/* NULL: there is none */
	char node[sizeof(MEET_PREFIX) + 2 * LANE_ID];
};

/* Before the socket connects, which has no name yet. */
void meet_offer(struct meet *, uintptr_t sock);

/*
 * It is connected to a socket of process pid: the lane, or NULL.  Or it is not,
 * and the socket of no more use.
 */
struct lane *meet_settle(struct meet *, uint32_t pid);
void meet_withdraw(struct meet *);

/*
 * A client of process pid was accepted.  When its name is such a one, which
 * becomes "" then, it has a lane, or NULL.
 */
int meet_accept(char *client, uint32_t pid, struct lane **);

#endif
