/* What the reactor's tests share: two sides, a handshake, a raw peer. */
#ifndef TEST_PEER_H
#define TEST_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "reactor.h"

/* Addresses to listen on, by loop index of a test: TCP and AF_UNIX. */
#define ADDRESSES 2
extern const char *const peer_address[ADDRESSES];

#define PATIENCE REACTOR_SEC(20)

struct side {
	struct reactor_engine *engine;
	struct reactor_group *group;
};

/* A stream between two sides, Hello done. */
struct stream {
	uint16_t listener;
	uint16_t server, client;	/* channel numbers */
	char bound[300];
};

void side_open(struct side *, const struct reactor_options *);
void side_close(struct side *);

/* An empty message with these in its header. */
struct reactor_message *message(struct reactor_group *, int opcode,
    uint16_t channel, uint64_t id);

/* Post, which must succeed; the header as posted. */
struct reactor_header post(struct reactor_group *, struct reactor_message *);

/* Post, which must fail with this status; the message is put back. */
void post_fails(struct reactor_group *, struct reactor_message *, int status);

/* Post a message of the kind with nothing in it. */
struct reactor_header send_empty(struct reactor_group *, int opcode,
    uint16_t channel);

/* The next message; it must have this opcode, flags and status. */
struct reactor_message *receive(struct reactor_group *, int opcode,
    int flags, int status);

/* The same, put back at once; the header. */
struct reactor_header expect(struct reactor_group *, int opcode, int flags,
    int status);

/* channel_closed for this channel; its reason must begin with `reason`. */
void expect_closed(struct reactor_group *, uint16_t channel,
    const char *reason);

/* Nothing is waiting. */
void expect_nothing(struct reactor_group *);

/* Open a listener; the address that was bound goes to bound. */
uint16_t listen_on(struct reactor_group *, const char *address, char *bound,
    size_t size);
struct reactor_header hello(struct reactor_group *, const char *address);
void connect_sides(struct side *server, struct side *client,
    const char *address, struct stream *);

/* Bye from one side, answered by the other. */
void bye(struct reactor_group *asks, uint16_t asker,
    struct reactor_group *answers, uint16_t answerer);

/* Every channel is closed and every message is in the pool again. */
void expect_all_back(struct side *);

/* A peer without an engine: a blocking socket. */
int raw_connect(const char *bound);
void raw_write(int fd, const void *, size_t);
void raw_read(int fd, void *, size_t);
/* The peer closes, by end of file or reset. */
void raw_expect_end(int fd);
size_t raw_frame(unsigned char *, int proto, uint64_t id, size_t text_len,
    size_t body_len);
/* HelloRequest out; the server side accepts it; its HelloResponse in. */
uint16_t raw_hello(int fd, struct reactor_group *server);

#endif
