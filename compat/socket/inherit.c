/* Sockets that a child has from its parent. */
#include <sys/socket.h>

#include <errno.h>
#include <string.h>

#include "afunix/boxed.h"
#include "afunix/lane.h"
#include "process/handoff.h"
#include "socket/inherit.h"

struct data {
	int domain, type, protocol;
	int state, shut, bound, reuse, gone, rcvlowat;
	int native, lane, passcred;	/* lane: the end, + 1 */
	struct linger linger;
	int64_t rcvtimeo, sndtimeo;
	struct ucred cred;
	struct unix_name self, peer;
	struct box_keys keys;
	uint32_t ahead;		/* the room for what is read ahead */
};

_Static_assert(sizeof(struct data) <=
    sizeof(((struct hand_record *)0)->data), "fits");

#define LANE_SECTION HAND_LANE
#define LANE_MUTEX (HAND_LANE + 1)
#define AHEAD_SECTION HAND_EXTRA	/* of TCP */
#define AHEAD_MUTEX (HAND_EXTRA + 1)

static int
hand_lane(const struct lane *lane, struct hand_record *r)
{
	uintptr_t section, mutex;
	int which = lane_handles(lane, &section, &mutex);

	r->handle[LANE_SECTION] = section;
	r->handle[LANE_MUTEX] = mutex;
	return which + 1;
}

void
sock_handed(struct file *f, uint32_t pid, int n)
{
	struct socket *s = (struct socket *)f;

	if (s->un != NULL && s->un->lane != NULL)
		lane_held(s->un->lane, pid, n);
}

/*
 * A listener of AF_UNIX has a service in its process that lets peers in, and a
 * connection that is being made is watched there: the child does not get them
 * (LIM-FD-6).
 */
int
sock_hand(struct file *f, struct hand_record *r)
{
	struct socket *s = (struct socket *)f;
	struct data d = { .domain = s->domain, .type = s->type,
	    .protocol = s->protocol, .state = atomic_load(&s->state),
	    .shut = atomic_load(&s->shut), .bound = atomic_load(&s->bound),
	    .reuse = atomic_load(&s->reuse), .gone = atomic_load(&s->gone),
	    .rcvlowat = atomic_load(&s->rcvlowat),
	    .linger = s->linger, .rcvtimeo = atomic_load(&s->rcvtimeo),
	    .sndtimeo = atomic_load(&s->sndtimeo) };
	int err;

	r->type = HAND_NONE;
	if (s->un == NULL && s->type == SOCK_STREAM &&
	    (err = ahead_hand(s, &r->handle[AHEAD_SECTION],
	    &r->handle[AHEAD_MUTEX], &d.ahead)) != 0)
		return err;
	if (s->un != NULL) {
		if (s->un->box == NULL &&
		    (d.state != SOCK_CONNECTED || s->un->node != 0))
			return 0;
		d.native = s->ops == &unix_native_ops;
		d.passcred = atomic_load(&s->un->passcred);
		if (s->un->lane != NULL)
			d.lane = hand_lane(s->un->lane, r);
		d.cred = s->un->cred;
		d.self = s->un->self;
		d.peer = s->un->peer;
	}
	if (s->un != NULL && s->un->box != NULL)
		boxed_hand(s, r, &d.keys);
	else
		r->handle[HAND_MAIN] = f->handle;
	memcpy(r->data, &d, sizeof(d));
	r->type = HAND_SOCKET;
	return 0;
}

int
sock_native(struct file *f, struct native_handle *native)
{
	struct socket *s = (struct socket *)f;

	/* A plain program would miss what was read ahead. */
	native->handle = s->un != NULL || ahead_give_up(s) == 0 ? f->handle :
	    0;
	return 0;
}

/* A lane that cannot be joined is missed when descriptors are to be sent. */
static void
take_lane(const struct data *d, const struct hand_record *r,
    struct unix_part *un)
{
	if (d->lane != 0 && lane_join((uintptr_t)r->handle[LANE_SECTION],
	    (uintptr_t)r->handle[LANE_MUTEX], d->lane - 1, r->giver,
	    &un->lane) != 0)
		un->lane = NULL;
}

/* The socket's own handles are claimed. */
static int
make(const struct data *d, struct hand_record *r, struct socket **sp)
{
	int err;

	if (d->domain != AF_UNIX) {
		err = sock_new(&inet_ops, d->domain, d->type, d->protocol,
		    hand_claim(r, HAND_MAIN), r->flags, sp);
		if (err == 0 && (err = ahead_join(*sp,
		    hand_claim(r, AHEAD_SECTION), hand_claim(r, AHEAD_MUTEX),
		    d->ahead)) != 0)
			sock_put(*sp);
		return err;
	}
	if (d->type == SOCK_DGRAM)
		err = dgram_take(r, &d->keys, &d->peer, sp);
	else if (d->type == SOCK_SEQPACKET)
		err = seq_take(r, &d->keys, &d->peer, sp);
	else
		err = unix_new(d->native ? &unix_native_ops : &unix_emul_ops,
		    d->type, hand_claim(r, HAND_MAIN), r->flags, sp);
	if (err != 0)
		return err;
	(*sp)->un->cred = d->cred;
	(*sp)->un->self = d->self;
	(*sp)->un->peer = d->peer;
	atomic_store(&(*sp)->un->passcred, d->passcred);
	return 0;
}

static int
sock_take(struct hand_record *r, struct file **fp)
{
	struct socket *s;
	struct data d;
	int err;

	memcpy(&d, r->data, sizeof(d));
	if ((err = nt_sock_start()) != 0 ||
	    (err = make(&d, r, &s)) != 0)
		return err;
	if (s->un == NULL || s->type != SOCK_DGRAM)
		nt_sock_import(s->file.handle);
	atomic_store(&s->state, d.state);
	atomic_store(&s->shut, d.shut);
	atomic_store(&s->bound, d.bound);
	atomic_store(&s->reuse, d.reuse);
	atomic_store(&s->gone, d.gone);
	atomic_store(&s->rcvlowat, d.rcvlowat);
	atomic_store(&s->rcvtimeo, d.rcvtimeo);
	atomic_store(&s->sndtimeo, d.sndtimeo);
	s->linger = d.linger;
	if (s->un != NULL)
		take_lane(&d, r, s->un);
	*fp = &s->file;
	return 0;
}

static void __attribute__((constructor(HAND_PRIORITY)))
enter(void)
{
	hand_enter(HAND_SOCKET, sock_take);
}
