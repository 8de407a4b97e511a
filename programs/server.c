#include "server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "name.h"
#include "request.h"
#include "say.h"
#include "store.h"
#include "text.h"

/* Listeners at most, and unfinished files of one peer. */
#define LISTENERS_MAX	64
#define FILES_MAX	256

/* A file under way.  Where in is NULL it has failed: the answer has been
 * given, what still comes of it is thrown away. */
struct file {
	struct file *next;
	uint64_t id;
	struct incoming *in;
};

struct peer {
	struct file *files;
	unsigned nfiles;
	int refused;		/* being closed for what it did */
	char address[128];
};

struct listener {
	uint16_t channel;
	const char *address;
};

struct server {
	struct reactor_group *group;
	struct store *store;
	struct peer *peers[UINT16_MAX + 1];	/* by channel */
	struct listener listeners[LISTENERS_MAX];
	struct server_counts counts;
	int draining;
};

int
server_open(struct reactor_group *group, struct store *store,
    struct server **serverp)
{
	struct server *srv;

	if ((srv = calloc(1, sizeof(*srv))) == NULL)
		return ENOMEM;
	srv->group = group;
	srv->store = store;
	*serverp = srv;
	return 0;
}

/* Take the file out of its peer's list, and drop what is there of it. */
static void
forget_file(struct server *srv, struct peer *peer, struct file **link)
{
	struct file *file = *link;

	*link = file->next;
	peer->nfiles--;
	if (file->in != NULL) {
		store_drop(file->in);
		srv->counts.files--;
	}
	free(file);
}

static void
forget_peer(struct server *srv, uint16_t channel)
{
	struct peer *peer = srv->peers[channel];

	while (peer->files != NULL)
		forget_file(srv, peer, &peer->files);
	free(peer);
	srv->peers[channel] = NULL;
	srv->counts.peers--;
}

void
server_close(struct server *srv)
{
	unsigned i;

	if (srv == NULL)
		return;
	for (i = 0; i <= UINT16_MAX; i++)
		if (srv->peers[i] != NULL)
			forget_peer(srv, (uint16_t)i);
	free(srv);
}

/*
 * Post *msgp, which is ours, as opcode on channel.  Return a status.  When it
 * cannot be posted the channel is mostly gone, which its own message tells.
 */
static int
send_as(struct server *srv, struct reactor_message **msgp,
    enum reactor_opcode opcode, uint16_t channel, uint64_t id)
{
	struct reactor_header *h = reactor_message_header(*msgp);
	int status;

	h->opcode = (uint8_t)opcode;
	h->channel = channel;
	h->id = id;
	h->flags = 0;
	status = reactor_post(srv->group, msgp, NULL);
	reactor_message_put(msgp);
	return status;
}

/* When this cannot be posted there is nothing left to close. */
static void
say_bye(struct server *srv, enum reactor_opcode opcode, uint16_t channel)
{
	(void)bare_post(srv->group, opcode, channel, NULL, NULL, NULL);
}

/*
 * Listeners.
 */

/* Wait for the answer to a Welcome. */
static int
welcome(struct server *srv, uint64_t id, struct reactor_message **msgp)
{
	struct reactor_header *h;
	int status;

	for (;;) {
		status = reactor_wait(srv->group, REACTOR_FOREVER, msgp);
		if (status == REACTOR_RECEIVER_UPDATE ||
		    status == REACTOR_POOL_EMPTY)
			continue;
		if (status != 0)
			return status;
		h = reactor_message_header(*msgp);
		if (h->opcode == REACTOR_WELCOME_RESPONSE && h->id == id)
			return 0;
		/* An earlier listener is already at work. */
		server_handle(srv, msgp);
	}
}

int
server_listen(struct server *srv, const char *address)
{
	struct reactor_message *msg = NULL;
	struct reactor_header h, *answer;
	char buf[SAY_MAX];
	int status;

	if (srv->counts.listeners == LISTENERS_MAX) {
		say("%s: more than %d listeners", address, LISTENERS_MAX);
		return 1;
	}
	status = bare_post(srv->group, REACTOR_WELCOME_REQUEST, 0,
	    REACTOR_LISTEN_ON, address, &h);
	if (status == 0)
		status = welcome(srv, h.id, &msg);
	if (status != 0)
		goto say_status;

	answer = reactor_message_header(msg);
	if (answer->status != 0) {
		say("cannot listen on %s: %s", address,
		    bare_reason(msg, buf, sizeof(buf)));
		goto put;
	}
	srv->listeners[srv->counts.listeners].channel = answer->channel;
	srv->listeners[srv->counts.listeners].address = address;
	srv->counts.listeners++;
	if (reactor_text_find(msg, REACTOR_BOUND_TO, buf, sizeof(buf)) < 0)
		(void)snprintf(buf, sizeof(buf), "%s", address);
	reactor_message_put(&msg);
	(void)printf("listening %s\n", buf);
	return say_flush();

say_status:
	if (status == REACTOR_INVALID_ADDRESS)
		say("%s: not an address: tcp|HOST|PORT or uds|PATH", address);
	else
		say("cannot listen on %s: %s", address,
		    reactor_status_name(status));
put:
	reactor_message_put(&msg);
	return 1;
}

