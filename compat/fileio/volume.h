/* What NT knows of the file system that a file is on. */
#ifndef FILEIO_VOLUME_H
#define FILEIO_VOLUME_H

#include <stdint.h>

struct at_name;

struct volume {
	uint64_t unit;		/* bytes of an allocation unit */
	uint64_t total, free, available;	/* units */
	uint32_t number;
	uint32_t name_max;
	int read_only, is_ntfs;
};

int volume_of_name(const struct at_name *, struct volume *);

/* Of a file or directory. */
int volume_of_handle(uintptr_t handle, struct volume *);

#endif
