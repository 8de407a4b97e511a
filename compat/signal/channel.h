/*
 * The channel: how the signals of one process reach another.
 *
 * A process that has libcompat's signals serves a named pipe from before
 * main() on.  Its name has the process id and the time of the process's start
 * in it, so that an id which NT has given away again names another pipe.  The
 * sender writes one message and reads one answer, which it gets when the
 * signal is queued.  What the answer does not come for, it finds out from the
 * process object.
 */
#ifndef SIGNAL_CHANNEL_H
#define SIGNAL_CHANNEL_H

#include <signal.h>
#include <stdint.h>

#include "process/group.h"

#define CHANNEL_VERSION	0x32474953U	/* "SIG2" */

/* In place of SI_USER and SI_QUEUE: no signal. */
#define CHANNEL_ASK	1000		/* which group and session? */
#define CHANNEL_MOVED	1001		/* a child's are now these: value */

struct channel_message {
	uint32_t version;
	int32_t signo;
	int32_t code;			/* SI_USER, SI_QUEUE or CHANNEL_x */
	uint32_t uid;
	int64_t pid;			/* of the sender */
	uint64_t value;
};

/* What became of it. */
#define CHANNEL_QUEUED	0
#define CHANNEL_FULL	1		/* EAGAIN: try later */

struct channel_answer {
	uint32_t version;
	int32_t result;
	struct membership of;		/* the target's */
};

/* channel_nt.c: serve the own process's.  On the main thread, before main. */
void channel_init(void);

/* Let its thread look who is to be interrupted: preempt.h. */
void channel_wake(void);

/*
 * channel_send_nt.c: send to another process, and wait until the signal is
 * queued, at most some seconds.  0, or ESRCH, EPERM (also: it has no channel),
 * EAGAIN (its queue is full, or it does not answer).
 */
int channel_send(int64_t pid, const siginfo_t *);

/* What the process is a member of; the errors are the same. */
int channel_ask(int64_t pid, struct membership *);

/* Tell the parent, if it lives, what the caller is a member of. */
void channel_tell(int64_t parent, const struct membership *);

#endif
