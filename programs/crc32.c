#include "crc32.h"

/*
 * Eight bytes a step: table[k][b] is what byte b contributes when k more
 * bytes follow it.  A table for one byte alone would be slower than the disk.
 */
static uint32_t table[8][256];

static void
make_tables(void)
{
	uint32_t crc;
	unsigned i, k;

	for (i = 0; i < 256; i++) {
		crc = i;
		for (k = 0; k < 8; k++)
			crc = crc >> 1 ^ ((crc & 1) ? 0xedb88320U : 0);
		table[0][i] = crc;
	}
	for (i = 0; i < 256; i++)
		for (k = 1; k < 8; k++)
			table[k][i] = table[k - 1][i] >> 8 ^
			    table[0][table[k - 1][i] & 0xff];
}

static uint32_t
load32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

uint32_t
crc32_add(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t high;

	if (table[0][1] == 0)
		make_tables();

	crc = ~crc;
	for (; len >= 8; p += 8, len -= 8) {
		crc ^= load32(p);
		high = load32(p + 4);
		crc = table[7][crc & 0xff] ^ table[6][crc >> 8 & 0xff] ^
		    table[5][crc >> 16 & 0xff] ^ table[4][crc >> 24] ^
		    table[3][high & 0xff] ^ table[2][high >> 8 & 0xff] ^
		    table[1][high >> 16 & 0xff] ^ table[0][high >> 24];
	}
	for (; len > 0; p++, len--)
		crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xff];
	return ~crc;
}
