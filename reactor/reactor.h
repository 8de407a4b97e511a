/*
 * reactor.h: a message engine for peers.
 *
 * One engine owns one I/O thread, one poller and one pool of messages.  A
 * program talks to it through groups: it posts messages, which never blocks,
 * and waits for messages, in its own thread.  There are no callbacks.
 *
 * Every function that returns int returns 0 (REACTOR_SUCCESS) or one of the
 * positive numbers of enum reactor_status; errno is neither set nor read.
 * Times are in nanoseconds, sizes in bytes.  Unless a block says otherwise
 * every function may be called from any thread, but not from a signal
 * handler.
 *
 * Not here yet: reconnect, heartbeats, an idle timeout, other high-water
 * policies than to refuse, signals as messages (call reactor_group_wake() in
 * the handler), an agreement on versions and limits in the Hello.
 */
#ifndef REACTOR_H
#define REACTOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct reactor_engine;
struct reactor_group;
struct reactor_message;

/*
 * What a call returns, and what a message's header carries.  0 to 31 are the
 * numbers of the tofu protocol, those from 64 are ours.
 */
enum reactor_status {
	REACTOR_SUCCESS = 0,
	REACTOR_NOT_IMPLEMENTED_YET,	/* asked for something not built yet */
	REACTOR_WRONG_ADDRESS,		/* an address of the other kind */
	REACTOR_NOT_ALLOWED,		/* not in this state of the channel */
	REACTOR_NULL_MESSAGE,		/* no message given */
	REACTOR_INVALID_MESSAGE,	/* argument or message makes no sense */
	REACTOR_INVALID_OP_CODE,	/* no such opcode, or not here */
	REACTOR_INVALID_HEADERS_LEN,	/* text headers malformed or too long */
	REACTOR_INVALID_BODY_LEN,	/* body too long */
	REACTOR_INVALID_MORE_USAGE,	/* `more` on a Hello, Bye or Welcome */
	REACTOR_INVALID_CHANNEL_NUMBER,	/* none such */
	REACTOR_INVALID_MCHN_GROUP,	/* another group's channel */
	REACTOR_INVALID_MESSAGE_ID,	/* a Response without an id */
	REACTOR_INVALID_ADDRESS,	/* address missing, malformed, unknown */
	REACTOR_UDS_PATH_NOT_FOUND,	/* no socket file at that path */
	REACTOR_NOTIFICATION_DISABLED,
	REACTOR_NOTIFICATION_FAILED,
	REACTOR_PEER_DISCONNECTED,	/* the peer closed the connection */
	REACTOR_COMMUNICATION_FAILED,	/* the engine cannot poll or wake */
	REACTOR_POOL_EMPTY,		/* no message to be had */
	REACTOR_ALLOCATION_FAILED,	/* the system has no memory */
	REACTOR_RECEIVER_UPDATE,	/* reactor_group_wake() was called */
	REACTOR_CHANNEL_CLOSED,		/* the channel is closed */
	REACTOR_SHUTDOWN_STARTED,	/* the engine is closing or closed */
	REACTOR_CONNECT_FAILED,		/* nobody took the connection */
	REACTOR_LISTEN_FAILED,		/* the listener could not be opened */
	REACTOR_ACCEPT_FAILED,		/* the listener cannot accept any more */
	REACTOR_SEND_FAILED,		/* sending failed */
	REACTOR_RECV_FAILED,		/* receiving failed */
	REACTOR_SETSOCKOPT_FAILED,
	REACTOR_PROCESSING_FAILED,
	REACTOR_UNKNOWN_ERROR,

	REACTOR_TIMEOUT = 64,		/* the time is over */
	REACTOR_QUEUE_FULL,		/* the channel's high-water mark */
	REACTOR_IS_LISTENER,		/* a listener carries no messages */
	REACTOR_CHANNEL_CLOSING,	/* a Bye was posted before */
	REACTOR_TABLE_FULL,		/* all 65,534 channel numbers are used */
	REACTOR_RESERVED_BITS,		/* a frame with a reserved bit set */
	REACTOR_HANDSHAKE,		/* a frame out of turn in Hello or Bye */
	REACTOR_RESOLVE_FAILED,		/* the host name has no address */
	REACTOR_NO_THREAD,		/* a thread could not be started */
	REACTOR_TOO_MANY_FILES		/* no descriptor left */
};

