/* What the text headers of a Request say of the file that it brings. */
#ifndef PROGRAMS_REQUEST_H
#define PROGRAMS_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "name.h"

struct reactor_message;

/*
 * Get the name, which is a good one then.  Return 0, or an errno with a
 * sentence of at most room bytes in why.
 */
int request_name(const struct reactor_message *msg,
    char name[NAME_LONGEST + 1], char *why, size_t room);

/* Get the size, which may be SIZE_UNKNOWN.  The same. */
int request_size(const struct reactor_message *msg, uint64_t *size,
    char *why, size_t room);

#endif
