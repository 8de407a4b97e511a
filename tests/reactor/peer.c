#include "reactor/peer.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <arpa/inet.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Check is not made for threads, and these functions are called in many: so
 * a failure here ends the program.
 */
static void
failed(int line, const char *wanted, const char *got)
{
	(void)fprintf(stderr, "peer.c:%d: wanted %s%s%s\n", line, wanted,
	    got != NULL ? ", got " : "", got != NULL ? got : "");
	abort();
}

#define need(ok) ((ok) ? (void)0 : failed(__LINE__, #ok, NULL))
#define need_status(got, want) need_status_at(__LINE__, (got), (want))

static void
need_status_at(int line, int got, int want)
{
	if (got != want)
		failed(line, reactor_status_name(want),
		    reactor_status_name(got));
}

const char *const peer_address[ADDRESSES] = { "tcp|127.0.0.1|0",
	"uds|peer.sock" };

void
side_open(struct side *s, const struct reactor_options *o)
{
	need(reactor_engine_open(o, &s->engine) == 0);
	need(reactor_group_open(s->engine, &s->group) == 0);
}

void
side_close(struct side *s)
{
	reactor_group_close(s->group);
	reactor_engine_close(s->engine);
}

struct reactor_message *
message(struct reactor_group *g, int opcode, uint16_t channel, uint64_t id)
{
	struct reactor_message *m;
	struct reactor_header *h;

	need(reactor_message_get(g, REACTOR_ALWAYS, &m) == 0);
	h = reactor_message_header(m);
	h->opcode = (uint8_t)opcode;
	h->channel = channel;
	h->id = id;
	return m;
}

struct reactor_header
post(struct reactor_group *g, struct reactor_message *m)
{
	struct reactor_header h;

	need_status(reactor_post(g, &m, &h), 0);
	need(m == NULL);
	return h;
}

void
post_fails(struct reactor_group *g, struct reactor_message *m, int status)
{
	need_status(reactor_post(g, &m, NULL), status);
	need(m != NULL);
	reactor_message_put(&m);
}

struct reactor_header
send_empty(struct reactor_group *g, int opcode, uint16_t channel)
{
	return post(g, message(g, opcode, channel, 0));
}

struct reactor_message *
receive(struct reactor_group *g, int opcode, int flags, int status)
{
	struct reactor_message *m;
	struct reactor_header *h;

	need_status(reactor_wait(g, PATIENCE, &m), 0);
	h = reactor_message_header(m);
	need_status(h->status, status);
	need(h->opcode == opcode);
	need(h->flags == flags);
	return m;
}

struct reactor_header
expect(struct reactor_group *g, int opcode, int flags, int status)
{
	struct reactor_message *m = receive(g, opcode, flags, status);
	struct reactor_header h = *reactor_message_header(m);

	reactor_message_put(&m);
	return h;
}

void
expect_closed(struct reactor_group *g, uint16_t channel, const char *reason)
{
	struct reactor_message *m = receive(g, REACTOR_SIGNAL, REACTOR_ENGINE,
	    REACTOR_CHANNEL_CLOSED);
	char text[200];

	need(reactor_message_header(m)->channel == channel);
	need(reactor_text_find(m, REACTOR_REASON, text,
	    sizeof(text)) > 0);
	if (strncmp(text, reason, strlen(reason)) != 0)
		failed(__LINE__, reason, text);
	reactor_message_put(&m);
}

void
expect_nothing(struct reactor_group *g)
{
	struct reactor_message *m;

	need(reactor_wait(g, 0, &m) == REACTOR_TIMEOUT);
}

uint16_t
listen_on(struct reactor_group *g, const char *address, char *bound,
    size_t size)
{
	struct reactor_message *m = message(g, REACTOR_WELCOME_REQUEST, 0, 0);
	struct reactor_header h;

	need(reactor_text_add(m, REACTOR_LISTEN_ON, address) == 0);
	h = post(g, m);
	m = receive(g, REACTOR_WELCOME_RESPONSE, REACTOR_ENGINE, 0);
	need(reactor_message_header(m)->channel == h.channel);
	need(reactor_message_header(m)->id == h.id);
	need(reactor_text_find(m, REACTOR_BOUND_TO, bound, size) > 0);
	reactor_message_put(&m);
	return h.channel;
}

struct reactor_header
hello(struct reactor_group *g, const char *address)
{
	struct reactor_message *m = message(g, REACTOR_HELLO_REQUEST, 0, 0);

	need(reactor_text_add(m, REACTOR_CONNECT_TO, address) == 0);
	return post(g, m);
}

void
connect_sides(struct side *server, struct side *client, const char *address,
    struct stream *st)
{
	struct reactor_message *m;

