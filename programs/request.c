#include "request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reactor.h"
#include "say.h"
#include "store.h"
#include "text.h"

int
request_name(const struct reactor_message *msg, char name[NAME_LONGEST + 1],
    char *why, size_t room)
{
	char value[NAME_LONGEST + 2];
	const char *fault;
	long len;

	len = reactor_text_find(msg, TEXT_NAME, value, sizeof(value));
	if (len < 0) {
		(void)snprintf(why, room, "the name is missing");
		return EINVAL;
	}
	/* A longer one is cut, and still longer than the longest. */
	if (len >= (long)sizeof(value))
		len = (long)sizeof(value) - 1;
	if ((fault = name_fault(value, (size_t)len)) != NULL) {
		(void)snprintf(why, room, "the name %s", fault);
		return EINVAL;
	}
	memcpy(name, value, (size_t)len + 1);
	return 0;
}

int
request_size(const struct reactor_message *msg, uint64_t *size, char *why,
    size_t room)
{
	char digits[32];
	long len;

	len = reactor_text_find(msg, TEXT_SIZE, digits, sizeof(digits));
	if (len == 1 && strcmp(digits, TEXT_SIZE_LATER) == 0) {
		*size = SIZE_UNKNOWN;
		return 0;
	}
	/* One that is cut, or has a NUL in it, is not as long as it says. */
	if (len < 0 || (size_t)len != strlen(digits) ||
	    parse_number(digits, SIZE_LARGEST, size) != 0) {
		(void)snprintf(why, room, "the size is missing or no number");
		return EINVAL;
	}
	return 0;
}