/**
 * reactor_status_name(status):
 * Return the name of a status, as in "peer_disconnected"; never NULL.  The
 * string is static.
 */
const char *reactor_status_name(int status);

enum reactor_opcode {
	REACTOR_REQUEST = 0,
	REACTOR_RESPONSE,
	REACTOR_SIGNAL,
	REACTOR_HELLO_REQUEST,
	REACTOR_HELLO_RESPONSE,
	REACTOR_BYE_REQUEST,
	REACTOR_BYE_RESPONSE,
	REACTOR_BYE_SIGNAL,
	REACTOR_WELCOME_REQUEST,
	REACTOR_WELCOME_RESPONSE
};

/* Bits of reactor_header.flags. */
#define REACTOR_ENGINE	0x10	/* made or sent back by the local engine */
#define REACTOR_MORE	0x20	/* more parts with the same id follow */
#define REACTOR_OOB	0x40	/* overtake what is queued; local only */

/* Names of the text headers that belong to the engine. */
#define REACTOR_CONNECT_TO	"~connect_to"	/* HelloRequest: whom */
#define REACTOR_LISTEN_ON	"~listen_on"	/* WelcomeRequest: where */
#define REACTOR_BOUND_TO	"~bound_to"	/* WelcomeResponse: where really */
#define REACTOR_PEER		"~peer"		/* received HelloRequest: from */
#define REACTOR_REASON		"~reason"	/* channel_closed, failures: why */

/* The longest text headers and the longest body of one message. */
#define REACTOR_TEXT_MAX	65535
#define REACTOR_BODY_MAX	65535

/* Times for reactor_wait(). */
#define REACTOR_FOREVER		INT64_C(-1)
#define REACTOR_MSEC(n)		((int64_t)(n) * 1000000)
#define REACTOR_SEC(n)		((int64_t)(n) * 1000000000)

/*
 * The header of a message.  The owner of the message reads and writes it in
 * place.  In what reactor_wait() returns only the engine has written
 * channel, status and REACTOR_ENGINE: a peer cannot forge them.
 */
struct reactor_header {
	uint64_t id;		/* 0: post chooses one */
	uint16_t channel;	/* 1..65534; 0 for Hello and Welcome requests */
	uint8_t opcode;		/* enum reactor_opcode */
	uint8_t flags;		/* REACTOR_ENGINE, _MORE, _OOB */
	uint8_t status;		/* enum reactor_status; ignored by post */
};

/*
 * Options of an engine.  Let reactor_options_init() fill in the defaults,
 * change what you must, and hand it to reactor_engine_open().
 */
struct reactor_options {
	uint32_t pool_initial;	/* messages made at the start; 64 */
	uint32_t pool_max;	/* messages outstanding at once; 4096 */
	uint32_t max_channels;	/* streams at once, 1..65534; 65534.  At the
				 * limit accepting pauses, a Hello fails. */
	uint32_t send_messages;	/* high-water mark of a channel; 4096 */
	uint32_t send_bytes;	/* the same in bytes; 8 MiB */
	uint32_t receive_credit;	/* messages of one channel that the
				 * program may hold before reading of that
				 * channel pauses; 1024 */
	int64_t connect_timeout;	/* ns, names included; 10 s */
	int64_t handshake_timeout;	/* ns, for the Hello pair; 10 s */
	int64_t bye_timeout;	/* ns, for the answer to a Bye; 5 s */
};

/**
 * reactor_options_init(options):
 * Set every option to its default.
 */
void reactor_options_init(struct reactor_options *options);

/*
 * Engine.
 */

/**
 * reactor_engine_open(options, enginep):
 * Start an engine.  options may be NULL for the defaults; it is copied.  The
 * caller owns *enginep and gives it to reactor_engine_close().
 *
 * Return 0, or
 *	REACTOR_INVALID_MESSAGE		an option is out of range.
 *	REACTOR_ALLOCATION_FAILED	no memory.
 *	REACTOR_TOO_MANY_FILES		no descriptor for the poller.
 *	REACTOR_NO_THREAD		the I/O thread could not be started.
 *	REACTOR_COMMUNICATION_FAILED	the poller could not be made.
 */
int reactor_engine_open(const struct reactor_options *options,
    struct reactor_engine **enginep);

