/* What the child is given of its descriptors. */
#ifndef PROCESS_PACK_NT_H
#define PROCESS_PACK_NT_H

#include "process/handles_nt.h"
#include "process/launch.h"

struct pack {
	struct handles handles;
	HANDLE std[3];			/* 0: closed */
	unsigned char *crt;		/* for lpReserved2 */
	DWORD crt_size;
};

/* What another process needs of f; the handles are this one's, and stay f's. */
int pack_fill(struct file *, struct hand_record *);

int pack_make(const struct launch *, struct pack *);
void pack_free(struct pack *);

#endif