/*
 * Files.
 */

/* Close the channel of a peer that does what none should. */
static void
refuse(struct server *srv, uint16_t channel, const char *why)
{
	struct peer *peer = srv->peers[channel];

	if (peer->refused)
		return;
	peer->refused = 1;
	say("%s: closed: %s", peer->address, why);
	say_bye(srv, REACTOR_BYE_SIGNAL, channel);
}

/*
 * Post the answer.  Messages wait for a peer that does not read, and there
 * is not an endless number of them for all.
 */
static void
send_answer(struct server *srv, struct reactor_message **msgp,
    const struct reactor_header *h)
{
	if (send_as(srv, msgp, REACTOR_RESPONSE, h->channel, h->id) ==
	    REACTOR_QUEUE_FULL)
		refuse(srv, h->channel, "does not read its answers");
}

/*
 * Answer the request *msgp, of which the header is still there, by the
 * request itself: that needs no second message, which there may not be when
 * the pool is used up.
 */
static void
answer_error(struct server *srv, struct reactor_message **msgp,
    const char *why)
{
	struct reactor_header h = *reactor_message_header(*msgp);

	say("%s: %s", srv->peers[h.channel]->address, why);
	reactor_message_clear(*msgp);
	if (reactor_text_add(*msgp, TEXT_ERROR, why) != 0)
		(void)reactor_text_add(*msgp, TEXT_ERROR, "cannot say why");
	send_answer(srv, msgp, &h);
}

static void
answer_stored(struct server *srv, struct reactor_message **msgp,
    uint64_t size, uint32_t crc)
{
	struct reactor_header h = *reactor_message_header(*msgp);
	char digits[32];

	reactor_message_clear(*msgp);
	(void)snprintf(digits, sizeof(digits), "%" PRIu64, size);
	(void)reactor_text_add(*msgp, TEXT_SIZE, digits);
	(void)snprintf(digits, sizeof(digits), "%08" PRIx32, crc);
	(void)reactor_text_add(*msgp, TEXT_CRC32, digits);
	send_answer(srv, msgp, &h);
}

/* The first part of a file. */
static int
begin_file(struct server *srv, struct file *file,
    struct reactor_message *msg, char *why, size_t room)
{
	char name[NAME_LONGEST + 1];
	uint64_t size;
	int err;

	if (srv->draining) {
		(void)snprintf(why, room, "the server is stopping");
		return ECANCELED;
	}
	if ((err = request_name(msg, name, why, room)) != 0 ||
	    (err = request_size(msg, &size, why, room)) != 0 ||
	    (err = store_begin(srv->store, name, size, &file->in, why,
	    room)) != 0)
		return err;
	srv->counts.files++;
	return 0;
}

/* Find the file that msg belongs to, or begin one; NULL: no room for it. */
static struct file **
find_file(struct peer *peer, uint64_t id, int *is_new)
{
	struct file **link, *file;

	*is_new = 0;
	for (link = &peer->files; *link != NULL; link = &(*link)->next)
		if ((*link)->id == id)
			return link;
	if (peer->nfiles == FILES_MAX ||
	    (file = calloc(1, sizeof(*file))) == NULL)
		return NULL;
	file->id = id;
	file->next = peer->files;
	peer->files = file;
	peer->nfiles++;
	*is_new = 1;
	return &peer->files;
}

/* All parts are there: answer. */
static void
end_file(struct server *srv, struct file *file, struct reactor_message **msgp)
{
	char why[SAY_MAX];
	uint64_t size;
	uint32_t crc;
	int err;

	if (store_expected(file->in) == SIZE_UNKNOWN &&
	    request_size(*msgp, &size, why, sizeof(why)) == 0)
		store_expect(file->in, size);

	size = store_size(file->in);
	crc = store_crc32(file->in);
	err = store_end(file->in, why, sizeof(why));
	file->in = NULL;
	srv->counts.files--;
	if (err != 0)
		answer_error(srv, msgp, why);
	else
		answer_stored(srv, msgp, size, crc);
}

