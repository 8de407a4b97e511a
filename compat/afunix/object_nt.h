#ifndef AFUNIX_OBJECT_NT_H
#define AFUNIX_OBJECT_NT_H

#include <wchar.h>

#include "afunix/node.h"

#define UNIX_OBJECT_NAME 64

/*
 * What NT calls an object of that kind ("lane") that belongs to id, in this
 * session (LIM-UNIX-20).
 */
void unix_object_name(const unsigned char id[UNIX_SECRET], const wchar_t *kind,
    wchar_t name[UNIX_OBJECT_NAME]);

#endif
