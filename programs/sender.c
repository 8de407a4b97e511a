#include "sender.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bare.h"
#include "clock.h"
#include "progress.h"
#include "say.h"
#include "text.h"

/* Files sent and not yet answered, and parts posted between two looks at
 * what has come. */
#define UNANSWERED_MAX	64
#define PARTS_AT_ONCE	16

/*
 * The engine does not tell when its queue has room again.  So look again
 * after a while, longer and longer as long as there is none: the queue holds
 * more than a fast network takes in the shortest of these times.
 */
#define PAUSE_SHORTEST	REACTOR_MSEC(1)
#define PAUSE_LONGEST	REACTOR_MSEC(16)

struct sender {
	struct reactor_group *group;
	const char *address;
	struct job *jobs;
	unsigned njobs;
	unsigned next;		/* the job being sent, or to send next */
	unsigned oldest;	/* no job before it is open */
	unsigned unanswered;	/* in state JOB_SENT */
	unsigned open;		/* neither done nor failed */
	uint16_t channel;
	struct reactor_message *part;	/* filled, could not be posted */
	int closing;		/* the channel takes nothing any more */
	int closed;
	int64_t timeout;
	int64_t moved;		/* when something was posted or came */
	char why[SAY_MAX];	/* once closed */
};

enum step { STEP_SENT, STEP_BLOCKED, STEP_IDLE };

static void
keep_reason(struct sender *s, struct reactor_message *msg)
{
	char buf[SAY_MAX];

	(void)snprintf(s->why, sizeof(s->why), "%s",
	    bare_reason(msg, buf, sizeof(buf)));
}

/*
 * Jobs.
 */

static void
leave_state(struct sender *s, struct job *job)
{
	if (job->state == JOB_SENT)
		s->unanswered--;
	s->open--;
}

static void
fail(struct sender *s, struct job *job, const char *why)
{
	if (job->state == JOB_DONE || job->state == JOB_FAILED)
		return;
	leave_state(s, job);
	job->state = JOB_FAILED;
	progress_clear();
	say("%s: %s", job->path, why);
}

static void
fail_all(struct sender *s, const char *why)
{
	char line[SAY_MAX + 64];
	unsigned i;

	for (i = s->oldest; i < s->njobs; i++) {
		struct job *job = &s->jobs[i];

		if (job->state == JOB_WAITING)
			(void)snprintf(line, sizeof(line), "not sent: %s",
			    why);
		else if (job->state == JOB_SENDING)
			(void)snprintf(line, sizeof(line),
			    "broken off after %" PRIu64 " bytes: %s",
			    job->src.size, why);
		else
			(void)snprintf(line, sizeof(line),
			    "sent, but not confirmed: %s", why);
		fail(s, job, line);
	}
}

/* The server has stored the job: is it what we sent? */
static void
check_answer(struct sender *s, struct job *job, struct reactor_message *msg)
{
	char size[32], crc[32], want_size[32], want_crc[32];
	char line[SAY_MAX];

	(void)reactor_text_find(msg, TEXT_SIZE, size, sizeof(size));
	(void)reactor_text_find(msg, TEXT_CRC32, crc, sizeof(crc));
	(void)snprintf(want_size, sizeof(want_size), "%" PRIu64,
	    job->src.size);
	(void)snprintf(want_crc, sizeof(want_crc), "%08" PRIx32,
	    job->src.crc);
	if (job->state != JOB_SENT) {
		fail(s, job, "confirmed before all of it was sent");
		return;
	}
	if (strcmp(size, want_size) != 0 || strcmp(crc, want_crc) != 0) {
		(void)snprintf(line, sizeof(line), "arrived damaged: size %s, "
		    "crc32 %s were sent; size %s, crc32 %s are stored",
		    want_size, want_crc, size, crc);
		fail(s, job, line);
		return;
	}
	leave_state(s, job);
	job->state = JOB_DONE;
	progress_clear();
	(void)printf("%s %s %s\n", job->name, size, crc);
}

static void
handle_answer(struct sender *s, struct reactor_message *msg)
{
	uint64_t id = reactor_message_header(msg)->id;
	char line[SAY_MAX];
	unsigned i;

	for (i = s->oldest; i <= s->next && i < s->njobs; i++) {
		struct job *job = &s->jobs[i];

		if (job->id != id)
			continue;
		if (job->state == JOB_DONE || job->state == JOB_FAILED)
			break;
		if (reactor_text_find(msg, TEXT_ERROR, line,
		    sizeof(line)) >= 0)
			fail(s, job, line[0] != '\0' ? line :
			    "refused without a reason");
		else
			check_answer(s, job, msg);
		break;
	}
	while (s->oldest < s->next && (s->jobs[s->oldest].state == JOB_DONE ||
	    s->jobs[s->oldest].state == JOB_FAILED))
		s->oldest++;
}

/*
 * Sending.
 */