	st->listener = listen_on(server->group, address, st->bound,
	    sizeof(st->bound));
	st->client = hello(client->group, st->bound).channel;
	m = receive(server->group, REACTOR_HELLO_REQUEST, 0, 0);
	st->server = reactor_message_header(m)->channel;
	reactor_message_header(m)->opcode = REACTOR_HELLO_RESPONSE;
	(void)post(server->group, m);
	need(expect(client->group, REACTOR_HELLO_RESPONSE, 0,
	    0).channel == st->client);
}

void
bye(struct reactor_group *asks, uint16_t asker, struct reactor_group *answers,
    uint16_t answerer)
{
	struct reactor_message *m;

	(void)send_empty(asks, REACTOR_BYE_REQUEST, asker);
	m = receive(answers, REACTOR_BYE_REQUEST, 0, 0);
	need(reactor_message_header(m)->channel == answerer);
	reactor_message_header(m)->opcode = REACTOR_BYE_RESPONSE;
	(void)post(answers, m);
	need(expect(asks, REACTOR_BYE_RESPONSE, 0, 0).channel == asker);
	expect_closed(asks, asker, "success");
	expect_closed(answers, answerer, "success");
}

void
expect_all_back(struct side *s)
{
	struct reactor_stats stats;
	struct reactor_message *m;
	int patience = 20000;

	/* The I/O thread keeps some free ones until it goes to sleep. */
	for (;;) {
		reactor_engine_stats(s->engine, &stats);
		if (stats.pool_outstanding == 0)
			break;
		need(patience-- > 0);
		need(reactor_wait(s->group, REACTOR_MSEC(1), &m) == REACTOR_TIMEOUT);
	}
	need(stats.channels == 0);
}

int
raw_connect(const char *bound)
{
	struct sockaddr_in in;
	struct sockaddr_un un;
	char host[64];
	const int small = 65536;
	unsigned port;
	int fd, rc;

	if (strncmp(bound, "uds|", 4) == 0) {
		memset(&un, 0, sizeof(un));
		un.sun_family = AF_UNIX;
		(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s",
		    bound + 4);
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		need(fd != -1);
		rc = connect(fd, (struct sockaddr *)&un, sizeof(un));
	} else {
		need(sscanf(bound, "tcp|%63[^|]|%u", host, &port) == 2);
		memset(&in, 0, sizeof(in));
		in.sin_family = AF_INET;
		in.sin_port = htons((uint16_t)port);
		need(inet_pton(AF_INET, host, &in.sin_addr) == 1);
		fd = socket(AF_INET, SOCK_STREAM, 0);
		need(fd != -1);
		/* So that a peer that does not read soon is felt. */
		need(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small,
		    sizeof(small)) == 0);
		rc = connect(fd, (struct sockaddr *)&in, sizeof(in));
	}
	need(rc == 0);
	return fd;
}

void
raw_write(int fd, const void *p, size_t len)
{
	const char *s = p;
	ssize_t n;

	while (len > 0) {
		n = send(fd, s, len, MSG_NOSIGNAL);
		need(n > 0);
		s += n;
		len -= (size_t)n;
	}
}

void
raw_read(int fd, void *p, size_t len)
{
	char *s = p;
	ssize_t n;

	while (len > 0) {
		n = recv(fd, s, len, 0);
		need(n > 0);
		s += n;
		len -= (size_t)n;
	}
}

void
raw_expect_end(int fd)
{
	char c;

	need(recv(fd, &c, 1, 0) <= 0);
	need(close(fd) == 0);
}

size_t
raw_frame(unsigned char *p, int proto, uint64_t id, size_t text_len,
    size_t body_len)
{
	int i;

	memset(p, 0, 16);
	p[0] = 0x12;		/* the sender's channel: nobody's business */
	p[1] = 0x34;
	p[2] = (unsigned char)proto;
	for (i = 0; i < 8; i++)
		p[4 + i] = (unsigned char)(id >> (56 - 8 * i));
	p[12] = (unsigned char)(text_len >> 8);
	p[13] = (unsigned char)text_len;
	p[14] = (unsigned char)(body_len >> 8);
	p[15] = (unsigned char)body_len;
	return 16;
}

uint16_t
raw_hello(int fd, struct reactor_group *server)
{
	unsigned char frame[16];
	struct reactor_message *m;
	uint16_t channel;

	raw_write(fd, frame, raw_frame(frame, REACTOR_HELLO_REQUEST, 7, 0, 0));
	m = receive(server, REACTOR_HELLO_REQUEST, 0, 0);
	channel = reactor_message_header(m)->channel;
	reactor_message_header(m)->opcode = REACTOR_HELLO_RESPONSE;
	(void)post(server, m);
	raw_read(fd, frame, 2);
	/* ~peer and the like stay at home. */
	raw_read(fd, frame + 2, 14);
	need(frame[2] == REACTOR_HELLO_RESPONSE);
	need((frame[12] | frame[13] | frame[14] | frame[15]) == 0);
	return channel;
}
