#include "afunix/meet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "afunix/native_nt.h"
#include "nt/random.h"

void
meet_offer(struct meet *m, uintptr_t sock)
{
	char path[NATIVE_PATH], *p = m->node;
	unsigned char id[LANE_ID];
	int i;

	m->lane = NULL;
	nt_random(id, sizeof(id));
	p += sprintf(p, "%s", MEET_PREFIX);
	for (i = 0; i < LANE_ID; i++)
		p += sprintf(p, "%02x", id[i]);
	if (!native_tells_names() || native_path(m->node, path) != 0 ||
	    lane_offer(id, &m->lane) != 0)
		return;
	if (native_bind_at(sock, path) != 0) {
		lane_close(m->lane, 0, 0);
		m->lane = NULL;
	}
}

struct lane *
meet_settle(struct meet *m, uint32_t pid)
{
	if (m->lane == NULL)
		return NULL;
	/* NT keeps the name in mind; the node nobody needs. */
	(void)native_remove(m->node);
	if (lane_promise(m->lane, pid) == 0)
		return m->lane;
	lane_close(m->lane, 0, 0);
	return NULL;
}

void
meet_withdraw(struct meet *m)
{
	(void)native_remove(m->node);
	lane_close(m->lane, 0, 0);
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int
take_id(const char *name, unsigned char id[LANE_ID])
{
	static const char prefix[] = "compat-lane-";
	int i, high, low;

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return 0;
	name += strlen(prefix);
	for (i = 0; i < LANE_ID; i++) {
		if ((high = digit(name[2 * i])) < 0 ||
		    (low = digit(name[2 * i + 1])) < 0)
			return 0;
		id[i] = (unsigned char)(high << 4 | low);
	}
	return name[2 * i] == '\0';
}

int
meet_accept(char *client, uint32_t pid, struct lane **lane)
{
	const char *name = client, *p;
	unsigned char id[LANE_ID];
	int err;

	for (p = client; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	*lane = NULL;
	if (!take_id(name, id))
		return 0;
	*client = '\0';
	err = lane_accept(id, pid, lane);
	/* The client sees that it is so, too. */
	return err == ENOENT || err == EACCES ? 0 : err;
}