/* Name and size go with the first part. */
static int
add_first_text(struct job *job, struct reactor_message *msg, int end)
{
	uint64_t size = end ? job->src.size : job->src.announced;
	char digits[32];
	int status;

	if ((status = reactor_text_add(msg, TEXT_NAME, job->name)) != 0)
		return status;
	/* Blanks around it are lost: it would be another name. */
	if (reactor_text_find(msg, TEXT_NAME, NULL, 0) !=
	    (long)strlen(job->name))
		return REACTOR_INVALID_MESSAGE;
	if (size == UINT64_MAX)
		return reactor_text_add(msg, TEXT_SIZE, TEXT_SIZE_LATER);
	(void)snprintf(digits, sizeof(digits), "%" PRIu64, size);
	return reactor_text_add(msg, TEXT_SIZE, digits);
}

/* The last part says the size when the first could not. */
static int
add_last_text(struct job *job, struct reactor_message *msg)
{
	char digits[32];

	if (job->src.announced != UINT64_MAX)
		return 0;
	(void)snprintf(digits, sizeof(digits), "%" PRIu64, job->src.size);
	return reactor_text_add(msg, TEXT_SIZE, digits);
}

/*
 * Read the next part of the job straight into msg.  Return 0 with *end, or
 * fail the job and return 1; then what was begun has to be ended.
 */
static int
read_part(struct sender *s, struct job *job, struct reactor_message *msg,
    int *end)
{
	int err, first = job->state == JOB_WAITING, status;
	size_t len = 0;

	if ((status = reactor_body_reserve(msg, REACTOR_BODY_MAX)) != 0) {
		fail(s, job, reactor_status_name(status));
		return 1;
	}
	err = source_read(&job->src, reactor_body(msg), REACTOR_BODY_MAX, &len,
	    end);
	if (err != 0) {
		fail(s, job, say_errno(err));
		return 1;
	}
	if (*end && job->src.announced != UINT64_MAX &&
	    job->src.size != job->src.announced) {
		fail(s, job, "became shorter while it was read");
		return 1;
	}
	status = reactor_body_set_len(msg, len);
	if (status == 0 && first)
		status = add_first_text(job, msg, *end);
	else if (status == 0 && *end)
		status = add_last_text(job, msg);
	if (status == REACTOR_INVALID_MESSAGE)
		fail(s, job, "has a name that cannot be sent");
	else if (status != 0)
		fail(s, job, reactor_status_name(status));
	return status != 0;
}

/*
 * Make the next part of the present job in s->part.  Return 0, or 1 when the
 * job is over without one.
 */
static int
make_part(struct sender *s)
{
	struct job *job = &s->jobs[s->next];
	struct reactor_header *h = reactor_message_header(s->part);
	int begun = job->id != 0, end = 0, err;

	reactor_message_clear(s->part);
	if (!begun && (err = source_open(&job->src, job->path)) != 0) {
		fail(s, job, say_errno(err));
		return 1;
	}
	/* Failed, at the server or now: an empty last part ends it there. */
	if (job->state == JOB_FAILED || read_part(s, job, s->part, &end)) {
		if (!begun) {
			source_close(&job->src);
			return 1;
		}
		reactor_message_clear(s->part);
		end = 1;
	}
	h = reactor_message_header(s->part);
	h->opcode = REACTOR_REQUEST;
	h->channel = s->channel;
	h->id = job->id;
	h->flags = end ? 0 : REACTOR_MORE;
	return 0;
}

/* The part is posted: take note. */
static void
part_posted(struct sender *s, const struct reactor_header *h)
{
	struct job *job = &s->jobs[s->next];

	s->moved = clock_now();
	job->id = h->id;
	if (job->state == JOB_WAITING)
		job->state = JOB_SENDING;
	progress_show(job->name, job->src.size, job->src.announced);
	if (h->flags & REACTOR_MORE)
		return;
	source_close(&job->src);
	if (job->state == JOB_SENDING) {
		job->state = JOB_SENT;
		s->unanswered++;
	}
	s->next++;
}

/* Post one part, if there is one and there is room for it. */
static enum step
step(struct sender *s)
{
	struct reactor_header h;
	int status;

	if (s->closing || s->next == s->njobs ||
	    s->unanswered == UNANSWERED_MAX)
		return STEP_IDLE;
	if (s->part == NULL) {
		status = reactor_message_get(s->group, REACTOR_ALWAYS,
		    &s->part);
		if (status == REACTOR_POOL_EMPTY)
			return STEP_BLOCKED;
		if (status == 0 && make_part(s) != 0) {
			reactor_message_put(&s->part);
			s->next++;
			return STEP_SENT;
		}
	} else {
		status = 0;
	}
	if (status == 0)
		status = reactor_post(s->group, &s->part, &h);
	if (status == REACTOR_QUEUE_FULL)
		return STEP_BLOCKED;
	if (status != 0) {
		/* Why, the end of the channel tells. */
		s->closing = 1;
		return STEP_IDLE;
	}
	part_posted(s, &h);
	return STEP_SENT;
}

/*
 * Receiving.
 */

