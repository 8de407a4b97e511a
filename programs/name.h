/*
 * Which names a file may be sent under.
 *
 * The name must mean the same one file in the server's directory on every
 * system that the server runs on.  So what NT gives a meaning of its own is
 * refused on Linux too: what is stored on one can be carried to the other.
 */
#ifndef PROGRAMS_NAME_H
#define PROGRAMS_NAME_H

#include <stddef.h>

/* The longest name, in bytes; no file system of either holds more. */
#define NAME_LONGEST	255

/* What the server's temporary names begin with: nobody else's may. */
#define NAME_RESERVED	".reactor-"

/*
 * Return NULL when the len bytes at name are a good name, else what is wrong
 * with it, to follow "the name ": static text, such as "is empty".
 */
const char *name_fault(const char *name, size_t len);

#endif