/**
 * reactor_engine_close(engine):
 * Stop the I/O thread and close every channel.  Takes milliseconds, whatever
 * the peers do: nothing more is sent, so say Bye first where it matters.
 * Every thread blocked in reactor_wait() gets REACTOR_SHUTDOWN_STARTED, and
 * so does every later post and wait.  Groups that are still open stay valid
 * and must still be closed; so must messages be put back.  NULL is ignored.
 * The engine must not be used in another call at the same time, its groups
 * may be.
 */
void reactor_engine_close(struct reactor_engine *engine);

/* Counters since the start of the engine, and present levels. */
struct reactor_stats {
	uint64_t messages_sent;
	uint64_t messages_received;
	uint64_t bytes_sent;
	uint64_t bytes_received;
	uint64_t turns;		/* rounds of the I/O thread */
	uint64_t wakes;		/* times it was woken by a post or put */
	uint64_t send_calls;
	uint64_t receive_calls;
	uint64_t accepted;	/* connections */
	uint64_t bad_frames;	/* channels closed for one */
	uint64_t pool_empty;	/* episodes */
	uint32_t channels;	/* open now, listeners included */
	uint32_t pool_outstanding;	/* messages in use now; with those that
				 * the I/O thread keeps while it is at work */
	uint32_t pool_allocated;	/* messages that exist now */
};

/**
 * reactor_engine_stats(engine, stats):
 * Fill in *stats.  Each figure is right by itself; together they are not a
 * snapshot of one moment.
 */
void reactor_engine_stats(struct reactor_engine *engine,
    struct reactor_stats *stats);

/*
 * Group.
 */

/**
 * reactor_group_open(engine, groupp):
 * Make a group: a receive queue and a set of channels.  The caller owns
 * *groupp and gives it to reactor_group_close().
 *
 * Return 0, or REACTOR_ALLOCATION_FAILED, REACTOR_TOO_MANY_FILES,
 * REACTOR_SHUTDOWN_STARTED.
 */
int reactor_group_open(struct reactor_engine *engine,
    struct reactor_group **groupp);

/**
 * reactor_group_close(group):
 * Close the group's channels as if a ByeSignal had been posted on each, throw
 * away what it has not received, and free it.  Waits for the I/O thread to
 * let go of it, some milliseconds at most.  No other call on the group may be
 * running.  Messages got from it remain the caller's and may still be put.
 * NULL is ignored.
 */
void reactor_group_close(struct reactor_group *group);

/**
 * reactor_wait(group, timeout, msgp):
 * Take the next message of the group, waiting for it at most timeout ns: 0 to
 * look only, REACTOR_FOREVER (any negative value) without limit.  The wait
 * itself counts in milliseconds, rounded up.  One thread at a time.
 *
 * Return 0 with a message in *msgp, which the caller owns then; otherwise
 * *msgp is NULL and the value is
 *	REACTOR_TIMEOUT		nothing came in time.
 *	REACTOR_RECEIVER_UPDATE	reactor_group_wake() was called.  Several
 *				calls may be told as one.
 *	REACTOR_POOL_EMPTY	the engine has stopped reading from one or more
 *				channels of the group because every message is
 *				in use (or the system has no memory).  Told
 *				once; put messages back, and reading goes on
 *				by itself, without loss.
 *	REACTOR_SHUTDOWN_STARTED	the engine is closing or closed.
 *	REACTOR_NOT_ALLOWED	another thread is waiting on this group.
 *
 * Messages that are waiting are returned before POOL_EMPTY is told; an
 * update is told before them, a shutdown before everything.
 */
int reactor_wait(struct reactor_group *group, int64_t timeout,
    struct reactor_message **msgp);

/**
 * reactor_group_wake(group, msgp):
 * Wake the group's receiver.  With msgp NULL its wait returns
 * REACTOR_RECEIVER_UPDATE; in this form the call may be made from a signal
 * handler.  Otherwise *msgp is handed to it just as it is, behind what it has
 * already been sent, and set to NULL.
 *
 * Return 0, or REACTOR_SHUTDOWN_STARTED (the message stays the caller's), or
 * REACTOR_NULL_MESSAGE when *msgp is NULL.
 */
int reactor_group_wake(struct reactor_group *group,
    struct reactor_message **msgp);

/**
 * reactor_group_fd(group):
 * Return a descriptor that polls readable while the group has something for
 * reactor_wait(), for use in another poll or epoll loop.  It may be readable
 * once with nothing there.  Take everything before you poll again: call
 * reactor_wait(group, 0, ...) until it returns REACTOR_TIMEOUT.  The
 * descriptor belongs to the group: never read, write or close it.
 */
