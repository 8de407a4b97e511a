/* What the files of the reactor share.  README.md has the picture. */
#ifndef REACTOR_PRIVATE_H
#define REACTOR_PRIVATE_H

#include "reactor.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "list.h"
#include "queue.h"

#define RX_FRAME_HEAD	16	/* bytes of a frame's header */
#define RX_TEXT_INLINE	240	/* text headers without a buffer of their own */
#define RX_BODY_ROOM	(RX_FRAME_HEAD + RX_TEXT_INLINE)
#define RX_BODY_INLINE	256
#define RX_NOTICE_INLINE 160	/* text of an engine's own message */

#define RX_SCRATCH	(256 * 1024)	/* bytes read in one call */
#define RX_SEND_BATCH	64	/* messages in one call */
#define RX_SEND_BYTES	(512 * 1024)	/* about so many bytes in one call */
#define RX_SEND_CALLS	4	/* calls per channel and turn */
#define RX_SEND_TURN	(1024 * 1024)	/* bytes per channel and turn */
#define RX_ACCEPTS	64	/* connections per listener and turn */
#define RX_POSTS	4096	/* posts per turn */
#define RX_EVENTS	256	/* events per turn */
#define RX_BACKLOG	4096
#define RX_RETRY	(20 * INT64_C(1000000))	/* ns, see timer.c */
#define RX_CHANNELS	65534

/* Kinds of node in the engine's queue. */
enum { RX_POST, RX_GROUP_CLOSE, RX_RESOLVED };

struct reactor_message {
	struct rx_node node;		/* first: queues link through it */
	struct reactor_header header;
	struct reactor_engine *engine;	/* whose pool it came from */
	struct reactor_group *group;	/* who posted it; gets it back */
	uint32_t generation;		/* of the channel, when posted */
	uint16_t slot;			/* number it keeps from reuse, or 0 */
	bool notice;			/* outside the bound of the pool */
	size_t text_len, text_size;
	size_t body_len, body_size;
	unsigned char *text;		/* RX_FRAME_HEAD bytes of room before */
	unsigned char *body;		/* RX_BODY_ROOM bytes of room before */
	unsigned char *text_own, *body_own;	/* on the heap, or NULL */
	unsigned char space[];
};

/* message.c */
int rx_message_new(struct reactor_engine *, bool notice,
    struct reactor_message **);
void rx_message_destroy(struct reactor_message *);
int rx_message_iov(struct reactor_message *, struct iovec iov[2]);
size_t rx_message_frame_len(const struct reactor_message *);
int rx_text_reserve(struct reactor_message *, size_t);

/* text.c */
int rx_text_append(struct reactor_message *, const char *, size_t,
    const char *, size_t);
void rx_text_strip(struct reactor_message *, const char *keep);
void rx_text_reason(struct reactor_message *, int status, int err);

/* frame.c: the wire form of a header */
struct rx_frame {
	uint64_t id;
	uint16_t channel;
	uint16_t text_len;
	uint16_t body_len;
	uint8_t proto;
	uint8_t status;
};

void rx_frame_encode(unsigned char *, const struct rx_frame *);
void rx_frame_decode(const unsigned char *, struct rx_frame *);
int rx_frame_check(const struct rx_frame *);

/* pool.c */
struct rx_pool {
	pthread_mutex_t lock;
	struct rx_node *free;
	uint32_t free_count;
	uint32_t allocated;		/* free or not, without notices */
	uint32_t notices;
	uint32_t max;
	uint32_t batch;			/* what the I/O thread may keep */
	bool released;			/* free the engine with the last one */
};

int rx_pool_init(struct reactor_engine *, uint32_t initial, uint32_t max);
void rx_pool_destroy(struct rx_pool *);
int rx_pool_get(struct reactor_engine *, enum reactor_how,
    struct reactor_message **);
int rx_pool_get_notice(struct reactor_engine *, struct reactor_message **);
int rx_pool_io_get(struct reactor_engine *, struct reactor_message **);
void rx_pool_io_put(struct reactor_engine *, struct reactor_message *);
void rx_pool_io_flush(struct reactor_engine *, uint32_t keep);
uint32_t rx_pool_room(struct reactor_engine *);

