/*
 * The directory that files are stored in.
 *
 * A file comes in under a temporary name, .reactor-PID-NUMBER, and gets its
 * own name, replacing what had it, only when all of it is on the disk.  The
 * temporary file is gone after store_end() as after store_drop().
 */
#ifndef PROGRAMS_STORE_H
#define PROGRAMS_STORE_H

#include <stddef.h>
#include <stdint.h>

struct pidfile;
struct store;
struct incoming;		/* a file on its way in */

/* The size of a file, as long as nobody has said it. */
#define SIZE_UNKNOWN	UINT64_MAX

/* The greatest size that is believed: what off_t can count. */
#define SIZE_LARGEST	INT64_MAX

/*
 * Open the directory dir, which must exist and take files.  pf, which may
 * hold nothing, is the one file in it that nobody may replace.  Both must
 * stay valid.  Return 0, or an errno with a sentence in why.
 */
int store_open(const char *dir, const struct pidfile *pf,
    struct store **storep, char *why, size_t size);

void store_close(struct store *store);

/*
 * Begin to store a file under name, which has been found good.  expected is
 * its size or SIZE_UNKNOWN.  Return 0 with *inp, or an errno with a sentence
 * in why.
 */
int store_begin(struct store *store, const char *name, uint64_t expected,
    struct incoming **inp, char *why, size_t size);

/* Append.  Return 0, or an errno with a sentence; in still needs its end. */
int store_write(struct incoming *in, const void *data, size_t len, char *why,
    size_t size);

/* Say the size, now that it is known.  Only for one that was not. */
void store_expect(struct incoming *in, uint64_t expected);

uint64_t store_size(const struct incoming *in);
uint32_t store_crc32(const struct incoming *in);
uint64_t store_expected(const struct incoming *in);

/*
 * All is written: check the size, bring it to the disk, give it its name.
 * Frees in, whatever the result: 0, or an errno with a sentence.
 */
int store_end(struct incoming *in, char *why, size_t size);

/* Give up: nothing of it is left.  Frees in; NULL is ignored. */
void store_drop(struct incoming *in);

#endif
