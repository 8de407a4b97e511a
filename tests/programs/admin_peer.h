/*
 * A server of programs/admin on a thread, and clients that speak its frames
 * by hand.  What fails ends the test.
 */
#ifndef TESTS_ADMIN_PEER_H
#define TESTS_ADMIN_PEER_H

#include <stddef.h>

#include "../../programs/admin/admin.h"

#define ADMIN_PATH "s"

/* The server; there is one. */
extern struct admin_server *admin_peer_server;

void admin_peer_start(const struct admin_options *);

/* Wait for the end of admin_run(), which must be well, and close it. */
void admin_peer_join(void);

/* The same after admin_stop(). */
void admin_peer_stop(void);

/* Connect; the descriptor. */
int admin_peer_connect(void);

void admin_peer_put(int fd, const void *data, size_t len);

/* Send text as a frame. */
void admin_peer_ask(int fd, const char *text);

/* Put it at p instead.  Return where the next one would go. */
unsigned char *admin_peer_frame(unsigned char *p, const char *text);

/* Read a frame.  Return its text, good until the next call; NULL: the end. */
const char *admin_peer_get(int fd);

/* The next frame must be this text; this Error; the end. */
void admin_peer_expect(int fd, const char *text);
void admin_peer_expect_error(int fd, const char *msg);
void admin_peer_expect_end(int fd);

#endif
