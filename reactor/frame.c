/*
 * The 16 bytes in front of every frame, big-endian, by shifts:
 * channel 2, proto 1, status 1, id 8, length of text headers 2, of body 2.
 */
#include "private.h"

static void
put16(unsigned char *p, uint16_t v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static uint16_t
get16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

void
rx_frame_encode(unsigned char *p, const struct rx_frame *f)
{
	int i;

	put16(p, f->channel);
	p[2] = f->proto;
	p[3] = f->status;
	for (i = 0; i < 8; i++)
		p[4 + i] = (unsigned char)(f->id >> (56 - 8 * i));
	put16(p + 12, f->text_len);
	put16(p + 14, f->body_len);
}

void
rx_frame_decode(const unsigned char *p, struct rx_frame *f)
{
	int i;

	f->channel = get16(p);
	f->proto = p[2];
	f->status = p[3];
	f->id = 0;
	for (i = 0; i < 8; i++)
		f->id = f->id << 8 | p[4 + i];
	f->text_len = get16(p + 12);
	f->body_len = get16(p + 14);
}

/*
 * Is it a frame that may travel at all?  Channel, status, the origin bit and
 * the out-of-band bit are not looked at: the receiver overwrites them.
 */
int
rx_frame_check(const struct rx_frame *f)
{
	unsigned opcode = f->proto & 0x0f;

	if ((f->proto & 0x80) != 0)
		return REACTOR_RESERVED_BITS;
	if (opcode > REACTOR_BYE_RESPONSE)
		return REACTOR_INVALID_OP_CODE;
	if ((f->proto & REACTOR_MORE) != 0 && opcode > REACTOR_SIGNAL)
		return REACTOR_INVALID_MORE_USAGE;
	if (opcode == REACTOR_RESPONSE && f->id == 0)
		return REACTOR_INVALID_MESSAGE_ID;
	return 0;
}
