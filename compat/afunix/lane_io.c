/* Sending and receiving beside a lane; README.md says why it is in step. */
#include "afunix/lane.h"

#include <sys/socket.h>

#include <errno.h>

#include "afunix/lane_nt.h"
#include "afunix/lane_shared.h"
#include "afunix/rights.h"
#include "fileio/iov.h"
#include "socket/sock_nt.h"

/* A message with descriptors ends here at the latest, as a packet of Linux. */
#define CHUNK 32768

/* Turns of lane_pause(), the last ones of a millisecond each. */
#define PATIENCE 1000

/* How often who should receive may turn out to have gone. */
#define TRIES 100

static int
is_quiet(const struct end *e, int receiving)
{
	const struct holder *h;

	for (h = e->holders; h < e->holders + LANE_HOLDERS; h++)
		if (h->count > 0 &&
		    atomic_load(receiving ? &h->receiving : &h->sending) != 0)
			return 0;
	return 1;
}

/*
 * Who is at the stream without the lock leaves it soon, as nothing blocks
 * there, and no other comes.  One that was killed there never does.
 */
static void
wait_quiet(struct end *e, int receiving)
{
	struct holder *h;
	uintptr_t process;
	unsigned int turn;

	for (turn = 0; !is_quiet(e, receiving); turn++) {
		lane_pause(turn);
		if (turn < PATIENCE)
			continue;
		for (h = e->holders; h < e->holders + LANE_HOLDERS; h++) {
			if (h->count == 0)
				continue;
			if (lane_process(&h->who, &process) == ESRCH)
				h->count = 0;
			else
				lane_process_close(process);
		}
		return;
	}
}

/* --- sending --- */

static int
send_counted(struct lane *l, uintptr_t sock, struct nt_msg *m, size_t *done)
{
	int err = nt_sock_send(sock, m, done);

	if (*done > 0)
		atomic_fetch_add(&l->me->sent, *done);
	return err;
}

/* Without mail: no call to NT but the one. */
static int
send_plain(struct lane *l, uintptr_t sock, struct nt_msg *m, size_t *done)
{
	int err;

	/* Urgent data are no bytes of the stream. */
	if ((m->flags & MSG_OOB) != 0)
		atomic_store(&l->map->sh->plain, 1);
	atomic_fetch_add(&l->self->sending, 1);
	if (atomic_load(&l->me->posting) == 0) {
		err = send_counted(l, sock, m, done);
		atomic_fetch_sub(&l->self->sending, 1);
		return err;
	}
	atomic_fetch_sub(&l->self->sending, 1);
	lane_lock(l);
	err = send_counted(l, sock, m, done);
	lane_unlock(l);
	return err;
}

/*
 * No room.  That another writes has to be told, or the bytes would be taken
 * for the last one's: from the last mail on nobody is known to have written.
 */
static int
send_full(struct lane *l, uintptr_t sock, struct nt_msg *m,
    const struct lane_mail *mail, size_t *done)
{
	struct end *to = l->peer;

	if (mail->fds > 0)
		return EAGAIN;
	to->mails[(to->first + LANE_MAILS - 1) % LANE_MAILS].pid = 0;
	atomic_store(&l->me->marked, 0);
	return send_counted(l, sock, m, done);
}

/* The lock is held; nobody else is at either side of this direction. */
static int
send_mail(struct lane *l, uintptr_t sock, struct nt_msg *m,
    const struct lane_mail *mail, size_t *done)
{
	struct end *to = l->peer;
	unsigned int n = lane_pending(to);
	struct lane_mail *slot = &to->mails[(to->first + n) % LANE_MAILS];
	size_t limit = m->limit;
	int err;

	if (n == LANE_MAILS)
		return send_full(l, sock, m, mail, done);
	*slot = *mail;
	slot->at = atomic_load(&l->me->sent);
	slot->end = slot->at + CHUNK;
	atomic_fetch_add(&to->pending, 1);
	wait_quiet(to, 1);
	if (mail->fds > 0)
		m->limit = CHUNK;
	err = send_counted(l, sock, m, done);
	m->limit = limit;
	if (*done == 0) {
		atomic_fetch_sub(&to->pending, 1);
		return err != 0 ? err : EAGAIN;
	}
	slot->end = slot->at + *done;
	atomic_store(&l->me->marked, mail->pid);
	return err;
}