int reactor_group_fd(const struct reactor_group *group);

/**
 * reactor_group_engine_stats(group, stats):
 * As reactor_engine_stats(), for those who hold only a group.
 */
void reactor_group_engine_stats(struct reactor_group *group,
    struct reactor_stats *stats);

/*
 * Messages.  A message has one owner at a time; only the owner may touch it,
 * so nothing about it is locked.
 */

/* How reactor_message_get() may find a message. */
enum reactor_how {
	REACTOR_POOL_ONLY,	/* only what lies in the pool */
	REACTOR_ALWAYS		/* make one, while fewer than pool_max are out */
};

/**
 * reactor_message_get(group, how, msgp):
 * Get an empty message: header all 0, no text headers, no body.  Never
 * blocks.  The caller owns *msgp, and gives it away by a successful post, by
 * reactor_group_wake() or by reactor_message_put().
 *
 * Return 0, or REACTOR_POOL_EMPTY, REACTOR_ALLOCATION_FAILED,
 * REACTOR_SHUTDOWN_STARTED.
 */
int reactor_message_get(struct reactor_group *group, enum reactor_how how,
    struct reactor_message **msgp);

/**
 * reactor_message_put(msgp):
 * Give *msgp back to the pool it came from and set *msgp to NULL.  Also right
 * after its group or engine was closed.  NULL and a NULL message are ignored.
 */
void reactor_message_put(struct reactor_message **msgp);

/**
 * reactor_message_clear(msg):
 * Make the message empty again, as reactor_message_get() returns it.
 */
void reactor_message_clear(struct reactor_message *msg);

/**
 * reactor_message_header(msg):
 * Return the header, to read and to write.  Valid as long as msg is owned.
 */
struct reactor_header *reactor_message_header(struct reactor_message *msg);

/*
 * Text headers: `name:value` lines.  Names are compared byte by byte.
 */

/**
 * reactor_text_add(msg, name, value):
 * Append a text header.  Blanks around value are dropped.  Both strings are
 * copied.  Names that begin with ~ belong to the engine: of these a program
 * may write REACTOR_CONNECT_TO and REACTOR_LISTEN_ON only.
 *
 * Return 0, or
 *	REACTOR_INVALID_MESSAGE		the name is empty, holds a colon or is
 *					the engine's, or one of the two holds
 *					CR or LF.
 *	REACTOR_INVALID_HEADERS_LEN	it would exceed REACTOR_TEXT_MAX.
 *	REACTOR_ALLOCATION_FAILED	no memory.
 * and nothing was appended.
 */
int reactor_text_add(struct reactor_message *msg, const char *name,
    const char *value);

/**
 * reactor_text_add_mem(msg, name, name_len, value, value_len):
 * The same for strings with a length; a NUL inside is refused with
 * REACTOR_INVALID_MESSAGE.
 */
int reactor_text_add_mem(struct reactor_message *msg, const char *name,
    size_t name_len, const char *value, size_t value_len);

/**
 * reactor_text_find(msg, name, value, size):
 * Copy the value of the first text header with that name into value, ended by
 * a NUL and cut to size - 1 bytes where it is longer.  Return the full length
 * of the value, or -1 when there is no such header (value is "" then).  value
 * may be NULL when size is 0.
 */
long reactor_text_find(const struct reactor_message *msg, const char *name,
    char *value, size_t size);

/**
 * reactor_text_next(msg, &offset, &name, &name_len, &value, &value_len):
 * Step through the text headers in order; offset begins as 0.  Lines without
 * a colon or with an empty name are skipped.  The strings point into the
 * message, are not ended by a NUL, and are valid until it changes.  Return 1,
 * or 0 at the end.
 */
int reactor_text_next(const struct reactor_message *msg, size_t *offset,
    const char **name, size_t *name_len, const char **value,
    size_t *value_len);

/** reactor_text_clear(msg): drop all text headers. */
void reactor_text_clear(struct reactor_message *msg);

/*
 * Body.
 */

/**
 * reactor_body_set(msg, data, len):
 * Copy len bytes in as the whole body.  Return 0, REACTOR_INVALID_BODY_LEN
 * (more than REACTOR_BODY_MAX) or REACTOR_ALLOCATION_FAILED.
 */
int reactor_body_set(struct reactor_message *msg, const void *data,
    size_t len);

