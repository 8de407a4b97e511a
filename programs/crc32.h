/*
 * CRC-32 as in zlib, gzip, PNG and cksum -o 3: polynomial 0xedb88320
 * reflected, begun and ended with all ones.
 */
#ifndef PROGRAMS_CRC32_H
#define PROGRAMS_CRC32_H

#include <stddef.h>
#include <stdint.h>

/*
 * Return the CRC of what crc stands for followed by len bytes at data.  0
 * stands for nothing.  From one thread at first: it makes its tables then.
 */
uint32_t crc32_add(uint32_t crc, const void *data, size_t len);

#endif