static int
is_held(struct end *e, const struct lane_who *who)
{
	const struct holder *h = lane_find(e, who->pid);

	return h != NULL && h->who.start == who->start;
}

/* ESTALE: who keeps what the mail brings does not hold the end any more. */
static int
post(struct lane *l, uintptr_t sock, struct nt_msg *m,
    const struct lane_mail *mail, size_t *done)
{
	int err;

	lane_lock(l);
	atomic_fetch_add(&l->me->posting, 1);
	wait_quiet(l->me, 0);
	if (mail->fds > 0 && !is_held(l->peer, &mail->keeper))
		err = ESTALE;
	else
		err = send_mail(l, sock, m, mail, done);
	atomic_fetch_sub(&l->me->posting, 1);
	lane_unlock(l);
	return err;
}

/*
 * Who shall keep what is under way: whoever came last to hold the other end,
 * a child rather than its parent.  A client takes a moment to come, after the
 * server has let it in.
 */
static int
find_keeper(struct lane *l, struct lane_who *who, uintptr_t *process)
{
	struct holder *h;
	unsigned int turn = 0;
	uint32_t joined;
	int err;

	for (;;) {
		lane_lock(l);
		joined = l->peer->joined;
		if ((h = lane_newest(l->peer)) != NULL)
			*who = h->who;
		err = h != NULL ? lane_process(who, process) : EPIPE;
		if (err == ESRCH)
			h->count = 0;
		lane_unlock(l);
		if (err == EPIPE && joined == 0) {
			if (++turn == PATIENCE)
				return EOPNOTSUPP;
			lane_pause(turn);
		} else if (err != ESRCH) {
			return err;
		}
	}
}

static int
send_rights(struct lane *l, const struct scm *scm, lane_put *put, void *arg)
{
	struct lane_mail mail = { .pid = l->self->who.pid, .fds = scm->n };
	uintptr_t process;
	int err;

	if ((err = find_keeper(l, &mail.keeper, &process)) != 0)
		return err;
	err = lane_push(process, mail.keeper.pid, scm->files, scm->n,
	    &mail.section);
	if (err == 0 && (err = put(arg, &mail)) != 0)
		lane_unpush(process, mail.keeper.pid, scm->files, scm->n,
		    mail.section);
	lane_process_close(process);
	return err;
}

static int
insist(struct lane *l, const struct scm *scm, lane_put *put, void *arg)
{
	int err, tries;

	for (tries = 0; tries < TRIES; tries++)
		if ((err = send_rights(l, scm, put, arg)) != ESTALE)
			return err;
	return EPIPE;
}

struct in_stream {
	struct lane *l;
	uintptr_t sock;
	struct nt_msg *m;
	size_t *done;
};

static int
put_in_stream(void *arg, const struct lane_mail *mail)
{
	struct in_stream *to = arg;

	return post(to->l, to->sock, to->m, mail, to->done);
}

struct elsewhere {
	struct lane *l;
	lane_put *put;
	void *arg;
};

static int
put_held(void *arg, const struct lane_mail *mail)
{
	struct elsewhere *to = arg;
	int err;

	lane_lock(to->l);
	err = is_held(to->l->peer, &mail->keeper) ? to->put(to->arg, mail) :
	    ESTALE;
	lane_unlock(to->l);
	return err;
}

int
lane_pass(struct lane *l, const struct scm *scm, lane_put *put, void *arg)
{
	struct elsewhere to = { l, put, arg };

	return insist(l, scm, put_held, &to);
}

int
lane_send(struct lane *l, uintptr_t sock, struct nt_msg *m, size_t *done)
{
	const struct lane_mail mark = { .pid = l->self->who.pid };
	struct in_stream to = { l, sock, m, done };

	*done = 0;
	if (iov_total(m->iov, m->iovcnt) == m->skip)
		return send_plain(l, sock, m, done);
	if (m->scm != NULL && m->scm->n > 0) {
		if (atomic_load(&l->map->sh->plain))
			return EOPNOTSUPP;
		return insist(l, m->scm, put_in_stream, &to);
	}
	if (atomic_load(&l->me->marked) == mark.pid)
		return send_plain(l, sock, m, done);
	return post(l, sock, m, &mark, done);
}

/* --- receiving --- */

