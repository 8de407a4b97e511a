/* SCM_RIGHTS and SCM_CREDENTIALS: unix(7), cmsg(3). */
#ifndef AFUNIX_RIGHTS_H
#define AFUNIX_RIGHTS_H

#include <sys/socket.h>

#include "afunix/lane.h"

struct file;
struct socket;

/* Linux's SCM_MAX_FD. */
#define RIGHTS_MAX 253

/* What goes with a message, or came with one. */
struct scm {
	/* Sending. */
	struct file *files[RIGHTS_MAX];
	uint32_t n;

	/* Receiving. */
	int got;			/* mail is the caller's */
	int peek;
	struct lane_mail mail;
	uint32_t pid;			/* who wrote the bytes; 0: not known */
};

/*
 * What a sender gave.  EBADF, EINVAL, EPERM as on Linux; rights_free() even
 * then.
 */
int rights_take(const struct msghdr *, struct scm *);
void rights_free(struct scm *);

/*
 * Hand out what came: descriptors are made, as many as there is room for, and
 * the others closed.
 */
void rights_give(struct socket *, struct msghdr *, struct scm *, int flags);

/* A mail came with m: it is the caller's who asked for it, or closed. */
void rights_arrive(struct nt_msg *m, const struct lane_mail *);

/* Close what a mail brings. */
void rights_drop(const struct lane_mail *);

#endif
