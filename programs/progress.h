/*
 * How far the sender has come, as one line on standard error that is written
 * over again and again; nothing when that is no terminal.
 */
#ifndef PROGRAMS_PROGRESS_H
#define PROGRAMS_PROGRESS_H

#include <stdint.h>

/* size may be UINT64_MAX: not known.  Cheap to call often. */
void progress_show(const char *name, uint64_t done, uint64_t size);

/* Take the line away, before something else is printed. */
void progress_clear(void);

#endif