/**
 * reactor_body_reserve(msg, size):
 * Make room for a body of size bytes, so that it can be read() straight into
 * reactor_body(); then say how long it became with reactor_body_set_len().
 * Keeps the present body.  Return as reactor_body_set().
 */
int reactor_body_reserve(struct reactor_message *msg, size_t size);

/**
 * reactor_body(msg), reactor_body_len(msg), reactor_body_capacity(msg):
 * Return the body, its length, and the room there is for it.  The pointer is
 * never NULL and changes with reactor_body_reserve() and reactor_body_set().
 */
void *reactor_body(struct reactor_message *msg);
size_t reactor_body_len(const struct reactor_message *msg);
size_t reactor_body_capacity(const struct reactor_message *msg);

/**
 * reactor_body_set_len(msg, len):
 * Set the length of the body.  Return 0, or REACTOR_INVALID_BODY_LEN when
 * there is no room for len bytes.
 */
int reactor_body_set_len(struct reactor_message *msg, size_t len);

/*
 * Posting.
 */

/**
 * reactor_post(group, msgp, header):
 * Give *msgp to the engine.  Never blocks.  On success *msgp is NULL, and the
 * header as posted, with channel and id filled in, is copied to *header
 * unless that is NULL.  On failure the message stays the caller's.
 *
 *	HelloRequest	channel 0; REACTOR_CONNECT_TO says whom to connect to:
 *			`tcp|HOST|PORT` or `uds|PATH`.  The header returned
 *			has the number of the new channel.  Nothing else may
 *			be posted on it before the HelloResponse came.
 *	WelcomeRequest	channel 0; REACTOR_LISTEN_ON, the same forms; an empty
 *			HOST listens on everything, PORT 0 on a free port.
 *	HelloResponse	on the channel of a HelloRequest received: accepts it.
 *			A ByeSignal refuses it.
 *	Request, Response, Signal
 *			on an open channel.  May carry REACTOR_MORE.  A
 *			Response needs the id of what it answers.
 *	ByeRequest	close gracefully, behind what is queued.  Nothing may
 *			be posted on the channel after it.
 *	ByeResponse	on the channel of a ByeRequest received: agrees.  When
 *			both sides have posted a ByeRequest none is needed, and
 *			it is refused with REACTOR_CHANNEL_CLOSING.
 *	ByeSignal	close at once: what is queued comes back, the peer is
 *			told nothing.  Also closes a listener or a Hello that
 *			is under way.
 *
 * Return 0, or
 *	REACTOR_NULL_MESSAGE		msgp or *msgp is NULL.
 *	REACTOR_INVALID_OP_CODE		no such opcode, or a WelcomeResponse.
 *	REACTOR_INVALID_MORE_USAGE	REACTOR_MORE on a Hello, Bye, Welcome.
 *	REACTOR_INVALID_MESSAGE_ID	a Response with id 0.
 *	REACTOR_INVALID_MESSAGE		the message is of another engine.
 *	REACTOR_INVALID_ADDRESS		the address is missing or malformed.
 *	REACTOR_WRONG_ADDRESS		LISTEN_ON in a Hello or CONNECT_TO in a
 *					Welcome request.
 *	REACTOR_INVALID_CHANNEL_NUMBER	no such channel; or one is given for a
 *					Hello or Welcome request.
 *	REACTOR_INVALID_MCHN_GROUP	the channel is another group's.
 *	REACTOR_IS_LISTENER		the channel is a listener.
 *	REACTOR_NOT_ALLOWED		not in this state: before the Hello is
 *					answered, or an answer to nothing.
 *	REACTOR_CHANNEL_CLOSING		a Bye was posted on the channel.
 *	REACTOR_CHANNEL_CLOSED		the channel is closed; the number is
 *					not given out again before everything
 *					received from it was put back.
 *	REACTOR_QUEUE_FULL		the send high-water mark; post again
 *					when something was sent.
 *	REACTOR_TABLE_FULL		no channel number is free.
 *	REACTOR_ALLOCATION_FAILED	no memory for a new channel.
 *	REACTOR_SHUTDOWN_STARTED	the engine is closing or closed.
 *
 * The engine's text headers in a message of any other kind are dropped, so
 * that a message received can be turned round and posted.
 *
 * A message that was posted but could not be sent comes back to the group
 * with REACTOR_ENGINE and the reason in status; see reactor(7).
 */
int reactor_post(struct reactor_group *group, struct reactor_message **msgp,
    struct reactor_header *header);

#ifdef __cplusplus
}
#endif

#endif
