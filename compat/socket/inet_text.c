/* Internet addresses as text; RFC 4291 §2.2, RFC 5952. */
#include <arpa/inet.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fd/result.h"

const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
const struct in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;

uint16_t
htons(uint16_t n)
{
	return __builtin_bswap16(n);
}

uint16_t
ntohs(uint16_t n)
{
	return __builtin_bswap16(n);
}

uint32_t
htonl(uint32_t n)
{
	return __builtin_bswap32(n);
}

uint32_t
ntohl(uint32_t n)
{
	return __builtin_bswap32(n);
}

static int
pton4(const char *text, uint8_t *out)
{
	unsigned int value;
	int digits, i;

	for (i = 0; i < 4; i++) {
		value = 0;
		for (digits = 0; *text >= '0' && *text <= '9'; digits++) {
			/* A leading zero is octal to some: refuse it. */
			if (digits > 0 && value == 0)
				return 0;
			value = value * 10 + (unsigned int)(*text++ - '0');
			if (value > 255)
				return 0;
		}
		if (digits == 0 || *text++ != (i < 3 ? '.' : '\0'))
			return 0;
		out[i] = (uint8_t)value;
	}
	return 1;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Move what follows "::" to the end. */
static int
expand(uint8_t *out, int n, int gap)
{
	if (gap < 0)
		return n == 16;
	if (n == 16)
		return 0;
	memmove(out + 16 - (n - gap), out + gap, (size_t)(n - gap));
	memset(out + gap, 0, (size_t)(16 - n));
	return 1;
}

static int
pton6(const char *text, uint8_t *out)
{
	const char *group;
	unsigned int value;
	int digits, n = 0, gap = -1;

	if (*text == ':' && *++text != ':')
		return 0;
	while (*text != '\0') {
		if (*text == ':') {
			if (gap >= 0)
				return 0;
			gap = n;
			if (*++text == '\0')
				break;
		}
		group = text;
		value = 0;
		for (digits = 0; digits < 5 && hex_digit(*text) >= 0; digits++)
			value = value << 4 | (unsigned int)hex_digit(*text++);
		if (*text == '.' && n <= 12 && pton4(group, out + n))
			return expand(out, n + 4, gap);
		if (digits == 0 || digits > 4 || n > 14)
			return 0;
		out[n++] = (uint8_t)(value >> 8);
		out[n++] = (uint8_t)value;
		if (*text == ':' && *++text == '\0')
			return 0;
		else if (*text != '\0' && text[-1] != ':')
			return 0;
	}
	return expand(out, n, gap);
}

int
inet_pton(int family, const char *__restrict__ text, void *__restrict__ addr)
{
	uint8_t bytes[16];
	int ok;

	switch (family) {
	case AF_INET:
		if ((ok = pton4(text, bytes)) != 0)
			memcpy(addr, bytes, 4);
		return ok;
	case AF_INET6:
		if ((ok = pton6(text, bytes)) != 0)
			memcpy(addr, bytes, 16);
		return ok;
	default:
		return result(EAFNOSUPPORT, 0);
	}
}

/* The longest run of at least two zero groups: its start, or -1. */
static int
zero_run(const uint8_t *a, int *len)
{
	int best = -1, i, j;

	*len = 1;
	for (i = 0; i < 8; i = j + 1) {
		for (j = i; j < 8 && a[2 * j] == 0 && a[2 * j + 1] == 0; j++)
			;
		if (j - i > *len) {
			best = i;
			*len = j - i;
		}
	}
	return best;
}

static void
ntop4(const uint8_t *a, char *out, size_t size)
{
	(void)snprintf(out, size, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
}

static void
ntop6(const uint8_t *a, char *out, size_t size)
{
	int i, len, run = zero_run(a, &len);
	size_t at = 0;

	/* Only ::ffff:0:0/96 is shown with an IPv4 tail, as glibc does, and
	 * ::/96 where more than a small number is in the tail. */
	for (i = 0; i < 8; i++) {
		if (i == run) {
			at += (size_t)snprintf(out + at, size - at, "::");
			i += len - 1;
			continue;
		}
		if (i > 0 && i != run + (run < 0 ? 0 : len))
			out[at++] = ':';
		if (i == 6 && run == 0 && (len == 6 || (len == 5 &&
		    a[10] == 0xff && a[11] == 0xff))) {
			ntop4(a + 12, out + at, size - at);
			return;
		}
		at += (size_t)snprintf(out + at, size - at, "%x",
		    (unsigned int)(a[2 * i] << 8 | a[2 * i + 1]));
	}
	out[at] = '\0';
}

const char *
inet_ntop(int family, const void *__restrict__ addr, char *__restrict__ text,
    socklen_t size)
{
	char buf[INET6_ADDRSTRLEN];

	switch (family) {
	case AF_INET:
		ntop4(addr, buf, sizeof(buf));
		break;
	case AF_INET6:
		ntop6(addr, buf, sizeof(buf));
		break;
	default:
		return result_ptr(EAFNOSUPPORT, NULL);
	}
	if (strlen(buf) >= size)
		return result_ptr(ENOSPC, NULL);
	return strcpy(text, buf);
}

/* a, a.b, a.b.c or a.b.c.d, each part decimal, octal or hexadecimal. */
int
inet_aton(const char *text, struct in_addr *addr)
{
	unsigned long part[4];
	uint32_t value = 0;
	char *end;
	int i, n;

	for (n = 0; n < 4; n++) {
		if (*text < '0' || *text > '9')
			return 0;
		part[n] = strtoul(text, &end, 0);
		text = end + 1;
		if (*end != '.')
			break;
	}
	if (n == 4 || (*end != '\0' && strchr(" \t\n", *end) == NULL))
		return 0;
	for (i = 0; i < n; i++) {
		if (part[i] > 255)
			return 0;
		value |= (uint32_t)part[i] << (24 - 8 * i);
	}
	if (n > 0 && part[n] >> (32 - 8 * n) != 0)
		return 0;
	if (addr != NULL)
		addr->s_addr = htonl(value | (uint32_t)part[n]);
	return 1;
}

in_addr_t
inet_addr(const char *text)
{
	struct in_addr addr;

	return inet_aton(text, &addr) ? addr.s_addr : INADDR_NONE;
}

char *
inet_ntoa(struct in_addr addr)
{
	static char buf[INET_ADDRSTRLEN];

	ntop4((const uint8_t *)&addr, buf, sizeof(buf));
	return buf;
}