/* table.c: channel numbers */
enum rx_state {
	RX_FREE,
	RX_LISTENER,
	RX_CONNECTING,		/* Hello posted, not answered */
	RX_ACCEPTED,		/* no HelloRequest yet: the program knows nothing */
	RX_HELLO_IN,		/* HelloRequest received, not answered */
	RX_OPEN,
	RX_BYE_IN,		/* ByeRequest received, not answered */
	RX_CLOSING,		/* Bye posted */
	RX_CLOSED,
	RX_ANY			/* only as an argument */
};

struct rx_slot {
	_Atomic uint64_t word;		/* group << 32 | generation << 8 | state */
	_Atomic uint64_t queued;	/* messages << 40 | bytes, to be sent */
	_Atomic uint32_t refs;		/* the channel, and messages that name it */
	atomic_bool hungry;		/* reading waits for receive credit */
	struct rx_channel *channel;	/* I/O thread; see rx_table_alloc */
};

#define RX_WORD(group, generation, state) ((uint64_t)(group) << 32 | \
	(uint64_t)((generation) & 0xffffff) << 8 | (uint64_t)(state))
#define RX_WORD_GROUP(w)	((uint32_t)((w) >> 32))
#define RX_WORD_GENERATION(w)	((uint32_t)((w) >> 8) & 0xffffff)
#define RX_WORD_STATE(w)	((enum rx_state)((w) & 0xff))
#define RX_QUEUED(bytes)	(UINT64_C(1) << 40 | (uint64_t)(bytes))
#define RX_QUEUED_MESSAGES(q)	((uint32_t)((q) >> 40))
#define RX_QUEUED_BYTES(q)	((q) & ((UINT64_C(1) << 40) - 1))

struct rx_table {
	pthread_mutex_t lock;
	struct rx_slot *slots;
	uint16_t *ring;			/* free numbers, oldest first */
	uint32_t ring_first, ring_count;
	uint32_t fresh;			/* next number never used */
	uint32_t used;
	uint32_t max;
};

int rx_table_init(struct rx_table *, uint32_t max);
void rx_table_destroy(struct rx_table *);
int rx_table_alloc(struct rx_table *, uint32_t group, enum rx_state,
    struct rx_channel *);
bool rx_table_ref(struct rx_table *, uint16_t);
void rx_table_ref_known(struct rx_table *, uint16_t);
void rx_table_unref(struct rx_table *, uint16_t);
void rx_table_state(struct rx_table *, uint16_t, enum rx_state from,
    enum rx_state to);
uint32_t rx_table_held(struct rx_table *, uint16_t);

/* address.c */
struct rx_address {
	socklen_t len;
	struct sockaddr_storage sa;
};

#define RX_HOST_MAX	256
#define RX_TARGETS	16

struct rx_endpoint {
	bool uds;
	uint16_t port;
	char host[RX_HOST_MAX];		/* or the path */
};

int rx_endpoint_parse(const char *, size_t, bool listen,
    struct rx_endpoint *);
int rx_endpoint_numeric(const struct rx_endpoint *, struct rx_address *,
    size_t max);
int rx_endpoint_lookup(const struct rx_endpoint *, bool numeric,
    struct rx_address *, size_t max);
void rx_address_format(const struct rx_address *, char *, size_t);

/* What a channel needs only while it is being set up, or as a listener. */
struct rx_setup {
	struct rx_endpoint endpoint;
	struct rx_address targets[RX_TARGETS];
	int target_count;
	int target;			/* the next one to try */
	int64_t deadline;		/* of the whole Hello */
	int status, err;		/* what the last one failed with */
	bool owns_path;			/* listener: the socket file is ours */
	dev_t dev;
	ino_t ino;
};

/* timer.c */
enum rx_timer { RX_TIMER_CONNECT, RX_TIMER_HANDSHAKE, RX_TIMER_BYE,
	RX_TIMER_RETRY, RX_TIMERS };

