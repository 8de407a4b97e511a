/* Sockets with mailboxes that a child has from its parent. */
#include "afunix/boxed.h"

#include "afunix/dgram.h"
#include "afunix/seqpacket.h"
#include "process/handoff.h"

/* The TCP connection of packets; the first places are the mailbox's. */
#define CONNECTION BOX_HANDLES

void
boxed_hand(struct socket *s, struct hand_record *r, struct box_keys *keys)
{
	struct unix_part *un = s->un;
	int i;

	keys->own = un->box->keys;
	lock_read(&s->lock);
	keys->to = un->to != NULL ? un->to->keys : (struct unix_node){ 0 };
	unlock_read(&s->lock);
	for (i = 0; i < BOX_HANDLES; i++)
		r->handle[HAND_MAIN + i] = un->box->handle[i];
	if (s->type == SOCK_SEQPACKET)
		r->handle[CONNECTION] = s->file.handle;
}

static int
take_box(struct hand_record *r, const struct box_keys *keys,
    struct mailbox **box)
{
	uintptr_t handle[BOX_HANDLES];
	int i;

	for (i = 0; i < BOX_HANDLES; i++)
		handle[i] = hand_claim(r, HAND_MAIN + i);
	return mailbox_adopt(handle, &keys->own, box);
}

/* Who is gone already is nobody's peer any more. */
static struct mailbox *
find_peer(const struct box_keys *keys)
{
	struct mailbox *to;

	return keys->to.type != 0 && mailbox_open(&keys->to, &to) == 0 ? to :
	    NULL;
}

int
dgram_take(struct hand_record *r, const struct box_keys *keys,
    const struct unix_name *peer, struct socket **sp)
{
	struct mailbox *box, *to;
	int err;

	if ((err = take_box(r, keys, &box)) != 0 ||
	    (err = dgram_wrap(box, r->flags, sp)) != 0)
		return err;
	if ((to = find_peer(keys)) != NULL &&
	    (err = boxed_set_peer(*sp, to, peer)) != 0) {
		mailbox_put_ref(to);
		sock_put(*sp);
	}
	return err;
}

int
seq_take(struct hand_record *r, const struct box_keys *keys,
    const struct unix_name *peer, struct socket **sp)
{
	struct mailbox *box;
	int err;

	if ((err = take_box(r, keys, &box)) != 0)
		return err;
	err = seq_new(hand_claim(r, CONNECTION), r->flags, sp);
	if (err != 0) {
		mailbox_put_ref(box);
		return err;
	}
	if ((err = seq_join(*sp, box, find_peer(keys), peer)) != 0)
		sock_put(*sp);
	return err;
}
