#include "compat/poll/random.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char text[1 << 18];
static size_t used;
static uint64_t state;

/* Seeds 0, 1, 2... must not begin alike. */
void
log_begin(uint64_t seed)
{
	int i;

	state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
	used = 0;
	text[0] = '\0';
	for (i = 0; i < 10; i++)
		(void)roll(2);
}

int
roll(int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (int)((state >> 20) % (unsigned int)n);
}

void
note(const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text + used, sizeof(text) - used, format, ap);
	va_end(ap);
	if (n > 0 && used + (size_t)n < sizeof(text))
		used += (size_t)n;
}

const char *
log_text(void)
{
	return text;
}

/* FNV-1a. */
uint64_t
log_digest(void)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < used; i++)
		h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	return h;
}

const char *
events_name(uint32_t events)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ EPOLLIN, "IN" }, { EPOLLOUT, "OUT" }, { EPOLLPRI, "PRI" },
		{ EPOLLRDHUP, "RDHUP" }, { EPOLLERR, "ERR" },
		{ EPOLLHUP, "HUP" }, { EPOLLET, "et" },
		{ EPOLLONESHOT, "oneshot" },
	};
	static char buf[4][64];
	static int turn;
	char *s = buf[turn++ % 4];
	size_t i;

	s[0] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((events & names[i].bit) == 0)
			continue;
		if (s[0] != '\0')
			(void)strcat(s, "|");
		(void)strcat(s, names[i].name);
		events &= ~names[i].bit;
	}
	if (events != 0)
		(void)strcat(s, "|?");
	return s;
}

/* The numbers differ between systems. */
const char *
error_name(int err)
{
	switch (err) {
	case 0:
		return "ok";
	case EAGAIN:
		return "EAGAIN";
	case EBADF:
		return "EBADF";
	case EEXIST:
		return "EEXIST";
	case EINVAL:
		return "EINVAL";
	case ELOOP:
		return "ELOOP";
	case ENOENT:
		return "ENOENT";
	case ENOTCONN:
		return "ENOTCONN";
	case EPERM:
		return "EPERM";
	case EPIPE:
		return "EPIPE";
	default:
		return strerror(err);
	}
}
