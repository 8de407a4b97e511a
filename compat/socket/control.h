/* Control data of datagrams, between Linux's form and NT's. */
#ifndef SOCKET_CONTROL_H
#define SOCKET_CONTROL_H

#include <sys/socket.h>

struct nt_control;
struct socket;

/*
 * What a sender gave, for s.  Messages of levels that s knows nothing of are
 * passed over, as on Linux.  EINVAL for what is no message, for one of the
 * wrong size and for one that s's own level has not; EOPNOTSUPP for
 * descriptors and credentials (LIM-SOCK-2).
 */
int control_take(const struct socket *s, const struct msghdr *,
    struct nt_control *);

/*
 * Hand out what NT told: fills msg_control and sets msg_controllen to what is
 * used of it; MSG_CTRUNC in msg_flags when it is too small.
 */
void control_give(struct msghdr *, const struct nt_control *);

/* Is m whole within the control data? */
int control_fits(const struct msghdr *, const struct cmsghdr *m);

/*
 * As much of a message as there is room for behind the first *used bytes;
 * MSG_CTRUNC in msg_flags when it is cut.
 */
void control_put(struct msghdr *, size_t *used, int level, int type,
    const void *data, size_t size);

#endif