static void
handle_request(struct server *srv, struct reactor_message **msgp)
{
	struct reactor_header h = *reactor_message_header(*msgp);
	struct peer *peer = srv->peers[h.channel];
	struct file **link, *file;
	char why[SAY_MAX];
	int err = 0, is_new;

	if ((link = find_file(peer, h.id, &is_new)) == NULL) {
		refuse(srv, h.channel, "too many files at once");
		return;
	}
	file = *link;
	if (is_new)
		err = begin_file(srv, file, *msgp, why, sizeof(why));
	if (err == 0 && file->in != NULL)
		err = store_write(file->in, reactor_body(*msgp),
		    reactor_body_len(*msgp), why, sizeof(why));

	if (err != 0) {
		if (file->in != NULL) {
			store_drop(file->in);
			file->in = NULL;
			srv->counts.files--;
		}
		answer_error(srv, msgp, why);
	} else if (file->in != NULL && !(h.flags & REACTOR_MORE)) {
		end_file(srv, file, msgp);
	}
	if (!(h.flags & REACTOR_MORE))
		forget_file(srv, peer, link);
}

/*
 * Peers.
 */

static void
handle_hello(struct server *srv, struct reactor_message **msgp)
{
	struct reactor_header h = *reactor_message_header(*msgp);
	struct peer *peer;

	if (srv->draining || (peer = calloc(1, sizeof(*peer))) == NULL) {
		reactor_message_clear(*msgp);
		(void)send_as(srv, msgp, REACTOR_BYE_SIGNAL, h.channel, 0);
		return;
	}
	if (reactor_text_find(*msgp, REACTOR_PEER, peer->address,
	    sizeof(peer->address)) <= 0)
		(void)snprintf(peer->address, sizeof(peer->address),
		    "channel %u", h.channel);
	reactor_message_clear(*msgp);
	if (send_as(srv, msgp, REACTOR_HELLO_RESPONSE, h.channel, h.id) != 0) {
		free(peer);
		return;
	}
	srv->peers[h.channel] = peer;
	srv->counts.peers++;
}

/* A channel is closed: what it had under way goes with it. */
static void
handle_closed(struct server *srv, struct reactor_message *msg)
{
	uint16_t channel = reactor_message_header(msg)->channel;
	struct peer *peer = srv->peers[channel];
	char buf[SAY_MAX];
	unsigned i;

	if (peer != NULL) {
		if (peer->files != NULL)
			say("%s: gone with %u files unfinished: %s",
			    peer->address, peer->nfiles,
			    bare_reason(msg, buf, sizeof(buf)));
		forget_peer(srv, channel);
		return;
	}
	for (i = 0; i < srv->counts.listeners; i++) {
		if (srv->listeners[i].channel != channel)
			continue;
		if (!srv->draining)
			say("no longer listening on %s: %s",
			    srv->listeners[i].address,
			    bare_reason(msg, buf, sizeof(buf)));
		srv->listeners[i] = srv->listeners[--srv->counts.listeners];
		return;
	}
}

void
server_handle(struct server *srv, struct reactor_message **msgp)
{
	struct reactor_header h = *reactor_message_header(*msgp);

	if (h.flags & REACTOR_ENGINE) {
		/* Else it is one of ours come back: its channel is closing. */
		if (h.opcode == REACTOR_SIGNAL &&
		    h.status == REACTOR_CHANNEL_CLOSED)
			handle_closed(srv, *msgp);
		reactor_message_put(msgp);
		return;
	}
	switch (h.opcode) {
	case REACTOR_HELLO_REQUEST:
		handle_hello(srv, msgp);
		break;
	case REACTOR_REQUEST:
		if (srv->peers[h.channel] != NULL &&
		    !srv->peers[h.channel]->refused)
			handle_request(srv, msgp);
		break;
	case REACTOR_BYE_REQUEST:
		reactor_message_clear(*msgp);
		(void)send_as(srv, msgp, REACTOR_BYE_RESPONSE, h.channel,
		    h.id);
		break;
	default:
		/* Responses and Signals mean nothing here. */
		break;
	}
	reactor_message_put(msgp);
}

/*
 * The end.
 */

void
server_drain(struct server *srv)
{
	unsigned i;

	if (srv->draining)
		return;
	srv->draining = 1;
	for (i = 0; i < srv->counts.listeners; i++)
		say_bye(srv, REACTOR_BYE_SIGNAL, srv->listeners[i].channel);
}

void
server_farewell(struct server *srv)
{
	unsigned i;

	for (i = 0; i <= UINT16_MAX; i++)
		if (srv->peers[i] != NULL)
			say_bye(srv, REACTOR_BYE_REQUEST, (uint16_t)i);
}

const struct server_counts *
server_counts(const struct server *srv)
{
	return &srv->counts;
}
