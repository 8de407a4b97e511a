/* Messages without a body, and what the engine's own say. */
#ifndef PROGRAMS_BARE_H
#define PROGRAMS_BARE_H

#include <stddef.h>
#include <stdint.h>

#include "reactor.h"

/*
 * Post a message that is nothing but an opcode and, unless name is NULL, one
 * text header.  header as for reactor_post().  Return a status.
 */
int bare_post(struct reactor_group *group, enum reactor_opcode opcode,
    uint16_t channel, const char *name, const char *value,
    struct reactor_header *header);

/* The reason that a message of the engine gives, or its status's name. */
const char *bare_reason(struct reactor_message *msg, char *buf, size_t size);

#endif