static int
recv_counted(struct lane *l, uintptr_t sock, struct nt_msg *m, size_t *done)
{
	int err = nt_sock_recv(sock, m, done);

	if (*done > 0 && (m->flags & MSG_PEEK) == 0)
		atomic_fetch_add(&l->me->received, *done);
	return err;
}

static struct lane_mail *
mail_at(struct end *e, unsigned int i)
{
	return &e->mails[(e->first + i) % LANE_MAILS];
}

/* Whose turn to write has begun already. */
static void
skip_marks(struct end *e)
{
	unsigned int n;

	for (n = lane_pending(e); n > 0 && mail_at(e, 0)->fds == 0 &&
	    mail_at(e, 0)->at <= atomic_load(&e->received); n--) {
		atomic_store(&e->writer, mail_at(e, 0)->pid);
		lane_pop(e);
	}
}

/*
 * unix(7): a message with descriptors is a barrier; what came before it may be
 * read with it, what comes after it not.  With SO_PASSCRED bytes of several
 * writers are not read together.  *limit: how far, 0 for no end; return which
 * mail is in between, or -1.
 */
static int
next_barrier(struct end *e, int passcred, uint64_t *limit)
{
	uint64_t at = atomic_load(&e->received);
	uint32_t writer = atomic_load(&e->writer);
	const struct lane_mail *mail;
	unsigned int i;

	*limit = 0;
	for (i = 0; i < lane_pending(e); i++) {
		mail = mail_at(e, i);
		if (passcred && mail->at > at && mail->pid != writer) {
			*limit = mail->at - at;
			return -1;
		}
		if (mail->fds > 0) {
			*limit = mail->end - at;
			return (int)i;
		}
	}
	return -1;
}

/* The bytes up to mail i, and one of its own at least, have been read. */
static void
arrive(struct end *e, int i, struct nt_msg *m, struct lane_mail *out)
{
	int peek = (m->flags & MSG_PEEK) != 0;

	*out = *mail_at(e, (unsigned int)i);
	while (!peek && i-- >= 0) {
		atomic_store(&e->writer, mail_at(e, 0)->pid);
		lane_pop(e);
	}
	m->barrier = 1;
}

static int
recv_mail(struct lane *l, uintptr_t sock, struct nt_msg *m, int passcred,
    struct lane_mail *mail, size_t *done)
{
	uint64_t at, barrier;
	struct end *e = l->me;
	size_t limit = m->limit;
	int err, i;

	lane_lock(l);
	skip_marks(e);
	at = atomic_load(&e->received);
	i = next_barrier(e, passcred, &barrier);
	if (barrier > 0 && (limit == 0 || barrier < limit))
		m->limit = (size_t)barrier;
	if (m->scm != NULL)
		m->scm->pid = i >= 0 && mail_at(e, (unsigned int)i)->at == at ?
		    mail_at(e, (unsigned int)i)->pid :
		    atomic_load(&e->writer);
	err = recv_counted(l, sock, m, done);
	m->limit = limit;
	if (barrier > 0 && *done == barrier)
		m->barrier = 1;
	if (i >= 0 && at + *done > mail_at(e, (unsigned int)i)->at)
		arrive(e, i, m, mail);
	lane_unlock(l);
	return err;
}

/* 0: there is mail, so nothing was done. */
static int
recv_plain(struct lane *l, uintptr_t sock, struct nt_msg *m, size_t *done,
    int *err)
{
	int none;

	atomic_fetch_add(&l->self->receiving, 1);
	if ((none = atomic_load(&l->me->pending) == 0)) {
		if (m->scm != NULL)
			m->scm->pid = atomic_load(&l->me->writer);
		*err = recv_counted(l, sock, m, done);
	}
	atomic_fetch_sub(&l->self->receiving, 1);
	return none;
}

int
lane_recv(struct lane *l, uintptr_t sock, struct nt_msg *m, int passcred,
    size_t *done)
{
	struct lane_mail mail = { .fds = 0 };
	int err;

	*done = 0;
	if ((m->flags & MSG_OOB) != 0)
		return nt_sock_recv(sock, m, done);
	if (recv_plain(l, sock, m, done, &err))
		return err;
	err = recv_mail(l, sock, m, passcred, &mail, done);
	rights_arrive(m, &mail);
	return err;
}
