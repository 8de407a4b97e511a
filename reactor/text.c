/* Text headers: `name:value` CRLF, one after the other. */
#include "private.h"

#include <stdio.h>
#include <string.h>

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
trim(const char **s, size_t *len)
{
	while (*len > 0 && blank(**s)) {
		(*s)++;
		(*len)--;
	}
	while (*len > 0 && blank((*s)[*len - 1]))
		(*len)--;
}

static bool
has(const char *s, size_t len, char c)
{
	return memchr(s, c, len) != NULL;
}

static bool
breaks(const char *s, size_t len)
{
	return has(s, len, '\r') || has(s, len, '\n') || has(s, len, '\0');
}

/* Append whatever the name is; what the engine itself writes. */
int
rx_text_append(struct reactor_message *m, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	size_t end = m->text_len;
	unsigned char *p;
	bool open;
	int status;

	trim(&value, &value_len);
	if (name_len > REACTOR_TEXT_MAX || value_len > REACTOR_TEXT_MAX)
		return REACTOR_INVALID_HEADERS_LEN;
	/* A peer may leave out the last line's end. */
	open = end > 0 && m->text[end - 1] != '\n';
	status = rx_text_reserve(m, end + (open ? 2 : 0) + name_len + 1 +
	    value_len + 2);
	if (status != 0)
		return status;
	p = m->text + end;
	if (open) {
		*p++ = '\r';
		*p++ = '\n';
	}
	memcpy(p, name, name_len);
	p += name_len;
	*p++ = ':';
	memcpy(p, value, value_len);
	p += value_len;
	*p++ = '\r';
	*p++ = '\n';
	m->text_len = (size_t)(p - m->text);
	return 0;
}

int
reactor_text_add_mem(struct reactor_message *m, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
	if (name_len == 0 || breaks(name, name_len) || has(name, name_len, ':')
	    || breaks(value, value_len))
		return REACTOR_INVALID_MESSAGE;
	if (name[0] == '~' &&
	    !(name_len == sizeof(REACTOR_CONNECT_TO) - 1 &&
	    memcmp(name, REACTOR_CONNECT_TO, name_len) == 0) &&
	    !(name_len == sizeof(REACTOR_LISTEN_ON) - 1 &&
	    memcmp(name, REACTOR_LISTEN_ON, name_len) == 0))
		return REACTOR_INVALID_MESSAGE;
	return rx_text_append(m, name, name_len, value, value_len);
}

int
reactor_text_add(struct reactor_message *m, const char *name,
    const char *value)
{
	return reactor_text_add_mem(m, name, strlen(name), value,
	    strlen(value));
}

/* One line from *offset on; false at the end. */
static bool
line_at(const struct reactor_message *m, size_t *offset, const char **line,
    size_t *len)
{
	const char *p = (const char *)m->text + *offset, *end;
	size_t left = m->text_len - *offset;

	if (left == 0)
		return false;
	end = memchr(p, '\n', left);
	*len = end == NULL ? left : (size_t)(end - p);
	*offset += end == NULL ? left : *len + 1;
	if (*len > 0 && p[*len - 1] == '\r')
		(*len)--;
	*line = p;
	return true;
}

int
reactor_text_next(const struct reactor_message *m, size_t *offset,
    const char **name, size_t *name_len, const char **value,
    size_t *value_len)
{
	const char *line, *colon;
	size_t len;

	if (*offset > m->text_len)
		return 0;
	while (line_at(m, offset, &line, &len)) {
		colon = memchr(line, ':', len);
		if (colon == NULL || colon == line)
			continue;
		*name = line;
		*name_len = (size_t)(colon - line);
		*value = colon + 1;
		*value_len = len - *name_len - 1;
		trim(value, value_len);
		return 1;
	}
	return 0;
}

long
reactor_text_find(const struct reactor_message *m, const char *name,
    char *value, size_t size)
{
	const char *n, *v;
	size_t offset = 0, n_len, v_len, copy, want = strlen(name);

	if (size > 0)
		value[0] = '\0';
	while (reactor_text_next(m, &offset, &n, &n_len, &v, &v_len)) {
		if (n_len != want || memcmp(n, name, want) != 0)
			continue;
		if (size > 0) {
			copy = v_len < size ? v_len : size - 1;
			memcpy(value, v, copy);
			value[copy] = '\0';
		}
		return (long)v_len;
	}
	return -1;
}

void
reactor_text_clear(struct reactor_message *m)
{
	m->text_len = 0;
}

/*
 * Drop the lines whose name belongs to the engine, except `keep`: a peer
 * wrote them, and the program would take them for the engine's word.
 */
void
rx_text_strip(struct reactor_message *m, const char *keep)
{
	size_t offset = 0, start, out = 0, len, keep_len;
	const char *line;

	if (memchr(m->text, '~', m->text_len) == NULL)
		return;
	keep_len = keep != NULL ? strlen(keep) : 0;
	for (start = 0; line_at(m, &offset, &line, &len); start = offset) {
		if (len > 0 && line[0] == '~' && !(keep != NULL &&
		    len > keep_len && line[keep_len] == ':' &&
		    memcmp(line, keep, keep_len) == 0))
			continue;
		memmove(m->text + out, m->text + start, offset - start);
		out += offset - start;
	}
	m->text_len = out;
}

/* Add `~reason: status_name: text of err`, as far as there is memory. */
void
rx_text_reason(struct reactor_message *m, int status, int err)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "%s%s%s",
	    reactor_status_name(status), err != 0 ? ": " : "",
	    err != 0 ? strerror(err) : "");
	(void)rx_text_append(m, REACTOR_REASON, sizeof(REACTOR_REASON) - 1,
	    text, strlen(text));
}
