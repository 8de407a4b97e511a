/*
 * The thread of the emulation that answers on the loopback listeners, so that
 * neither accept() nor a good peer ever waits for a bad one.
 *
 * A connection is handed to the application only after its hello was verified.
 * Silent peers are cut off after HANDSHAKE_S seconds, lying ones at once, and
 * neither gets a byte from us.
 */
#ifndef AFUNIX_SERVICE_H
#define AFUNIX_SERVICE_H

#include <stdint.h>

#include "afunix/lane.h"
#include "afunix/node.h"

#define HANDSHAKE_S 5

struct file;
struct mailbox;
struct unix_listener;

/* A verified connection. */
struct unix_conn {
	struct unix_conn *next;
	uintptr_t sock;
	uint32_t pid;
	struct lane *lane;	/* NULL: none */
	unsigned char id[LANE_ID];
	struct mailbox *box;	/* packets: see seqpacket.h */
	struct mailbox *to;
	char path[109];		/* the client's name, "" for none */
};

/*
 * Answer on the listening socket sock, which belongs to the listener from then
 * on, and queue at most backlog + 1 connections, as Linux does.  f is told
 * (watch_notify) when there is one.
 */
int unix_listener_start(uintptr_t sock, const struct unix_node *, int backlog,
    struct file *f, struct unix_listener **);
void unix_listener_backlog(struct unix_listener *, int backlog);

/* The next connection, in *conn; EAGAIN. */
int unix_listener_pop(struct unix_listener *, struct unix_conn *conn);
int unix_listener_ready(const struct unix_listener *);

/* Is set as long as a connection is queued; valid until stop. */
uintptr_t unix_listener_event(const struct unix_listener *);

/* Set the event for good: the socket was shut down. */
void unix_listener_wake(struct unix_listener *);

/* Close the socket and drop what is queued.  Frees the listener. */
void unix_listener_stop(struct unix_listener *);

#endif
