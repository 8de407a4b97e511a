/* Datagram sockets that a child has from its parent. */
#include "afunix/dgram.h"

#include "afunix/mailbox.h"
#include "process/handoff.h"

void
dgram_hand(struct socket *s, struct hand_record *r, struct dgram_keys *keys)
{
	struct unix_part *un = s->un;
	int i;

	keys->own = un->box->keys;
	lock_read(&s->lock);
	keys->to = un->to != NULL ? un->to->keys : (struct unix_node){ 0 };
	unlock_read(&s->lock);
	for (i = 0; i < BOX_HANDLES; i++)
		r->handle[HAND_MAIN + i] = un->box->handle[i];
}

int
dgram_take(const struct hand_record *r, const struct dgram_keys *keys,
    const struct unix_name *peer, struct socket **sp)
{
	uintptr_t handle[BOX_HANDLES];
	struct mailbox *box, *to;
	int err, i;

	for (i = 0; i < BOX_HANDLES; i++)
		handle[i] = (uintptr_t)r->handle[HAND_MAIN + i];
	if ((err = mailbox_adopt(handle, &keys->own, &box)) != 0 ||
	    (err = dgram_wrap(box, r->flags, sp)) != 0)
		return err;
	/* Who is gone already is nobody's peer any more. */
	if (keys->to.type == SOCK_DGRAM &&
	    mailbox_open(&keys->to, &to) == 0 &&
	    (err = dgram_set_peer(*sp, to, peer)) != 0) {
		mailbox_put_ref(to);
		sock_put(*sp);
	}
	return err;
}
