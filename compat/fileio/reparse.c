#include "fileio/reparse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fileio/names.h"

#define HEADER 8		/* tag, length of what follows, reserved */
#define WSL_VERSION 2

static uint32_t
get16(const unsigned char *p)
{
	return (uint32_t)(p[0] | p[1] << 8);
}

static uint32_t
get32(const unsigned char *p)
{
	return get16(p) | get16(p + 2) << 16;
}

/*
 * data: where the name begins among the names, and its length, then those of
 * the name for people to read; names follow at names_at.
 */
static int
nt_text(const unsigned char *data, size_t len, size_t names_at, char **text)
{
	uint16_t *name;
	size_t at, n, i;
	int err = 0;

	if (len < names_at)
		return EIO;
	at = names_at + get16(data);
	n = get16(data + 2);
	if (n == 0 || n % 2 != 0 || at > len || n > len - at)
		return EIO;
	if ((name = malloc(n + sizeof(*name))) == NULL)
		return ENOMEM;
	for (i = 0; i < n / 2; i++)
		if ((name[i] = (uint16_t)get16(data + at + 2 * i)) == 0)
			err = EIO;
	name[i] = 0;
	if (err == 0)
		err = path_text(name, text);
	free(name);
	return err;
}

static int
wsl_text(const unsigned char *data, size_t len, char **text)
{
	if (len < 5 || get32(data) != WSL_VERSION ||
	    memchr(data + 4, '\0', len - 4) != NULL)
		return EIO;
	if ((*text = calloc(1, len - 3)) == NULL)
		return ENOMEM;
	(void)memcpy(*text, data + 4, len - 4);
	return 0;
}

int
reparse_text(const void *buf, size_t len, char **text)
{
	const unsigned char *data = buf;
	size_t n;

	if (len < HEADER || (n = get16(data + 4)) > len - HEADER)
		return EIO;
	switch (get32(data)) {
	case REPARSE_SYMLINK:
		return nt_text(data + HEADER, n, 12, text);
	case REPARSE_JUNCTION:
		return nt_text(data + HEADER, n, 8, text);
	case REPARSE_WSL_LINK:
		return wsl_text(data + HEADER, n, text);
	default:
		return EINVAL;
	}
}
