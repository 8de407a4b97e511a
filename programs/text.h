/*
 * Names of the text headers of the two programs; reactor-serve(1) has the
 * protocol.
 */
#ifndef PROGRAMS_TEXT_H
#define PROGRAMS_TEXT_H

#define TEXT_NAME	"name"	/* first part: what to call the file */
#define TEXT_SIZE	"size"	/* first part, answer: bytes, in decimal */
#define TEXT_CRC32	"crc32"	/* answer: 8 hexadecimal digits */
#define TEXT_ERROR	"error"	/* answer: a sentence, instead of the two */

/*
 * The size of what comes from a pipe is not known at first.  This stands for
 * it in the first part; the last part then says it.
 */
#define TEXT_SIZE_LATER	"-"

#endif
