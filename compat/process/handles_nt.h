/* The handles that one child inherits, and no other. */
#ifndef PROCESS_HANDLES_NT_H
#define PROCESS_HANDLES_NT_H

#include <stdint.h>

#include "nt/nt.h"

struct handles {
	HANDLE *list;
	int used, room;
};

/*
 * An inheritable duplicate of h, which has the same number in the child:
 * 0, EMFILE, ENOMEM...  access 0: the same as h's.
 */
int handles_add(struct handles *, HANDLE h, DWORD access, HANDLE *copy);

/* Close what handles_add() made. */
void handles_free(struct handles *);

#endif
