#include "name.h"

#include <stdint.h>
#include <string.h>

/*
 * The length of the UTF-8 sequence at p, of at most len bytes, with the
 * character in *c; 0 when it is not one: cut off, overlong, a surrogate, or
 * beyond U+10FFFF.
 */
static size_t
utf8_char(const unsigned char *p, size_t len, uint32_t *c)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t i, n;

	if (p[0] < 0x80)
		n = 1;
	else if (p[0] >= 0xc2 && p[0] < 0xe0)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] < 0xf0)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] < 0xf5)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;

	*c = n == 1 ? p[0] : p[0] & (0xffU >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (*c < lowest[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

static const char *
character_fault(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return "has a control character in it";
	if (c == '/')
		return "has a / in it; files go into one directory";
	if (c == '\\')
		return "has a \\ in it";
	if (c == ':')
		return "has a : in it";
	if (c < 0x80 && strchr("*?\"<>|", (int)c) != NULL)
		return "has one of * ? \" < > | in it";
	return NULL;
}

/* word is in small letters; the case of name does not matter. */
static int
is_word(const char *name, size_t len, const char *word)
{
	size_t i;

	if (len != strlen(word))
		return 0;
	for (i = 0; i < len; i++) {
		char c = name[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != word[i])
			return 0;
	}
	return 1;
}

/*
 * NT reads these as devices in every directory, whatever the extension, and
 * with blanks before it.  The digits after COM and LPT may be superscripts:
 * Microsoft, "Naming Files, Paths, and Namespaces".
 */
static int
is_device(const char *name, size_t len)
{
	static const char *const words[] = { "con", "prn", "aux", "nul",
	    "conin$", "conout$", "clock$" };
	static const char *const superscripts[] = { "\xc2\xb9", "\xc2\xb2",
	    "\xc2\xb3" };
	const char *dot;
	size_t i;

	if ((dot = memchr(name, '.', len)) != NULL)
		len = (size_t)(dot - name);
	while (len > 0 && name[len - 1] == ' ')
		len--;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_word(name, len, words[i]))
			return 1;

	if (len < 4 || !(is_word(name, 3, "com") || is_word(name, 3, "lpt")))
		return 0;
	if (len == 4)
		return name[3] >= '0' && name[3] <= '9';
	for (i = 0; i < sizeof(superscripts) / sizeof(superscripts[0]); i++)
		if (len == 5 && memcmp(name + 3, superscripts[i], 2) == 0)
			return 1;
	return 0;
}

const char *
name_fault(const char *name, size_t len)
{
	const char *fault;
	size_t i, n;
	uint32_t c;

	if (len == 0)
		return "is empty";
	if (len > NAME_LONGEST)
		return "is longer than 255 bytes";
	for (i = 0; i < len; i += n) {
		n = utf8_char((const unsigned char *)name + i, len - i, &c);
		if (n == 0)
			return "is not UTF-8";
		if ((fault = character_fault(c)) != NULL)
			return fault;
	}
	if ((len == 1 && name[0] == '.') ||
	    (len == 2 && memcmp(name, "..", 2) == 0))
		return "is a directory's";
	/* NT drops the ones, the text headers drop the others. */
	if (name[len - 1] == '.')
		return "ends with a dot";
	if (name[0] == ' ' || name[len - 1] == ' ')
		return "begins or ends with a blank";
	if (is_device(name, len))
		return "is a device's on NT";
	if (len >= strlen(NAME_RESERVED) &&
	    is_word(name, strlen(NAME_RESERVED), NAME_RESERVED))
		return "begins with .reactor-, as temporary files do";
	return NULL;
}