enum rx_stage {
	RX_STAGE_NEW,		/* posted, not seen by the I/O thread */
	RX_STAGE_RESOLVING,
	RX_STAGE_CONNECTING,
	RX_STAGE_RETRYING,	/* the listener's backlog was full */
	RX_STAGE_LISTENING,
	RX_STAGE_STREAM,
	RX_STAGE_DRAINING,	/* Bye is done; waiting for the peer's end */
	RX_STAGE_DEAD
};

struct rx_channel {
	struct reactor_engine *engine;
	struct reactor_group *group;
	struct rx_setup *setup;
	struct reactor_message *hello;	/* the request, until it is answered */
	struct reactor_message *notice;	/* channel_closed, ready to go */
	struct rx_link in_group, in_dirty, in_paused, in_timer;
	int64_t deadline;
	uint64_t hello_id;
	int fd;
	uint32_t generation;
	uint32_t events;		/* what the poller knows */
	uint16_t number;
	uint8_t stage;
	bool client;
	bool told;			/* the program knows the channel */
	bool answered;			/* HelloResponse passed, either way */
	bool bye_posted, bye_sent, bye_received;
	bool blocked;			/* waits for room to send */
	bool broken;			/* sending failed; read what is left */
	bool paused;			/* reading waits for messages */
	bool hangup;			/* seen while paused */
	int broken_err;
	int end_reason, end_err;	/* why it was closed */
	int end_status;			/* what late posts come back with */

	struct rx_fifo urgent, normal;	/* to be sent */
	struct reactor_message *out;	/* partly sent */
	size_t out_done;

	struct reactor_message *in;	/* partly received */
	size_t in_done;
	unsigned char head[RX_FRAME_HEAD];
	unsigned head_len;
	unsigned char *stash;		/* read, but there was no message */
	size_t stash_len, stash_done;
};

struct reactor_group {
	struct reactor_engine *engine;
	struct rx_node node;		/* RX_GROUP_CLOSE */
	struct rx_link in_engine;
	uint32_t id;
	int fd;				/* eventfd */
	struct rx_queue queue;
	struct rx_node *ready;		/* taken, not yet returned */
	atomic_bool lit;		/* the eventfd may be readable */
	atomic_bool receiving;
	atomic_bool update, shutdown, pool_empty;
	/* I/O thread only: */
	struct rx_link channels;
	struct rx_node *newest, *oldest;	/* to be pushed */
	uint32_t episode;		/* of an empty pool; the last one told */
	struct rx_link in_flush;
	bool tell;			/* pool_empty, with the next flush */
	bool dropping;			/* closing: keep nothing for it */
	bool gone;			/* engine lock */
};

struct rx_resolver;

struct rx_counters {
	_Atomic uint64_t messages_sent, messages_received, bytes_sent,
	    bytes_received, turns, wakes, send_calls, receive_calls, accepted,
	    bad_frames, pool_empty;
};

struct reactor_engine {
	struct reactor_options options;
	_Atomic uint32_t refs;		/* the handle and the groups */
	_Atomic uint32_t next_group;
	_Atomic uint64_t next_id;
	pthread_t thread;
	int epoll, event;
	struct rx_queue queue;
	atomic_bool kick;		/* look at the paused channels */
	atomic_bool starved;		/* there are paused channels */
	atomic_bool closing;
	struct rx_pool pool;
	struct rx_table table;
	struct rx_resolver *resolver;
	struct rx_counters count;

	pthread_mutex_t lock;		/* groups, gone, stopped */
	pthread_cond_t changed;
	struct rx_link groups;
	bool stopped;

	/* I/O thread only: */
	struct rx_node *posts;		/* taken, not yet handled */
	struct rx_node *cache;		/* free messages */
	uint32_t cache_count;
	int64_t now;			/* ns, of this turn */
	uint32_t episode;		/* of an empty pool; from 1 */
	struct rx_link timers[RX_TIMERS];
	struct rx_link dirty, paused, hungry, ending, graveyard, flush;
	unsigned char *scratch;
};