static void
handle(struct sender *s, struct reactor_message **msgp)
{
	struct reactor_header *h = reactor_message_header(*msgp);

	s->moved = clock_now();
	if (h->flags & REACTOR_ENGINE) {
		/* Else it is one of ours come back, on the way to that. */
		if (h->opcode == REACTOR_SIGNAL &&
		    h->status == REACTOR_CHANNEL_CLOSED) {
			s->closing = s->closed = 1;
			keep_reason(s, *msgp);
		}
	} else if (h->opcode == REACTOR_RESPONSE) {
		handle_answer(s, *msgp);
	} else if (h->opcode == REACTOR_BYE_REQUEST) {
		s->closing = 1;
		h->opcode = REACTOR_BYE_RESPONSE;
		h->flags = 0;
		(void)reactor_post(s->group, msgp, NULL);
	}
	reactor_message_put(msgp);
}

/* Take what has come, waiting for it at most timeout. */
static int
receive(struct sender *s, int64_t timeout)
{
	struct reactor_message *msg;
	int status;

	for (;; timeout = 0) {
		status = reactor_wait(s->group, timeout, &msg);
		if (status == 0)
			handle(s, &msg);
		else if (status != REACTOR_RECEIVER_UPDATE &&
		    status != REACTOR_POOL_EMPTY)
			break;
	}
	return status == REACTOR_TIMEOUT ? 0 : status;
}

/* Send and receive until every job is done or has failed. */
static void
transfer(struct sender *s)
{
	int64_t left, pause = PAUSE_SHORTEST;
	enum step what;
	int i, status;

	s->moved = clock_now();
	while (s->open > 0 && !s->closed) {
		what = step(s);
		for (i = 1; what == STEP_SENT && i < PARTS_AT_ONCE; i++)
			what = step(s);
		left = s->timeout - (clock_now() - s->moved);
		if (left <= 0) {
			(void)snprintf(s->why, sizeof(s->why),
			    "nothing moved for %" PRId64 " seconds",
			    s->timeout / REACTOR_SEC(1));
			break;
		}
		if (i > 1)
			pause = PAUSE_SHORTEST;
		if (what == STEP_BLOCKED && left > pause) {
			left = pause;
			if ((pause *= 2) > PAUSE_LONGEST)
				pause = PAUSE_LONGEST;
		}
		/* The last job may just have failed by itself. */
		if (what == STEP_SENT || s->open == 0)
			left = 0;
		status = receive(s, left);
		if (status != 0) {
			(void)snprintf(s->why, sizeof(s->why), "%s",
			    reactor_status_name(status));
			break;
		}
	}
	progress_clear();
	fail_all(s, s->why);
}

/*
 * The connection.
 */

/* Return 0, or 1 with the reason in s->why. */
static int
hello(struct sender *s)
{
	struct reactor_message *msg;
	struct reactor_header h;
	int status, result = -1;

	status = bare_post(s->group, REACTOR_HELLO_REQUEST, 0,
	    REACTOR_CONNECT_TO, s->address, &h);
	while (status == 0 && result == -1) {
		status = reactor_wait(s->group, s->timeout, &msg);
		if (status == REACTOR_RECEIVER_UPDATE ||
		    status == REACTOR_POOL_EMPTY) {
			status = 0;
			continue;
		}
		if (status != 0)
			break;
		if (reactor_message_header(msg)->flags & REACTOR_ENGINE) {
			keep_reason(s, msg);
			result = 1;
		} else if (reactor_message_header(msg)->opcode ==
		    REACTOR_HELLO_RESPONSE) {
			s->channel = h.channel;
			result = 0;
		}
		reactor_message_put(&msg);
	}
	if (status == 0)
		return result;
	(void)snprintf(s->why, sizeof(s->why), "%s",
	    status == REACTOR_INVALID_ADDRESS ?
	    "not an address: tcp|HOST|PORT or uds|PATH" :
	    reactor_status_name(status));
	return 1;
}

/* All is answered: what the goodbye is worth shows in no result. */
static void
goodbye(struct sender *s)
{
	int64_t deadline = clock_now() + s->timeout, left;

	if (bare_post(s->group, REACTOR_BYE_REQUEST, s->channel, NULL, NULL,
	    NULL) != 0)
		return;
	while (!s->closed && (left = deadline - clock_now()) > 0) {
		struct reactor_message *msg;
		int status = reactor_wait(s->group, left, &msg);

		if (status == 0)
			handle(s, &msg);
		else if (status != REACTOR_RECEIVER_UPDATE &&
		    status != REACTOR_POOL_EMPTY)
			break;
	}
}

unsigned
sender_run(struct reactor_group *group, const char *address, struct job *jobs,
    unsigned njobs, int64_t timeout)
{
	struct sender s = { 0 };
	unsigned i, failed = 0;

	s.group = group;
	s.address = address;
	s.jobs = jobs;
	s.njobs = s.open = njobs;
	s.timeout = timeout;

	if (hello(&s) != 0) {
		say("cannot connect to %s: %s", address, s.why);
		return njobs;
	}
	transfer(&s);
	reactor_message_put(&s.part);
	if (!s.closing)
		goodbye(&s);
	for (i = 0; i < njobs; i++)
		if (jobs[i].state != JOB_DONE)
			failed++;
	return failed;
}
