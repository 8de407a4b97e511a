#include "bare.h"

int
bare_post(struct reactor_group *group, enum reactor_opcode opcode,
    uint16_t channel, const char *name, const char *value,
    struct reactor_header *header)
{
	struct reactor_message *msg;
	int status;

	if ((status = reactor_message_get(group, REACTOR_ALWAYS, &msg)) != 0)
		return status;
	reactor_message_header(msg)->opcode = (uint8_t)opcode;
	reactor_message_header(msg)->channel = channel;
	if (name != NULL)
		status = reactor_text_add(msg, name, value);
	if (status == 0)
		status = reactor_post(group, &msg, header);
	reactor_message_put(&msg);
	return status;
}

const char *
bare_reason(struct reactor_message *msg, char *buf, size_t size)
{
	if (reactor_text_find(msg, REACTOR_REASON, buf, size) > 0)
		return buf;
	return reactor_status_name(reactor_message_header(msg)->status);
}