/* engine.c */
void rx_engine_ref(struct reactor_engine *);
void rx_engine_unref(struct reactor_engine *);
void rx_engine_destroy(struct reactor_engine *);
void rx_engine_push(struct reactor_engine *, struct rx_node *);
void rx_engine_kick(struct reactor_engine *);
void *rx_loop(void *);
void rx_loop_discard(struct reactor_engine *);
int64_t rx_now(void);

/* timer.c */
void rx_timer_set(struct rx_channel *, enum rx_timer);
void rx_timer_cancel(struct rx_channel *);
void rx_timer_run(struct reactor_engine *);
int rx_timer_wait(struct reactor_engine *);

/* group.c, I/O thread */
void rx_group_deliver(struct reactor_group *, struct reactor_message *);
void rx_group_flush(struct reactor_engine *);
void rx_group_starving(struct reactor_group *);
void rx_group_drop(struct reactor_group *);
void rx_group_signal(struct reactor_group *);

/* channel.c */
int rx_channel_new(struct reactor_group *, enum rx_state,
    struct rx_channel **);
void rx_channel_free(struct rx_channel *);
int rx_channel_told(struct rx_channel *);
void rx_channel_interest(struct rx_channel *);
void rx_channel_dirty(struct rx_channel *);
void rx_channel_return(struct reactor_message *, int status, int err);
void rx_channel_fail_sends(struct rx_channel *, int status, int err);
void rx_channel_close(struct rx_channel *, int status, int err);
void rx_channel_finish(struct rx_channel *);
void rx_channel_end(struct reactor_engine *);
void rx_channel_event(struct rx_channel *, uint32_t events);
void rx_channel_timeout(struct rx_channel *);
void rx_channel_unqueue(struct reactor_message *);

/* post.c */
void rx_post_handle(struct reactor_engine *, struct reactor_message *);

/* connect.c, listen.c, sock.c, resolve.c */
void rx_connect_start(struct rx_channel *);
void rx_connect_next(struct rx_channel *);
void rx_connect_ready(struct rx_channel *);
void rx_listen_start(struct rx_channel *);
void rx_listen_resolved(struct rx_channel *);
void rx_listen_ready(struct rx_channel *);
void rx_listen_close(struct rx_channel *);
int rx_sock_listen(struct rx_setup *, int *fdp);
int rx_sock_connect(const struct rx_address *, int *fdp);
void rx_sock_nodelay(int fd);
void rx_sock_abort(int fd);
int rx_sock_connected(int fd);
void rx_sock_unlink(struct rx_setup *);
void rx_listen_peer(int fd, struct rx_address *);
int rx_sock_bound(int fd, struct rx_address *);

struct rx_job {
	struct rx_node node;		/* RX_RESOLVED */
	struct rx_job *next;
	struct rx_endpoint endpoint;
	uint16_t number;
	uint32_t generation;
	int count;
	struct rx_address found[RX_TARGETS];
};

int rx_resolver_new(struct reactor_engine *, struct rx_resolver **);
void rx_resolver_close(struct rx_resolver *);
int rx_resolve(struct rx_channel *);
void rx_resolved(struct reactor_engine *, struct rx_job *);

/* receive.c, protocol.c, send.c */
void rx_receive(struct rx_channel *);
void rx_receive_resume(struct reactor_engine *);
int rx_protocol_check(struct rx_channel *, const struct rx_frame *);
void rx_protocol_received(struct rx_channel *, struct reactor_message *);
void rx_protocol_sent(struct rx_channel *, struct reactor_message *);
void rx_send_queue(struct rx_channel *, struct reactor_message *);
void rx_send_flush(struct rx_channel *);
bool rx_send_pending(const struct rx_channel *);

static inline void
rx_count(_Atomic uint64_t *counter, uint64_t n)
{
	/* One writer: no locked instruction needed. */
	atomic_store_explicit(counter, atomic_load_explicit(counter,
	    memory_order_relaxed) + n, memory_order_relaxed);
}

#endif
